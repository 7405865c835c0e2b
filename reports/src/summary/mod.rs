//! What the terminal shows: the verdict's reasons first, the command that repeats the run last.

mod answers;
mod causes;
mod components;
mod exemplars;
mod help;
mod look;
mod policies;
mod run;
mod sweep;
mod table;

pub use self::help::metrics_help;
pub use self::look::Look;
pub use self::run::run;
pub use self::sweep::sweep;
