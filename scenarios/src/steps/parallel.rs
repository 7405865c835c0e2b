use std::borrow::Cow;

use cascadia_models::plan;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::place::Place;
use super::{Kind, Step};
use crate::decode::list_items;
use crate::diagnostics::Report;
use crate::dto::Items;
use crate::text::{Node, Value};

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(super) struct Parallel(Items<Branch>);

/// A step or a list of steps; told apart before either is decoded.
#[derive(Clone, Debug)]
struct Branch;

impl JsonSchema for Branch {
    fn schema_name() -> Cow<'static, str> {
        "Branch".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let step = generator.subschema_for::<Step>();
        let list = generator.subschema_for::<Vec<Step>>();
        json_schema!({ "anyOf": [step, list] })
    }
}

impl Kind for Parallel {
    fn plan(&self, _: &mut Place<'_, '_>, branches: Vec<Vec<plan::Step>>) -> Option<plan::Step> {
        Some(plan::Step::Parallel(branches))
    }

    fn branches<'a>(&self, node: &'a Node, report: &mut Report) -> Vec<&'a [Node]> {
        let branch = |item: &'a Node| match &item.value {
            Value::Array(steps) => steps.as_slice(),
            _ => std::slice::from_ref(item),
        };
        list_items(node.get("parallel"), report).iter().map(branch).collect()
    }
}
