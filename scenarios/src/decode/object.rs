use super::{Decode, Kind, Shape, not_one, wrong};
use crate::diagnostics::Report;
use crate::text::{Node, Value};

/// Most unknown keys of an object that are told, each with what was probably meant.
const MOST_UNKNOWN: usize = 10;

/// An object while its keys are read.
pub(crate) struct Object<'a> {
    node: &'a Node,
    unknown: bool,
    sound: bool,
}

impl<'a> Object<'a> {
    /// Reports what is no object, and the keys that nobody knows.
    pub(crate) fn open(
        node: &'a Node,
        shape: Shape,
        known: &[&'static str],
        report: &mut Report,
    ) -> Option<Self> {
        if !matches!(node.value, Value::Object(_)) {
            wrong::wrong_shape(node, shape, report);
            return None;
        }
        let members = node.members().iter().filter(|member| !member.is_description());
        let unknown = members.filter(|member| !known.contains(&&*member.key));
        let mut object = Self { node, unknown: false, sound: true };
        for member in unknown.take(MOST_UNKNOWN) {
            wrong::unknown_key(node, &member.key, known, report);
            object.unknown = true;
            object.sound = false;
        }
        Some(object)
    }

    /// The value of a key that must be given.
    pub(crate) fn required<F: Decode>(
        &mut self,
        key: &'static str,
        report: &mut Report,
    ) -> Option<F::Value> {
        // The value of null is of the wrong shape, not missing.
        let value = match self.node.member(key) {
            Some(member) => F::decode(&member.node, report),
            None => {
                wrong::missing(self.node, key, report);
                None
            }
        };
        self.sound &= value.is_some();
        value
    }

    /// The value of a key, if it is given.
    pub(crate) fn given<F: Decode>(&mut self, key: &str, report: &mut Report) -> Option<F::Value> {
        let value = F::decode(self.node.get(key)?, report);
        self.sound &= value.is_some();
        value
    }

    /// Changes a value by that of a key, if it is given.
    pub(crate) fn update<F: Decode>(
        &mut self,
        key: &str,
        value: &mut F::Value,
        report: &mut Report,
    ) {
        let Some(node) = self.node.get(key) else { return };
        self.sound &= F::update(value, node, report).is_some();
    }

    /// The value of the only one of some kinds that `what` has.
    pub(crate) fn one_of<T>(
        &mut self,
        kinds: &[Kind<T>],
        what: &str,
        report: &mut Report,
    ) -> Option<T> {
        let mut given = kinds.iter().filter_map(|kind| Some((kind, self.node.get(kind.key)?)));
        let value = match (given.next(), given.next()) {
            (Some((kind, node)), None) => {
                let under = kind.under.as_ref();
                under.and_then(|under| (under.decode)(node, report))
            }
            // A kind that nobody knows is reported as an unknown key.
            (None, _) if self.unknown => None,
            _ => {
                let names: Vec<&str> = kinds.iter().map(|kind| kind.key).collect();
                not_one(self.node, &names, what, report);
                None
            }
        };
        self.sound &= value.is_some();
        value
    }

    /// The value, if nothing of it was wrong.
    pub(crate) fn close<T>(self, value: impl FnOnce() -> Option<T>) -> Option<T> {
        if self.sound { value() } else { None }
    }
}

/// A struct of this crate and the object that it is read from. A key may be written otherwise than
/// its field, `as "for"`; a field that begins with `_` is read from the tree, where its place is
/// known. Without a default a key must be given; `= value` is its default, which is shown, and
/// `=> "words"` says what its type's own default means. `one of Kinds::KINDS` takes exactly one key
/// more.
macro_rules! object {
    (
        $(#[doc = $about:literal])+
        $vis:vis struct $name:ident {$(
            $(#[doc = $help:literal])+
            $field:ident $(as $key:literal)? : $form:ty $(= $default:expr)? $(=> $words:expr)?
        ),* $(,)?}
        $(one of $kinds:path as $kind:ident : $type:ty, $what:literal)?
    ) => {
        $(#[doc = $about])+
        #[derive(Debug)]
        $vis struct $name {
            $($(#[doc = $help])+ $vis $field: <$form as $crate::decode::Decode>::Value,)*
            $(
                /// The only one of its kinds.
                $vis $kind: $type,
            )?
        }

        impl $crate::decode::Decode for $name {
            type Value = Self;

            fn decode(
                node: &$crate::text::Node,
                report: &mut $crate::diagnostics::Report,
            ) -> Option<Self> {
                use $crate::decode::object;
                let known = [$(object!(@key $field $($key)?)),*].into_iter();
                let known: Vec<_> =
                    known$(.chain($kinds.iter().map(|kind| kind.key)))?.collect();
                let mut object =
                    $crate::decode::Object::open(node, Self::shape(), &known, report)?;
                $(
                    let $field = object!(
                        @read object, report, object!(@key $field $($key)?), $form
                        $(= $default)? $(=> $words)?
                    );
                )*
                $(let $kind = object.one_of($kinds, $what, report);)?
                object.close(|| Some(Self { $($field: $field?,)* $($kind: $kind?,)? }))
            }

            fn shape() -> $crate::decode::Shape {
                use $crate::decode::object;
                $crate::decode::Shape::Object($crate::decode::Def {
                    name: stringify!($name),
                    about: concat!($($about),+),
                    parts: || {
                        let fields = [$($crate::decode::Field {
                            key: object!(@key $field $($key)?),
                            about: concat!($($help),+),
                            shape: <$form as $crate::decode::Decode>::shape(),
                            absent: object!(@absent $form $(= $default)? $(=> $words)?),
                        }),*];
                        let fields = fields.into_iter();
                        fields$(.chain($kinds.iter().map($crate::decode::Kind::field)))?.collect()
                    },
                })
            }
        }
    };
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
    (@read $object:ident, $report:ident, $key:expr, $form:ty) => {
        $object.required::<$form>($key, $report)
    };
    (@read $object:ident, $report:ident, $key:expr, $form:ty = $default:expr) => {
        Some($object.given::<$form>($key, $report).unwrap_or_else(|| $default))
    };
    (@read $object:ident, $report:ident, $key:expr, $form:ty => $words:expr) => {
        Some($object.given::<$form>($key, $report).unwrap_or_default())
    };
    (@absent $form:ty) => { $crate::decode::Absent::Wrong };
    (@absent $form:ty = $default:expr) => {
        $crate::decode::Absent::of(<$form as $crate::decode::Decode>::show(&$default))
    };
    (@absent $form:ty $(= $default:expr)? => $words:expr) => {
        $crate::decode::Absent::Means($words.to_string())
    };
}

pub(crate) use object;
