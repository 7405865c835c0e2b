//! The scenario language: a file in, a plan or precise diagnostics out.
//!
//! # The problem
//!
//! An experiment is worth what its file says. A setting that is misspelt and passed over, or a name that
//! means another than was thought, gives a result that looks like any other. So everything that is wrong
//! is reported, at once and at its place, with a likely fix; and the decoder, the schema and the reference
//! page come from one description of what may be written.
//!
//! # From a text to a plan
//!
//! ```text
//!  text ──▶ tree ──▶ changes ──▶ elements ──▶ names ──▶ plan ──▶ analysis ──▶ Scenario
//!            │          │           │           │                    │
//!            └──────────┴───────────┴───────────┴────────────────────┴──▶ Problems
//! ```
//!
//! | | in | what happens |
//! |---|---|---|
//! | 1 | `scenarios/src/text/parse.rs` | the text becomes a tree that knows where each value stands |
//! | 2 | `scenarios/src/overlay/mod.rs` | a variant and changes from outside are made to the tree |
//! | 3 | `scenarios/src/decode/spelling.rs`, `scenarios/src/decode/mod.rs` | a misspelt key is told, and read as it was meant; each element is decoded on its own: a layer, a step, a fault, a load |
//! | 4 | `scenarios/src/layers/mod.rs`, `scenarios/src/steps/mod.rs`, `scenarios/src/loads/mod.rs`, `scenarios/src/faults/mod.rs` | each kind says what it is in a plan, with names resolved and quantities in base units |
//! | 5 | `scenarios/src/checks/mod.rs` | a line of text becomes what must hold |
//! | 6 | `scenarios/src/analysis/mod.rs` | cycles, what a run costs and what is probably not meant are told without a run |
//!
//! A mistake is told once. An element that is written wrongly is there all the same, so what refers to it is told
//! nothing; and where something is unknown, what would follow from it is not guessed.
//!
//! Nothing here touches a file system: texts come in with a name, and diagnostics point into them.
//!
//! ```
//! use cascadia_scenarios::{Options, Source, load};
//!
//! let text = r#"{
//!   "version": 1, "name": "shop", "run": { "duration": "10s", "seed": 7 },
//!   "services": { "db": { "workers": 2, "endpoints": { "read": [ { "compute": "5ms" } ] } } },
//!   "load": { "users": { "target": "db.read", "open": { "poisson": "100/s" } } },
//!   "checks": { "users": [ "ok > 99%" ] } }"#;
//! let read = |text: &str| {
//!     load(Source { name: "shop.json".to_owned(), text: text.to_owned() }, &Options::default())
//! };
//! assert_eq!(read(text).unwrap().name, "shop");
//! let problems = read(&text.replace("workers", "wrokers")).unwrap_err();
//! assert!(problems.diagnostics[0].message.contains("wrokers"));
//! ```
//!
//! # How to add a step
//!
//! `scenarios/src/steps/<kind>.rs`, its `mod` and a line in the `choice!` of `scenarios/src/steps/mod.rs`.
//! This is all of `scenarios/src/steps/compute.rs` but its imports:
//!
//! ```text
//! object! {
//!     /// Keeps the worker busy.
//!     pub(super) struct Compute {
//!         /// For how long.
//!         compute: Law,
//!     }
//! }
//!
//! impl StepKind for Compute {
//!     fn plan(&self, _: &mut Place<'_, '_>, _: Vec<Vec<plan::Step>>) -> Option<plan::Step> {
//!         Some(plan::Step::Compute(self.compute.clone()))
//!     }
//! }
//! ```
//!
//! The object is the whole step, so one of its fields has the key of the kind. What is wrong with a value is
//! pushed to `place.report`, as `scenarios/src/steps/fail.rs` does. A step that calls says so by `call`. One
//! that contains others is like `scenarios/src/steps/chance.rs`: a field of `Apart<Vec<Step>>` describes
//! them, `branches` finds their nodes, and `plan` is given them in that order. What it does when it runs is
//! in `models/src/script/step/mod.rs`; the tour of that crate has the four lines.
//!
//! # How to add a fault
//!
//! `scenarios/src/faults/<kind>.rs`, its `mod` and a line in the `choice!` of
//! `scenarios/src/faults/mod.rs`. This is all of `scenarios/src/faults/refuse.rs` but its imports:
//!
//! ```text
//! object! {
//!     /// Processes die and come back empty: connections are reset and refused.
//!     pub(super) struct Refuse {
//!         /// A selector of replicas.
//!         target: Text,
//!         /// How many of the selected: "all", "one" or a share.
//!         pick: Pick = Pick::All,
//!     }
//! }
//!
//! impl FaultKind for Refuse {
//!     fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
//!         Effect::on(place.target(self.pick), |hit| hit.die())
//!     }
//!
//!     fn words(&self) -> String {
//!         format!("connections refused by {}", self.pick.of(&self.target))
//!     }
//! }
//! ```
//!
//! The object is what stands under the key. `scenarios/src/faults/place.rs` reads its selectors: `target` and
//! `workers` for replicas, `keepers` for those with disks, `parties` for loads, too, `group` for a whole service, `side` for either end of a message, as
//! `scenarios/src/faults/loss.rs` does. What a setting is to be checked against is in `place.select.plan`. A
//! kind that was not supported leaves the list `NOT_YET` of `scenarios/src/decode/vocabulary.rs`. What a run with it
//! costs goes by methods with a default: which share of calls fails, or gets no answer, and how much longer work takes.
//!
//! # How to add a layer
//!
//! `scenarios/src/layers/<kind>.rs`, its `mod` and a line in the `choice!` of
//! `scenarios/src/layers/mod.rs`. `scenarios/src/layers/throttle.rs` shows it: `settings!` has a line for each
//! field of the configuration, whose defaults are its own, and `impl Layer` says what it is in a plan and
//! whether it can be built. Where it makes no sense it says by `check_place` and `not_on_arrival`; the
//! code of what it alone is refused for stands in its file, as in `scenarios/src/layers/singleflight.rs`,
//! and `codes` of `scenarios/src/layers/mod.rs` gathers it.
//!
//! # How to add arrivals
//!
//! `scenarios/src/loads/<kind>.rs`, its `mod` and a line in a `choice!` of `scenarios/src/loads/mod.rs`.
//! `scenarios/src/loads/closed.rs` shows it.
//!
//! # The values of fields
//!
//! | written | as a field | becomes |
//! |---|---|---|
//! | `"5ms"` | `Duration` | a [`Duration`](std::time::Duration) |
//! | `"20%"`, from 0 to 100 % | `Part` | a number from 0 to 1 |
//! | `"150%"` | `Share` | a number from 0 on |
//! | `"100/s"` | `Rate` | a number a second |
//! | `3`, `0.5`, `true` | `u32`, `f64`, `bool` | itself |
//! | `"db"` | `Text` | a `String` |
//! | a law of time | `Law` | a [`Law`](cascadia_models::laws::Law) |
//! | words | an enum with `words!` | that enum |
//! | one of several shapes | an enum with `either!` | that enum |
//!
//! `Option<…>` may be missing, and `=> "…"` says what is then; `= …` is a default. A number that is out of
//! range is an S030, at `node.span_of` its key; `scenarios/src/codes/mod.rs` lists the codes, and `scenarios/src/codes/examples.rs` what
//! each is told of.
//!
//! # What follows by itself, and what does not
//!
//! The schema and the reference page are made of the same forms: `CASCADIA_UPDATE=1 cargo test
//! -p cascadia-scenarios` writes them anew, and every other file of what is expected, so look at what has
//! changed.
//!
//! Three things are to be done by hand, and a test fails where they are not. The table of `README.md` has the
//! word. Generated scenarios have to draw it: a fault is a line of `FAULTS` in
//! `tests/generated/generator/faults.rs`, a step is drawn in `tests/generated/generator/services.rs` and
//! read in `tests/generated/world/mod.rs`, from where the compiler leads to the rules that look into steps; a
//! layer is drawn from its form. And what may be written wrongly is a file in `scenarios/tests/malformed`,
//! whose `.expected` is written by the same command.

mod analysis;
mod brokers;
mod checks;
mod codes;
mod components;
mod decode;
mod diagnostics;
mod disciplines;
mod elements;
mod faults;
mod inspect;
mod labels;
mod laws;
mod layers;
mod like;
mod load;
mod loads;
mod names;
mod nearest;
mod overlay;
mod read;
mod reference;
mod resolve;
mod sagas;
mod scenario;
mod schema;
pub mod shipped;
mod span;
mod status;
mod steps;
mod text;
mod units;

pub use self::analysis::{Bill, Cost, Item};
pub use self::checks::{Check, CheckOutcome, CheckStatus};
pub use self::codes::{Example, SHOP, codes, example, explain};
pub use self::components::{Registry, Wrong};
pub use self::diagnostics::{Diagnostic, Label, Problems, Severity, Source};
pub use self::elements::MOST_SEEDS;
pub use self::faults::FaultText;
pub use self::inspect::inspect;
pub use self::like::brokers;
pub use self::load::load;
pub use self::reference::reference;
pub use self::scenario::{Options, Scenario, Variant};
pub use self::schema::schema;
pub use self::text::MOST_BYTES;
