//! The kinds of steps: a file each, and a line in the list below.
//!
//! A file has the shape of a kind, as it is read and as the schema shows it, what it is in a plan,
//! whom it calls and what it contains. Nothing else knows of a kind. A shape that is transparent has
//! no doc, with which the schema would show it as a type of its own.

mod call;
mod compute;
mod element;
mod fail;
mod parallel;
mod place;

use cascadia_models::plan;
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use self::call::CallEl;
pub(crate) use self::element::{StepEl, calls, read};
pub(crate) use self::place::script;

use self::place::Place;
use crate::diagnostics::Report;
use crate::text::Node;

/// A kind of step.
trait Kind {
    /// What it is in a plan, with the steps of its branches. What is wrong with its settings is
    /// reported.
    fn plan(&self, place: &mut Place<'_, '_>, branches: Vec<Vec<plan::Step>>)
    -> Option<plan::Step>;

    /// Whom the step at `node` calls.
    fn call<'a>(&self, _node: &'a Node) -> Option<CallEl<'a>> {
        None
    }

    /// The branches of the step at `node`.
    fn branches<'a>(&self, _node: &'a Node, _report: &mut Report) -> Vec<&'a [Node]> {
        Vec::new()
    }
}

macro_rules! kinds {
    ($(
        $(#[$doc:meta])+
        $key:ident: $kind:ty $({ $(#[$about:meta])+ $setting:ident: $value:ty })?,
    )+) => {
        /// A step of the work of an endpoint: exactly one of the kinds.
        #[derive(Clone, Debug, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct Step {
            $(
                $(#[$doc])+
                $key: Option<$kind>,
                $(
                    $(#[$about])+
                    #[expect(dead_code, reason = "read from the tree, where its place is known")]
                    $setting: Option<$value>,
                )?
            )+
        }

        /// The names of the kinds.
        const KINDS: &[&str] = &[$(stringify!($key)),+];

        /// Settings that stand beside a kind, with the kind.
        const SETTINGS: &[(&str, &str)] =
            &[$($((stringify!($setting), stringify!($key)))?)+];

        impl Step {
            fn kind(&self) -> Option<&dyn Kind> {
                $(if let Some(kind) = &self.$key { return Some(kind); })+
                None
            }
        }
    };
}

kinds! {
    /// Keeps the worker busy.
    compute: compute::Compute,
    /// Calls "service.endpoint", "service endpoint", or "service" if it has only one.
    call: call::Call {
        /// The policy that the call passes.
        policy: String
    },
    /// Branches done at once; each is a step or a list of steps.
    parallel: parallel::Parallel,
    /// The share of requests that end here with an error, such as "20%"; "100%" is all of them.
    /// Errors have no kinds and no statuses yet.
    fail: fail::Fail,
}

/// Kinds that are only planned.
const LATER: [&str; 4] = ["publish", "read", "write", "cache"];
