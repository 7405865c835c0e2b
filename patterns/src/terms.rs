//! What policies tell by name: which layer, why, what happened, what it steers by.
//!
//! Each policy names its own terms in its own folder, so a new one edits no list. A term is a small
//! value that is copied; what others want to know of it, it says itself.

use std::cmp::Ordering;
use std::{fmt, ptr};

/// A name with a meaning; what kind of name it is, and what its kind says besides, is `P`.
pub struct Term<P: 'static>(&'static Meaning<P>);

/// What a term says.
#[derive(Clone, Copy, Debug)]
pub struct Meaning<P> {
    /// Its name in results: lower case, with underscores between words.
    pub name: &'static str,
    /// What it means, in a sentence.
    pub help: &'static str,
    /// What else there is to know of it.
    pub property: P,
}

impl<P> Term<P> {
    /// A term with a meaning.
    pub const fn new(meaning: &'static Meaning<P>) -> Self {
        Self(meaning)
    }

    /// Its name in results.
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// What it means.
    pub const fn help(self) -> &'static str {
        self.0.help
    }

    pub(crate) const fn property(self) -> &'static P {
        &self.0.property
    }
}

impl<P> Clone for Term<P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for Term<P> {}

/// A constant may stand in several places of a program, so only equal addresses prove something.
impl<P> PartialEq for Term<P> {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self.0, other.0) || self.0.name == other.0.name
    }
}

impl<P> Eq for Term<P> {}

impl<P> PartialOrd for Term<P> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<P> Ord for Term<P> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.name.cmp(other.0.name)
    }
}

impl<P> fmt::Debug for Term<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name)
    }
}

/// In words.
impl<P> fmt::Display for Term<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = self.0.name.split('_');
        f.write_str(words.next().unwrap_or_default())?;
        words.try_for_each(|word| write!(f, " {word}"))
    }
}

/// Gives a kind of term constants. What is said of each is both its documentation and its help.
macro_rules! terms {
    ($Kind:ident: $($(#[doc = $help:literal])+ $NAME:ident = $name:literal, $property:expr;)+) => {
        impl $Kind {
            $(
                $(#[doc = $help])+
                pub const $NAME: Self = Self::new(&$crate::terms::Meaning {
                    name: $name,
                    help: concat!($($help),+).trim_ascii_start(),
                    property: $property,
                });
            )+
        }
    };
}

pub(crate) use terms;

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Term<u8> = Term::new(&Meaning { name: "probes_taken", help: "", property: 1 });

    #[test]
    fn terms_are_equal_by_name_wherever_they_stand() {
        let name = String::from("probes_taken").leak();
        let other = Box::leak(Box::new(Meaning { name, help: "", property: 2 }));
        assert_eq!(ONE, Term::new(other));
        let later = Box::leak(Box::new(Meaning { name: "probes", help: "", property: 1 }));
        assert!(Term::new(later) < ONE);
    }

    #[test]
    fn a_term_is_shown_by_its_name_and_in_words() {
        assert_eq!(
            (format!("{ONE:?}"), format!("{ONE}")),
            ("probes_taken".into(), "probes taken".into())
        );
    }
}
