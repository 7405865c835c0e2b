//! The simplest forms: numbers, strings, lists and maps.

use std::collections::BTreeMap;

use super::{Decode, Shape, list_items, object_members, wrong};
use crate::diagnostics::Report;
use crate::text::{Node, Value};

macro_rules! whole {
    ($($number:ty),+) => {$(
        impl Decode for $number {
            type Value = Self;

            fn decode(node: &Node, report: &mut Report) -> Option<Self> {
                let Value::Number(number) = &node.value else {
                    wrong::wrong_shape(node, Self::shape(), report);
                    return None;
                };
                let found = number.as_u64().and_then(|number| Self::try_from(number).ok());
                if found.is_none() {
                    let ends = format!("a whole number from 0 to {}", Self::MAX);
                    wrong::out_of_range(node, &number.to_string(), &ends, report);
                }
                found
            }

            fn shape() -> Shape {
                Shape::Whole { least: 0, most: u64::from(Self::MAX) }
            }

            fn show(value: &Self) -> Option<String> {
                Some(value.to_string())
            }
        }
    )+};
}

whole!(u8, u16, u32, u64);

impl Decode for f64 {
    type Value = Self;

    fn decode(node: &Node, report: &mut Report) -> Option<Self> {
        let number = match &node.value {
            Value::Number(number) => number.as_f64(),
            _ => None,
        };
        if number.is_none() {
            wrong::wrong_shape(node, Self::shape(), report);
        }
        number
    }

    fn shape() -> Shape {
        Shape::Number
    }

    fn show(value: &Self) -> Option<String> {
        Some(value.to_string())
    }
}

impl Decode for bool {
    type Value = Self;

    fn decode(node: &Node, report: &mut Report) -> Option<Self> {
        let Value::Bool(value) = node.value else {
            wrong::wrong_shape(node, Self::shape(), report);
            return None;
        };
        Some(value)
    }

    fn shape() -> Shape {
        Shape::Flag
    }

    fn show(value: &Self) -> Option<String> {
        Some(value.to_string())
    }
}

/// Any string.
#[derive(Debug)]
pub(crate) enum Text {}

impl Decode for Text {
    type Value = String;

    fn decode(node: &Node, report: &mut Report) -> Option<String> {
        let text = node.text();
        if text.is_none() {
            wrong::wrong_shape(node, Self::shape(), report);
        }
        text.map(str::to_owned)
    }

    fn shape() -> Shape {
        Shape::Text
    }
}

impl<F: Decode> Decode for Vec<F> {
    type Value = Vec<F::Value>;

    fn decode(node: &Node, report: &mut Report) -> Option<Self::Value> {
        let items = list_items(Some(node), report)?;
        // All of them are looked at before the first wrong one ends it.
        let items: Vec<_> = items.iter().map(|item| F::decode(item, report)).collect();
        items.into_iter().collect()
    }

    fn shape() -> Shape {
        Shape::List(F::shape)
    }
}

impl<F: Decode> Decode for BTreeMap<String, F> {
    type Value = BTreeMap<String, F::Value>;

    fn decode(node: &Node, report: &mut Report) -> Option<Self::Value> {
        let members = object_members(Some(node), report)?;
        let mut values = BTreeMap::new();
        let mut sound = true;
        for member in members {
            match F::decode(&member.node, report) {
                Some(value) => drop(values.insert(member.key.clone(), value)),
                None => sound = false,
            }
        }
        sound.then_some(values)
    }

    fn shape() -> Shape {
        Shape::Map(F::shape)
    }
}
