//! Sources of load. Each kind of arrivals has a file, and a line in a list below.

mod closed;
mod constant;
mod poisson;
mod resolve;

use std::convert::identity;
use std::fmt::Debug;

use cascadia_models::plan;

pub(crate) use self::resolve::load;

use self::closed::Closed;
use self::constant::Constant;
use self::poisson::Poisson;
use crate::decode::{Text, choice, object};
use crate::diagnostics::{Diagnostic, Report};
use crate::text::Node;
use crate::units::{Duration, Rate};

/// What a kind of arrivals is.
pub(crate) trait ArrivalKind: Debug {
    /// What it is in a plan; `node` is the load `name`. What makes no sense is reported.
    fn plan(&self, name: &str, node: &Node, report: &mut Report) -> plan::Arrivals;
}

choice! {
    /// How requests come.
    pub(crate) enum Arrivals: Box<dyn ArrivalKind> {
        open(OpenLoad) => identity,
        closed(Closed) => boxed,
    }
}

choice! {
    /// Requests come at a rate, whatever becomes of them.
    pub(crate) enum OpenLoad: Box<dyn ArrivalKind> {
        /// A Poisson process.
        poisson(Rate) => |rate| boxed(Poisson { rate }),
        /// Evenly spaced.
        constant(Rate) => |rate| boxed(Constant { rate }),
    }
}

fn boxed<A: ArrivalKind + 'static>(arrivals: A) -> Box<dyn ArrivalKind> {
    Box::new(arrivals)
}

object! {
    /// A source of requests: exactly one of `open` and `closed`.
    pub(crate) struct Load {
        /// What is asked: "service.endpoint", "service endpoint", or "service" if it has only one.
        _target as "target": Text,
        /// The policy that the requests pass.
        policy: Option<Text> => "none",
        /// How important its requests are, from 0, the most, to 255.
        priority: u8 = 0,
        /// Clients with policies of their own, among whom its requests are shared out. The clients
        /// of a closed load take them in turn, and share one set unless this says otherwise.
        population: Option<u32> => "1",
        /// When it begins.
        from: Option<Duration> => "at the start",
        /// When it stops sending.
        until: Option<Duration> => "at the end",
    }
    one of Arrivals::KINDS as arrivals: Box<dyn ArrivalKind>, "a load"
}

/// Refuses a rate of zero.
fn check_rate(rate: f64, name: &str, load: &Node, report: &mut Report) {
    if rate > 0.0 {
        return;
    }
    let open = load.get("open").unwrap_or(load);
    let place = open.members().iter().find(|member| !member.is_description());
    let span = place.map_or(open.span, |member| member.node.span);
    let message = format!("load `{name}` has a rate of zero");
    let diagnostic = Diagnostic::error("S030", message).at(span, "zero");
    report.push(diagnostic.help("write a rate above 0, such as \"100/s\""));
}
