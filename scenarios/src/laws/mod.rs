//! Laws of durations: each has a line in the list of kinds.

mod law;
mod settings;

pub(crate) use self::law::Law;
#[cfg(test)]
pub(crate) use self::law::LawKind;
