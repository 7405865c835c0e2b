//! Labels, by which selectors know replicas and places.

use std::convert::identity;

use crate::decode::{Text, either};

either! {
    /// One label value, or one for each replica.
    pub(crate) enum LabelValues: Vec<String> {
        Text => |value| vec![value],
        Vec<Text> => identity,
    }
}
