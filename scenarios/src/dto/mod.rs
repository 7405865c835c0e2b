//! The shapes of a file, as they are read and as the schema shows them.

#![expect(dead_code, reason = "some fields are read from the tree, where their place is known")]

mod discipline;
mod elements;
mod law;
mod link;
mod load;
mod policy;
mod service;
mod top;
mod words;

pub(crate) use self::discipline::*;
pub(crate) use self::elements::{Items, Members};
pub(crate) use self::law::Law;
pub(crate) use self::link::Link;
pub(crate) use self::load::{Load, OpenLoad};
pub(crate) use self::policy::*;
pub(crate) use self::service::*;
pub(crate) use self::top::{Expect, Run, Scenario, Variant};
