//! The environment of real policies: services, queues, links, workloads and faults.
//!
//! # The problem
//!
//! What a policy does to one call is easily seen; what it does to a system is not. A retry that helps
//! a client may end its server, and only because of the queue before that server, the timeout of the
//! client and the load of everybody else. So the policies here are the real ones, and all around them
//! is modelled: exact in time, drawn from a seed, and measured without a gap.
//!
//! A [`Plan`](plan::Plan) says what there is and what happens; [`simulate`](run::simulate) runs it
//! on the virtual clock of `cascadia-sim-core` and returns what it measured. Real protocol code runs
//! over [`tcp`], on hosts of its own or at the places of a plan.
//!
//! # One request
//!
//! ```text
//!  load ──▶ stack ──▶ hop ──▶ network ──▶ arrival ──▶ inbound stack ──▶ queue ──▶ workers ──▶ script
//!   ▲                  ▲                                                                        │
//!  meter ◀── stack ◀───┴────────────── network ◀──────────────────────────────────── answer ◀───┘
//! ```
//!
//! | | in | what happens |
//! |---|---|---|
//! | 1 | `models/src/load/open.rs`, `models/src/load/closed.rs` | its time has come |
//! | 2 | `models/src/load/mod.rs`, `models/src/load/keys.rs` | the sender gives it a key, from which all its draws are made, and one that says what it is about |
//! | 3 | `models/src/stack/mod.rs` | it passes the layers of its policy, which `models/src/layers/mod.rs` lists |
//! | 4 | `models/src/hop/mod.rs` | it becomes a message, and the caller holds one end of an exchange |
//! | 5 | `models/src/network/fabric.rs` | the link and the faults in force say when it arrives, if ever |
//! | 6 | `models/src/service/arrival.rs` | the replica refuses it, or lets it in |
//! | 7 | `models/src/stack/inbound.rs` | it passes the layers of the service |
//! | 8 | `models/src/service/queue.rs` | it waits for a worker |
//! | 9 | `models/src/service/workers.rs` | a worker takes it up |
//! | 10 | `models/src/script/step/run.rs` | the steps of its endpoint are done; a call begins again at 3 |
//! | 11 | `models/src/exchange/reply.rs` | the answer has come back over the wire, and wakes the caller |
//! | 12 | `models/src/measure/load.rs` | how it ended is counted, at the time at which it was to be sent |
//!
//! The modules make one chain:
//!
//! ```text
//! run → collect, faults → membership → model → clocks, service, group, ground → load, elected → stack → hop
//!     → world → trace, measure → plan → component, layers, script → broker → exchange, tcp → network,
//!     disk, store
//!     → blame, capture, draws, ids, laws
//! ```
//!
//! Each imports only from what stands behind it. What became of loads after faults is worked out of what was
//! measured (`models/src/recovery/mod.rs`). An exchange is a request, its answer and the peer that
//! brought it: a hop over the network, or the inbound stack of a replica. A [`component`] is whatever
//! lives at a place; the replicas of services are components. `models/src/world/resident.rs` begins and
//! ends its lives, whoever it is. Clients of loads have places, too, and machines where somebody asks
//! for them. A world is what all of them share, and the model puts one together.
//!
//! A store is a service that keeps rows: its endpoints are made of what it is asked for
//! (`models/src/plan/service.rs`), what they do is a step of their scripts (`models/src/script/row.rs`,
//! `models/src/script/transaction.rs`), and the rows themselves are in `models/src/store/keeper.rs`,
//! where who keeps what is told apart. Where replicas elect who leads, rows are what a log makes of them,
//! which each replica keeps on its disk: `models/src/elected/mod.rs` begins with the way of a write.
//!
//! A broker is a group of components that run what runs in production, and so do its clients at the
//! replicas of services (`models/src/service/desk.rs`). `models/src/broker/mod.rs` follows a message, and
//! `models/src/broker/witness/mod.rs` says how it is known that one was lost. What was on the wire around it
//! shows a second run of the same plan: `models/src/capture/mod.rs`. Another one shows what a request went
//! through: `models/src/trace/mod.rs`.
//!
//! # How to add a component
//!
//! A component needs no file of this crate: it is a [`Component`](component::Component), and a
//! [`Build`](component::Build) makes one for each place. `models/src/component/mod.rs` begins with one
//! that is whole. A plan carries it in [`ComponentPlan`](plan::ComponentPlan), and a registry of
//! `cascadia-scenarios` lets files name it. What it does to others, it sends by the
//! [`Life`](component::Life) it is booted with, and what it counts appears in every result.
//!
//! What outlives a component is on the disk of its place ([`Life::disk`](component::Life::disk)), if its
//! `Build` says that it keeps something: `models/src/disk/mod.rs` says what that takes and what a death
//! leaves of it. The wall clock of the place is that of its machine ([`Life::host`](component::Life::host)),
//! which is the whole world of code that knows no simulator; a store runs there as it does in production
//! (`models/tests/world/durable.rs`).
//!
//! # How to add a step
//!
//! A step is a line in each file behind `models/src/script/step/mod.rs`:
//!
//! 1. a variant of [`Step`](plan::Step), which is what a plan says;
//! 2. a line in `Step::visit`, by which analyses learn what is in it ([`Visit`](plan::Visit)): work, a
//!    call, branches, ways, turns, or requests that end. What is none of these is a new method, which
//!    `scenarios/src/analysis/graph.rs` answers twice: for how many calls are made, and for how much work
//!    there is;
//! 3. a variant of `Op`, with the number of the step if it draws, and a line in `compile`;
//! 4. a line in `run`, which does it. What waits belongs into `models/src/script/task.rs`.
//!
//! A draw is made by `draw(exchange, step)`, so that no step shifts what another one draws. The step is
//! written in a file by another one in `scenarios/src/steps/mod.rs`, which says how. Its test is a file in
//! `models/tests/world`, such as `models/tests/world/chances.rs`: a plan in a few words of
//! `models/tests/world/plans.rs`, against a closed form or another plan that comes to the same.
//!
//! # How to add a fault
//!
//! The world knows verbs and no kinds: what can happen to a replica ([`Hit`](plan::Hit)) and to a message
//! ([`Fate`](plan::Fate)), how many members a group has ([`Effect::Members`](plan::Effect::Members),
//! which `models/src/membership.rs` brings about), and how wrong a wall clock is
//! ([`Effect::Clocks`](plan::Effect::Clocks), in `models/src/clocks.rs`). Whatever is made of the first two
//! is a closure, and needs no file of this crate:
//!
//! ```
//! use cascadia_models::plan::{Effect, Fate, Side, Target};
//!
//! /// Work takes longer.
//! fn limping(target: Target, factor: f64) -> Effect {
//!     Effect::on(target, move |hit| hit.slow(factor))
//! }
//!
//! /// Nothing goes from one side to the other.
//! fn cut(from: Side, to: Side) -> Effect {
//!     Effect::between(move |message| match message.passes_between(&from, &to) {
//!         true => Fate::Lost,
//!         false => Fate::Untouched,
//!     })
//! }
//! # let _ = (limping, cut);
//! ```
//!
//! `scenarios/src/faults/mod.rs` gives it its words. A new verb is a method of `Hit` in
//! `models/src/plan/fault/hit.rs` and what it does in `models/src/faults.rs`; what it does to a disk is a
//! [`Trouble`](plan::Trouble), in `models/src/disk/drive.rs`; what it does to the work of a
//! component is a [`Strike`](component::Strike), which replicas answer in `models/src/service/component.rs`;
//! what waits there and who works is in `models/src/service/replica.rs`, and what refusing costs in
//! `models/src/service/refusals.rs`. Its test is one as `models/tests/world/members.rs`. A new fate is a variant in
//! `models/src/network/passage.rs` and what becomes of it in `models/src/network/fabric.rs`.
//!
//! # How to add a layer
//!
//! `models/src/layers/<policy>.rs`, with `impl LayerKind` for the settings of the policy, and its `mod` in
//! `models/src/layers/mod.rs`. `models/src/layers/throttle.rs` shows it: what results call it, and how it
//! is built around a route. What only some layers do, such as to share answers or to remember
//! much, a method says that the others need not have (`models/src/layers/kind.rs`). What is remembered is on the bill
//! of a run (`scenarios/src/analysis/bill/mod.rs`).
//!
//! # How to add a metric
//!
//! A count of a load is a variant of [`Count`](measure::Count) and a row of `ROWS`, both in
//! `models/src/measure/counters/loads.rs`, with its name, whose it is and what it means; and an increment
//! where it happens, such as that of `Count::Attempts` in `models/src/hop/mod.rs`. Checks, tables, figures and
//! the help of the command line go through the rows. Services and layers count in
//! `models/src/measure/counters/services.rs` and `models/src/measure/counters/layers.rs`, and what can be
//! asked of them are rows in `models/src/measure/metrics/services.rs` and
//! `models/src/measure/metrics/layers.rs`. What is worked out of the latencies of a load, such as a
//! quantile, is a row in `models/src/measure/metrics/loads.rs`.

mod blame;
pub mod broker;
pub mod capture;
mod clocks;
mod collect;
pub mod component;
mod disk;
mod draws;
mod effects;
mod elected;
mod exchange;
mod faults;
mod ground;
mod group;
mod hop;
mod ids;
mod journal;
mod lane;
pub mod laws;
mod layers;
mod ledgers;
mod load;
pub mod measure;
mod membership;
mod model;
mod names;
mod network;
pub mod own;
pub mod plan;
mod published;
pub mod recovery;
pub mod run;
pub mod saga;
mod script;
mod service;
mod spoils;
mod stack;
pub mod stats;
mod store;
pub mod tcp;
pub mod trace;
mod tries;
mod words;
mod world;
