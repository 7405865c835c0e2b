use super::{Decode, Shape, wrong};
use crate::diagnostics::Report;
use crate::nearest::nearest;
use crate::text::Node;

/// One of several shapes that `node` is meant to be; if none, a report. A word that is known
/// decides, and else the first shape that fits.
pub(crate) fn first_that_fits(
    node: &Node,
    whole: Shape,
    shapes: &[Shape],
    report: &mut Report,
) -> Option<usize> {
    let word = |shape: &Shape| node.text().is_some_and(|text| shape.has_word(text));
    let found = shapes.iter().position(word);
    let found = found.or_else(|| shapes.iter().position(|shape| may_be(node, shape)));
    if found.is_none() {
        wrong::wrong_shape(node, whole, report);
    }
    found
}

/// Whether a value may be meant for a shape. A string that is far from all words of a choice was
/// meant for something else.
fn may_be(node: &Node, shape: &Shape) -> bool {
    let near = |text: &str| match shape {
        Shape::Choice(def) => {
            let cases = (def.parts)();
            let words = cases.iter().filter(|case| case.word);
            nearest(text, words.map(|case| case.key)).is_some()
        }
        _ => true,
    };
    shape.fits(node) && node.text().is_none_or(near)
}

/// A value of several shapes, such as a short one and an object.
macro_rules! either {
    (
        $(#[doc = $about:literal])+
        $vis:vis enum $name:ident: $type:ty {$($form:ty => $make:expr),* $(,)?}
        $(shown $show:expr)?
    ) => {
        $(#[doc = $about])+
        #[derive(Debug)]
        $vis enum $name {}

        impl $crate::decode::Decode for $name {
            type Value = $type;

            fn decode(
                node: &$crate::text::Node,
                report: &mut $crate::diagnostics::Report,
            ) -> Option<$type> {
                let shapes = [$(<$form as $crate::decode::Decode>::shape()),*];
                let decoders: &[$crate::decode::Decoder<$type>] = &[$(
                    |node, report| {
                        <$form as $crate::decode::Decode>::decode(node, report).map($make)
                    }
                ),*];
                let found = $crate::decode::first_that_fits(node, Self::shape(), &shapes, report)?;
                decoders[found](node, report)
            }

            fn shape() -> $crate::decode::Shape {
                $crate::decode::Shape::Any($crate::decode::Def {
                    name: stringify!($name),
                    about: concat!($($about),+),
                    parts: || vec![$(<$form as $crate::decode::Decode>::shape()),*],
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
}

pub(crate) use either;

/// A form that may be left out.
impl<F: Decode> Decode for Option<F> {
    type Value = Option<F::Value>;

    fn decode(node: &Node, report: &mut Report) -> Option<Self::Value> {
        F::decode(node, report).map(Some)
    }

    fn shape() -> Shape {
        F::shape()
    }

    fn show(value: &Self::Value) -> Option<String> {
        F::show(value.as_ref()?)
    }
}
