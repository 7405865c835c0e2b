//! Results in, pictures out.
//!
//! # The problem
//!
//! A run gives some thousand figures. A reader has a question: does it hold, and if not, when did it begin
//! and why does it not end? So the verdict and its reasons come first, each picture says how it is to be
//! read, and a result that was saved can be shown again years later without the code that made it.
//!
//! This crate owns the result of a run as it is saved ([`result`]) and everything that is made of
//! it: the terminal [`summary`], the [`charts`], the [`page`], and the exports ([`csv`], [`json`],
//! [`junit`]). It is a pure function of a saved result: it never simulates, reads no clock and
//! touches no file; texts come back as strings, and whoever runs it decides where they go.
//!
//! # From a result to a page
//!
//! ```text
//!                ┌──▶ story ───┬──▶ summary
//!  RunResult ────┤             ├──▶ charts ──▶ page
//!                └──▶ windows ─┘
//!                └──▶ csv, json, junit
//! ```
//!
//! All of these end in a function of [`sinks`], which leaves no name of a file that does something where it is shown.
//!
//! | | in | what happens |
//! |---|---|---|
//! | 1 | `reports/src/result/run.rs` | the result: outcomes, latencies, checks, and a value for each window |
//! | 2 | `reports/src/windows.rs` | its windows are placed in time |
//! | 3 | `reports/src/story/mod.rs` | what happened: goodput that sinks, storms, and when it was well again |
//! | 4 | `reports/src/charts/kinds/mod.rs` | each kind of chart draws what it finds, or says why there is nothing |
//! | 5 | `reports/src/charts/frame.rs` | charts over time get their axis, their faults and their panels |
//! | 6 | `reports/src/charts/canvas.rs` | the picture becomes SVG, with a dark mode |
//! | 7 | `reports/src/page/run.rs` | verdict, charts and tables become one page that fetches nothing |
//!
//! # How to add a chart
//!
//! `reports/src/charts/kinds/<kind>.rs`, and in `reports/src/charts/kinds/mod.rs` its `mod` and a line in
//! `ALL`, where it is to stand in the report:
//!
//! ```text
//! pub(super) const KIND: Kind = Kind { name: "goodput", title: "Goodput", draw: Draw::Run(draw) };
//!
//! fn draw(result: &RunResult) -> Drawn<'_> {
//!     let windows = Windows::of(&result.series);
//!     if result.series.loads.is_empty() {
//!         return Err("The run has no load.".to_owned());
//!     }
//!     let caption = format!("Requests that ended in ok; {}.", note(result));
//!     let rows = result.series.loads.iter().map(|(name, load)| row(windows, name, load)).collect();
//!     Ok(over_time(result, caption, Vec::new(), rows))
//! }
//! ```
//!
//! `Draw` (`reports/src/charts/kind.rs`) says what there is one chart of: a run, a load, a level, a group of
//! components, a captured message, a request that was followed, or a sweep. A `Row` (`reports/src/charts/frame.rs`) is a panel with its scale and a closure that
//! paints it, mostly by `reports/src/charts/lines.rs`. `reports/src/charts/kinds/level.rs` is a short one that
//! is whole. Files are named by `name`, and the page shows whatever is in the list. Colours come from
//! [`palette`], where each outcome has its own, and quantities from [`format`](mod@format).
//!
//! # How to add a figure
//!
//! Counts and metrics come by name and need nothing here. What is new in kind is a field in
//! `reports/src/result/mod.rs`'s types, which the root crate fills; the schema of results is made from them.

pub mod charts;
mod color;
mod coverage;
mod critical;
pub mod csv;
#[cfg(test)]
mod fixture;
pub mod format;
pub mod json;
pub mod junit;
mod occurring;
pub mod page;
pub mod palette;
mod policies;
pub mod result;
pub mod sinks;
pub mod stats;
pub mod story;
pub mod summary;
mod windows;
