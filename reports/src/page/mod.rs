//! The report: one self-contained HTML page.
//!
//! It fetches nothing, runs from a file, reads well without scripts and on paper, and holds no
//! time of its own making, so equal results give equal bytes.

mod answers;
mod components;
mod layout;
mod policies;
mod recoveries;
mod run;
mod sweep;
mod tables;
#[cfg(test)]
mod tests;

pub use self::run::run;
pub use self::sweep::sweep;
