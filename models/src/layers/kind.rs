use std::any::Any;
use std::fmt;
use std::ops::Deref;
use std::panic::RefUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::balance::BalanceKind;
use cascadia_patterns::call::Kinds;
use cascadia_patterns::fallback::FallbackConfig;

use super::site::{Balancer, Site};
use crate::exchange::Route;
use crate::ids::{EndpointId, ServiceId, StackId};

/// A layer of a stack, of any kind.
#[derive(Clone)]
pub struct LayerPlan {
    settings: Arc<dyn LayerKind>,
    /// Which failures it goes by.
    pub(crate) kinds: Kinds,
}

impl LayerPlan {
    /// A layer with these settings.
    pub fn new(settings: impl LayerKind) -> Self {
        Self { settings: Arc::new(settings), kinds: Kinds::default() }
    }

    /// The same, going by other kinds of failures than the table of kinds says.
    #[must_use]
    pub fn by(self, kinds: Kinds) -> Self {
        Self { kinds, ..self }
    }

    /// Its settings, if they are of this type.
    pub fn settings<T: LayerKind>(&self) -> Option<&T> {
        let settings: &dyn Any = &*self.settings;
        settings.downcast_ref()
    }
}

impl Deref for LayerPlan {
    type Target = dyn LayerKind;

    fn deref(&self) -> &Self::Target {
        &*self.settings
    }
}

impl fmt::Debug for LayerPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.settings.fmt(f)
    }
}

/// Settings of a layer: what a plan wants to know of it, and how it is built.
#[expect(private_interfaces, reason = "stacks are built here alone")]
pub trait LayerKind: Any + fmt::Debug + Send + Sync + RefUnwindSafe {
    /// What it is called.
    fn kind(&self) -> &'static str;

    /// What its author calls it.
    fn written_as(&self) -> &'static str {
        self.kind()
    }

    /// Whether it is a part of the layer before it, and has no position of its own in the policy.
    fn is_inner(&self) -> bool {
        false
    }

    /// Where it makes sense.
    fn place(&self) -> Place {
        Place::Anywhere
    }

    /// What it makes of one call, if that may be more than one.
    fn repeats(&self) -> Option<Repeats> {
        None
    }

    /// What it turns to when a call fails, in order.
    fn fallbacks(&self) -> &[FallbackStep] {
        &[]
    }

    /// The store that it asks by itself, and where.
    fn asks(&self) -> Option<(ServiceId, EndpointId)> {
        None
    }

    /// Whether calls that do no harm twice may share an answer, so that fewer are sent than made.
    fn shares(&self) -> bool {
        false
    }

    /// How long a call through it lasts at most.
    fn patience(&self) -> Option<Duration> {
        None
    }

    /// Bytes that one of it remembers after so many calls, besides what there is of every layer.
    fn remembers(&self, _calls: f64) -> f64 {
        0.0
    }

    /// Whether it looks at a request again when a worker takes it up.
    fn looks_again(&self) -> bool {
        false
    }

    /// Puts it around `inner`.
    fn build(&self, site: Site<'_>, inner: Route) -> Route;

    /// Puts it around a balancer, directly.
    fn build_around(&self, site: Site<'_>, balancer: Arc<Balancer>) -> Route {
        self.build(site, balancer)
    }
}

/// Where a layer makes sense.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Anywhere in a stack.
    Anywhere,
    /// On arrival at a service, before its queue.
    Arrival,
    /// It is the balancer. Layers outside it exist once for the target service, layers inside it
    /// once for each of its replicas.
    Balancer(BalanceKind),
}

/// How a layer makes several calls of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Repeats {
    /// All of them at most, with the first.
    pub most: u32,
    /// It does so even where the first may have had an effect that must not come twice.
    pub repeats_unsafe: bool,
    /// The others are copies, which are under way at once.
    pub copies: Option<Copies>,
}

/// Calls that are under way at once, each at another replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Copies {
    /// The one that is worked on first cancels the others.
    pub tied: bool,
}

/// A step of a chain of fallbacks.
#[derive(Clone, Copy, Debug)]
pub enum FallbackStep {
    /// An answer that is always at hand.
    Default,
    /// Another call. Its stack has neither retries nor fallbacks.
    Call {
        /// The service called.
        service: ServiceId,
        /// What it is asked.
        endpoint: EndpointId,
        /// The stack that the call passes.
        policy: Option<StackId>,
        /// What it may use up.
        config: FallbackConfig,
    },
}
