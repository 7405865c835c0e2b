//! The kinds of faults: a file each, and a line in the list below.
//!
//! A file has the shape of a kind, as it is read and as the schema shows it, what it does to a
//! running world, and how it is told in words. Nothing else knows of a kind.

mod crash;
mod errors;
mod latency;
mod loss;
mod partition;
mod pick;
mod place;
mod refuse;
mod resolve;
mod slow;

use cascadia_models::plan::Effect;
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) use self::resolve::{resolve, texts};

use self::place::Place;
use crate::decode::{decode, exactly_one, not_yet};
use crate::diagnostics::Report;
use crate::text::Node;
use crate::units::Duration;

/// A kind of fault.
trait Kind {
    /// What it does. What is wrong with its settings is reported.
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect;

    /// What it does in a few words, such as "crash of db/0".
    fn words(&self) -> String;
}

macro_rules! kinds {
    ($($(#[$doc:meta])+ $key:ident: $kind:ty,)+) => {
        /// Something that goes wrong for a while: exactly one of the kinds.
        #[derive(Clone, Debug, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub(crate) struct Fault {
            /// Its name; the kind and the position in the list.
            #[expect(dead_code, reason = "read from the tree, where its place is known")]
            name: Option<String>,
            /// When it begins.
            at: Duration,
            /// How long it lasts; to the end of the run.
            #[serde(rename = "for")]
            lasts: Option<Duration>,
            $($(#[$doc])+ $key: Option<$kind>,)+
        }

        /// The names of the kinds.
        pub(crate) const KINDS: &[&str] = &[$(stringify!($key)),+];

        impl Fault {
            fn kind(&self) -> Option<&dyn Kind> {
                $(if let Some(kind) = &self.$key { return Some(kind); })+
                None
            }
        }
    };
}

kinds! {
    /// Work takes longer.
    slow: slow::Slow,
    /// Replicas stop without a word and come back empty.
    crash: crash::Crash,
    /// Processes die and come back empty: connections are reset and refused.
    refuse: refuse::Refuse,
    /// Requests are answered with an error.
    errors: errors::Errors,
    /// Messages take longer.
    latency: latency::Latency,
    /// Messages are lost.
    loss: loss::Loss,
    /// No message comes through.
    partition: partition::Partition,
}

/// Kinds that are only planned.
const LATER: [&str; 7] =
    ["pause", "drop", "duplicate", "reorder", "bandwidth", "corrupt", "clock_skew"];

/// Decodes a fault; nothing where its shape is wrong.
pub(crate) fn read(node: &Node, report: &mut Report) -> Option<Fault> {
    if not_yet(node, &LATER, report) {
        return None;
    }
    let fault = decode(node, report)?;
    exactly_one(node, KINDS, "a fault", report).then_some(fault)
}
