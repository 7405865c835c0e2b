use cascadia_models::plan;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Kind;
use super::place::Place;
use crate::dto::Law;
use crate::resolve::law;

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(super) struct Compute(Law);

impl Kind for Compute {
    fn plan(&self, place: &mut Place<'_, '_>, _: Vec<Vec<plan::Step>>) -> Option<plan::Step> {
        let span = place.node.span_of("compute");
        Some(plan::Step::Compute(law(&self.0, span, place.report)))
    }
}
