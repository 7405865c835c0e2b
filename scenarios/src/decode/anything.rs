//! Values that are read elsewhere.

use std::marker::PhantomData;

use super::{Decode, Shape, wrong};
use crate::diagnostics::Report;
use crate::text::{Node, Value};

/// Any value, which is read elsewhere.
#[derive(Debug)]
pub(crate) enum Anything {}

impl Decode for Anything {
    type Value = ();

    fn decode(_: &Node, _: &mut Report) -> Option<()> {
        Some(())
    }

    fn shape() -> Shape {
        Shape::Anything
    }
}

/// A part that is read on its own, so that what is wrong with it spoils nothing else.
#[derive(Debug)]
pub(crate) struct Apart<F>(PhantomData<F>);

impl<F: Decode> Decode for Apart<F> {
    type Value = ();

    fn decode(node: &Node, report: &mut Report) -> Option<()> {
        let given = !matches!(node.value, Value::Null);
        if !given {
            wrong::wrong_shape(node, Self::shape(), report);
        }
        given.then_some(())
    }

    fn shape() -> Shape {
        F::shape()
    }
}
