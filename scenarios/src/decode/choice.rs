use super::{Absent, Case, Decoder, Field, Shape, wrong};
use crate::diagnostics::{Diagnostic, Report};
use crate::text::{Member, Node, Value};

/// One of the kinds of something.
pub(crate) struct Kind<T> {
    pub(crate) key: &'static str,
    /// What it is; where it is empty, what stands under the key says it.
    pub(crate) about: &'static str,
    /// What the word alone stands for.
    pub(crate) word: Option<Decoder<T>>,
    /// What stands under the key.
    pub(crate) under: Option<Under<T>>,
}

/// What stands under the key of a kind.
pub(crate) struct Under<T> {
    pub(crate) decode: Decoder<T>,
    pub(crate) shape: fn() -> Shape,
}

impl<T> Kind<T> {
    /// It as a part of a shape.
    pub(crate) fn case(&self) -> Case {
        let under = self.under.as_ref().map(|under| (under.shape)());
        let about = match (self.about, &under) {
            ("", Some(shape)) => shape.about(),
            (about, _) => about,
        };
        Case { key: self.key, about, word: self.word.is_some(), under }
    }

    /// It as a key of an object, which has exactly one of such keys.
    pub(crate) fn field(&self) -> Field {
        let Case { key, about, under, .. } = self.case();
        let shape = under.unwrap_or(Shape::Anything);
        Field { key, about, shape, absent: Absent::Another }
    }
}

/// The only one of some kinds that `node` is, as a word or as an object of a single key.
pub(crate) fn pick<T>(
    node: &Node,
    kinds: &[Kind<T>],
    shape: Shape,
    report: &mut Report,
) -> Option<T> {
    if !shape.fits(node) {
        wrong::wrong_shape(node, shape, report);
        return None;
    }
    if let Value::String(word) = &node.value {
        if let Some(word) = kinds.iter().find(|kind| kind.key == word).and_then(|kind| kind.word) {
            return word(node, report);
        }
        let (words, objects): (Vec<_>, Vec<_>) = kinds.iter().partition(|kind| kind.word.is_some());
        let [words, objects] = [words, objects].map(|of| of.into_iter().map(|kind| kind.key));
        wrong::unknown_choice(node, word, (&words.collect::<Vec<_>>(), objects), report);
        return None;
    }
    let Member { key, node: under, .. } = only_key(node, report)?;
    if let Some(kind) = kinds.iter().find(|kind| kind.key == key)
        && let Some(form) = &kind.under
    {
        return (form.decode)(under, report);
    }
    let (keys, words): (Vec<_>, Vec<_>) = kinds.iter().partition(|kind| kind.under.is_some());
    let keys: Vec<_> = keys.into_iter().map(|kind| kind.key).collect();
    wrong::unknown_key_choice(node, key, (&keys, words.into_iter().map(|kind| kind.key)), report);
    None
}

fn only_key<'a>(node: &'a Node, report: &mut Report) -> Option<&'a Member> {
    let mut members = node.members().iter().filter(|member| !member.is_description());
    if let (Some(only), None) = (members.next(), members.next()) {
        return Some(only);
    }
    let diagnostic = Diagnostic::error("S009", "exactly one choice belongs here")
        .at(node.span, "not exactly one key");
    let kind = ["type", "kind"].iter().find_map(|key| node.get(key)?.text());
    let help = match kind {
        Some(kind) => format!("write the kind as the key: {{ \"{kind}\": {{ … }} }}"),
        None => "give exactly one key, which says which choice it is".to_owned(),
    };
    report.push(diagnostic.help(help));
    None
}

/// One of several kinds: `word => value` is a word, `key(Form) => make` a key with what stands
/// under it, and `key[Form] => make` a key that may also be written as a word, of which all is at
/// its default. What a kind has no doc for, its form says.
macro_rules! choice {
    (
        $(#[doc = $about:literal])+
        $vis:vis enum $name:ident: $type:ty {$(
            $(#[doc = $help:literal])*
            $key:ident $(($under:ty))? $([$named:ty])? => $make:expr
        ),* $(,)?}
        $(shown $show:expr)?
    ) => {
        $(#[doc = $about])+
        #[derive(Debug)]
        $vis enum $name {}

        impl $name {
            /// All of its kinds.
            $vis const KINDS: &'static [$crate::decode::Kind<$type>] = &[$(
                $crate::decode::Kind {
                    key: stringify!($key),
                    about: concat!($($help),*),
                    word: $crate::decode::choice!(@word $(($under))? $([$named])? => $make),
                    under: $crate::decode::choice!(@under $($under)? $($named)? => $make),
                }
            ),*];
        }

        impl $crate::decode::Decode for $name {
            type Value = $type;

            fn decode(
                node: &$crate::text::Node,
                report: &mut $crate::diagnostics::Report,
            ) -> Option<$type> {
                $crate::decode::pick(node, Self::KINDS, Self::shape(), report)
            }

            fn shape() -> $crate::decode::Shape {
                $crate::decode::Shape::Choice($crate::decode::Def {
                    name: stringify!($name),
                    about: concat!($($about),+),
                    parts: || Self::KINDS.iter().map($crate::decode::Kind::case).collect(),
                })
            }

            $(
                fn show(value: &$type) -> Option<String> {
                    let show: fn(&$type) -> Option<String> = $show;
                    show(value)
                }
            )?
        }
    };
    (@word ($under:ty) => $make:expr) => { None };
    (@word [$named:ty] => $make:expr) => {
        Some(|node, report| {
            let all_default = $crate::text::Node::empty(node.span);
            <$named as $crate::decode::Decode>::decode(&all_default, report).map($make)
        })
    };
    (@word => $make:expr) => { Some(|_, _| Some($make)) };
    (@under => $make:expr) => { None };
    (@under $under:ty => $make:expr) => {
        Some($crate::decode::Under {
            decode: |node, report| {
                <$under as $crate::decode::Decode>::decode(node, report).map($make)
            },
            shape: <$under as $crate::decode::Decode>::shape,
        })
    };
}

pub(crate) use choice;
