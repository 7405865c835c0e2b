//! Steps that read and write rows of stores.

use cascadia_models::plan::{self, Act, Asked, RowOf};

use super::StepKind;
use super::call::CallEl;
use super::place::Place;
use crate::decode::{Text, object};
use crate::text::Node;

object! {
    /// Reads a row of a store.
    pub(super) struct Read {
        /// The store.
        _store as "read": Text,
        /// The row; the same for all requests.
        row: Option<Text> => "that of the user's request",
        /// The policy that the call passes.
        policy: Option<Text> => "none",
    }
}

object! {
    /// Writes a row of a store, whatever it was.
    pub(super) struct Write {
        /// The store.
        _store as "write": Text,
        /// The row; the same for all requests.
        row: Option<Text> => "that of the user's request",
        /// The policy that the call passes.
        policy: Option<Text> => "none",
    }
}

object! {
    /// Writes a row of a store if it still has the version that this request has read or written last; a
    /// row that it has not read must not be there. Else it fails, as HTTP's 409 does.
    pub(super) struct CompareAndSet {
        /// The store.
        _store as "compare_and_set": Text,
        /// The row; the same for all requests.
        row: Option<Text> => "that of the user's request",
        /// The policy that the call passes.
        policy: Option<Text> => "none",
    }
}

pub(super) fn access(
    act: Act,
    (row, policy): (Option<&str>, Option<&str>),
    place: &mut Place<'_, '_>,
) -> Option<plan::Step> {
    let store = place.node.get(act.name())?;
    let target = place.names.store(store, act, place.report);
    let policy = place.node.get("policy").zip(policy);
    let policy = policy.and_then(|(node, name)| place.names.stack(node, name, place.report));
    let (store, endpoint) = target?;
    let row = row.map_or(RowOf::Request, RowOf::named);
    let asked = Asked { act, row, inside: None, once: None };
    Some(plan::Step::Access { store, endpoint, policy, asked })
}

pub(super) fn call(act: Act, node: &Node) -> Option<CallEl<'_>> {
    let target = node.get(act.name())?;
    Some(CallEl { target, act: Some(act), policy: node.get("policy") })
}

macro_rules! kinds {
    ($($kind:ident => $act:expr,)+) => {$(
        impl StepKind for $kind {
            fn plan(
                &self,
                place: &mut Place<'_, '_>,
                _: Vec<Vec<plan::Step>>,
            ) -> Option<plan::Step> {
                access($act, (self.row.as_deref(), self.policy.as_deref()), place)
            }

            fn call<'a>(&self, node: &'a Node) -> Option<CallEl<'a>> {
                call($act, node)
            }
        }
    )+};
}

kinds! {
    Read => Act::Read,
    Write => Act::Write,
    CompareAndSet => Act::Compare,
}
