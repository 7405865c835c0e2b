//! The saved result: what `result.json` holds.
//!
//! Times are integer nanoseconds of simulated time. Percentiles are `null` where fewer than ten
//! samples lie beyond them. Maps are sorted by name. The JSON Schema is generated from these
//! types.

mod capture;
mod cause;
mod check;
mod component;
mod engine;
mod exemplar;
mod load;
mod outcome;
mod policy;
mod recovery;
mod run;
mod series;
mod service;
mod sweep;

pub use self::capture::{Mark, MessageCapture, Suspicion, Transit};
pub use self::cause::{CauseResult, StageKind, WhyKind};
pub use self::check::{CheckResult, CheckStatus, Invariant, Verdict};
pub use self::component::{ComponentResult, ComponentSeries};
pub use self::engine::Engine;
pub use self::exemplar::{Exemplar, ExemplarKind, Span, SpanKind};
pub use self::load::{Bin, Latency, LoadResult};
pub use self::outcome::{OutcomeKind, Outcomes};
pub use self::policy::{LevelResult, LevelSeries, PolicyResult, PolicySeries};
pub use self::recovery::{Collapse, RecoveryKind, RecoveryResult, Sustained};
pub use self::run::{FaultLane, RunResult, StateChange, StateLane};
pub use self::series::{LoadSeries, Series, ServiceSeries};
pub use self::service::{ReplicaResult, ServiceResult};
pub use self::sweep::{CheckTally, SeedRow, SweepResult, Tally};

/// The version of the format, written into every result.
pub const FORMAT: u32 = 1;
