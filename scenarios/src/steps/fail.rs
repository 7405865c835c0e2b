use cascadia_models::plan;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Kind;
use super::place::Place;
use crate::resolve::at_most_all;
use crate::units::Share;

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(transparent)]
pub(super) struct Fail(Share);

impl Kind for Fail {
    fn plan(&self, place: &mut Place<'_, '_>, _: Vec<Vec<plan::Step>>) -> Option<plan::Step> {
        let span = place.node.span_of("fail");
        let share = at_most_all(self.0.0, span, place.report);
        Some(plan::Step::Fail { share, status: None })
    }
}
