//! Sources of load. Each kind of arrivals has a file, and a line in a list below.

mod closed;
mod constant;
mod keys;
mod kind;
mod poisson;
mod rate;

use std::convert::identity;

use self::closed::Closed;
use self::constant::Constant;
use self::keys::Keys;
use self::kind::ArrivalKind;
use self::poisson::Poisson;
use crate::decode::{Text, choice, object};
use crate::units::{Duration, Rate};

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
        /// What its requests are about; layers and steps can go by it.
        keys: Option<Keys> => "each is about something of its own",
        /// When it begins.
        from: Option<Duration> => "at the start",
        /// When it stops sending.
        until: Option<Duration> => "at the end",
    }
    one of Arrivals::KINDS as arrivals: Box<dyn ArrivalKind>, "a load"
}
