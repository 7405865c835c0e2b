//! One file a command.

pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod explain;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod validate;
