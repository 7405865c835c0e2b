use std::marker::PhantomData;

use super::{Case, Decode, Def, Shape};
use crate::diagnostics::Report;
use crate::text::Node;

/// The words of a choice alone.
#[derive(Debug)]
pub(crate) struct Word<F>(PhantomData<F>);

impl<F: Decode> Word<F> {
    fn cases() -> Vec<Case> {
        let Shape::Choice(def) = F::shape() else { return Vec::new() };
        let words = (def.parts)().into_iter().filter(|case| case.word);
        words.map(|case| Case { under: None, ..case }).collect()
    }
}

impl<F: Decode> Decode for Word<F> {
    type Value = F::Value;

    fn decode(node: &Node, report: &mut Report) -> Option<F::Value> {
        F::decode(node, report)
    }

    /// It has no name, as the choice itself has it.
    fn shape() -> Shape {
        Shape::Choice(Def { name: "", about: "", parts: Self::cases })
    }
}

/// Words that stand for the variants of an enum.
macro_rules! words {
    (
        $(#[doc = $about:literal])+
        $name:literal for $type:ty {$(
            $(#[doc = $help:literal])+
            $word:ident => $value:path
        ),* $(,)?}
    ) => {
        impl $crate::decode::Decode for $type {
            type Value = Self;

            fn decode(
                node: &$crate::text::Node,
                report: &mut $crate::diagnostics::Report,
            ) -> Option<Self> {
                let kinds: &[$crate::decode::Kind<Self>] = &[$(
                    $crate::decode::Kind {
                        key: stringify!($word),
                        about: "",
                        word: Some(|_, _| Some($value)),
                        under: None,
                    }
                ),*];
                $crate::decode::pick(node, kinds, Self::shape(), report)
            }

            fn shape() -> $crate::decode::Shape {
                $crate::decode::Shape::Choice($crate::decode::Def {
                    name: $name,
                    about: concat!($($about),+),
                    parts: || vec![$($crate::decode::Case {
                        key: stringify!($word),
                        about: concat!($($help),+),
                        word: true,
                        under: None,
                    }),*],
                })
            }

            fn show(value: &Self) -> Option<String> {
                $(if matches!(value, $value) {
                    return Some(stringify!($word).to_owned());
                })*
                None
            }
        }
    };
}

pub(crate) use words;
