//! Which kinds of failure a layer goes by.
//!
//! The table of [`Kind`] says what a 404 or a reset says of a server, and is right for most. But an
//! order that was refused with 409 may be all that somebody wants to try again, a breaker before a
//! search is not to open for a 503 that a limit of the caller's own tenant made, and whoever knows
//! better must not have to write a classifier for it. So what a layer goes by is data: a list of what
//! alone it goes by, and a list of what it passes over. It is put around the classifier of the layer,
//! whichever that is, and no policy knows of it.
//!
//! ```
//! use std::sync::Arc;
//!
//! use cascadia_patterns::call::{Class, Classify, DefaultClassifier, Failure, Kind, Kinds, Layer};
//!
//! let kinds = Kinds { except: [Kind::Timeout].into(), ..Kinds::default() };
//! let judge = kinds.around(Arc::new(DefaultClassifier));
//! let late: Result<(), Failure<&str>> = Err(Failure::TimedOut(Layer::TIMEOUT));
//! assert_eq!(judge.classify(&late), Class::Ignore);
//! ```

use std::sync::Arc;

use super::{Class, Classify, Kind, Outcome, Pushback};

/// Some kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindSet(u32);

const _: () = assert!(Kind::ALL.len() <= u32::BITS as usize, "a kind has a bit");

impl KindSet {
    /// Whether a kind is one of them.
    pub const fn contains(self, kind: Kind) -> bool {
        self.0 & (1 << kind.index()) != 0
    }

    /// A kind that is one of these and of others.
    pub fn common(self, other: Self) -> Option<Kind> {
        let both = Self(self.0 & other.0);
        Kind::ALL.into_iter().find(|kind| both.contains(*kind))
    }
}

impl FromIterator<Kind> for KindSet {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::default(), |set, kind| Self(set.0 | 1 << kind.index()))
    }
}

impl<const N: usize> From<[Kind; N]> for KindSet {
    fn from(kinds: [Kind; N]) -> Self {
        kinds.into_iter().collect()
    }
}

/// Which kinds of failure a layer goes by. By default those that the table says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kinds {
    /// These alone are failures, and worth another try, whatever the table says of them. What else
    /// would be one says nothing.
    pub only: Option<KindSet>,
    /// These say nothing.
    pub except: KindSet,
}

impl Kinds {
    /// What judges by `classify` in all other respects.
    pub fn around<T: 'static, E: 'static>(
        self,
        classify: Arc<dyn Classify<T, E>>,
    ) -> Arc<dyn Classify<T, E>> {
        if self == Self::default() { classify } else { Arc::new(Choosy { kinds: self, classify }) }
    }

    fn judge(self, kind: Kind, class: Class) -> Class {
        if self.except.contains(kind) {
            return Class::Ignore;
        }
        let Some(only) = self.only else { return class };
        match class {
            Class::Failure { overload, .. } if only.contains(kind) => {
                Class::Failure { retryable: true, overload }
            }
            _ if only.contains(kind) => Class::Failure { retryable: true, overload: false },
            Class::Success => Class::Success,
            _ => Class::Ignore,
        }
    }
}

struct Choosy<T, E> {
    kinds: Kinds,
    classify: Arc<dyn Classify<T, E>>,
}

impl<T, E> Classify<T, E> for Choosy<T, E> {
    fn classify(&self, outcome: &Outcome<T, E>) -> Class {
        let class = self.classify.classify(outcome);
        self.kind(outcome).map_or(class, |kind| self.kinds.judge(kind, class))
    }

    fn kind(&self, outcome: &Outcome<T, E>) -> Option<Kind> {
        self.classify.kind(outcome)
    }

    fn pushback(&self, outcome: &Outcome<T, E>) -> Pushback {
        self.classify.pushback(outcome)
    }

    fn is_untouched(&self, outcome: &Outcome<T, E>) -> bool {
        self.classify.is_untouched(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::{DefaultClassifier, Failure};

    const HELPS: Class = Class::Failure { retryable: true, overload: false };

    #[test]
    fn what_is_excepted_says_nothing_and_what_alone_counts_is_a_failure() {
        for kind in Kind::ALL {
            let except = Kinds { except: [kind].into(), ..Kinds::default() };
            let only = Kinds { only: Some([kind].into()), ..Kinds::default() };
            for class in [Class::Success, Class::Ignore, HELPS] {
                assert_eq!(except.judge(kind, class), Class::Ignore);
                assert_eq!(only.judge(kind, class), HELPS);
                for other in Kind::ALL.into_iter().filter(|other| *other != kind) {
                    assert_eq!(except.judge(other, class), class);
                    let expected =
                        if class == Class::Success { Class::Success } else { Class::Ignore };
                    assert_eq!(only.judge(other, class), expected);
                }
            }
        }
    }

    #[test]
    fn overload_stays_overload() {
        let busy = Class::Failure { retryable: false, overload: true };
        let kinds = Kinds { only: Some([Kind::TooManyRequests].into()), ..Kinds::default() };
        let expected = Class::Failure { retryable: true, overload: true };
        assert_eq!(kinds.judge(Kind::TooManyRequests, busy), expected);
    }

    /// Only the class is its business: what a server asks for, and whether anything has been done,
    /// is as it was.
    #[test]
    fn what_makes_another_try_safe_is_not_changed() {
        let kinds = Kinds { only: Some([Kind::Error].into()), ..Kinds::default() };
        let judge = kinds.around(Arc::new(DefaultClassifier));
        let error: Outcome<(), &str> = Err(Failure::Service("down"));
        assert_eq!(judge.kind(&error), Some(Kind::Error));
        assert!(!judge.is_untouched(&error));
        assert_eq!(judge.pushback(&error), Pushback::Silent);
        assert_eq!((judge.kind(&Ok(())), judge.classify(&Ok(()))), (None, Class::Success));
    }
}
