use std::sync::Arc;

use cascadia_models::component::{Build, Component, Place, Row};
use cascadia_models::plan::ComponentPlan;

use super::ComponentEl;

/// The plan of a group. Where something is wrong with it, nothing will be built.
pub(crate) fn plan(element: &ComponentEl<'_>) -> ComponentPlan {
    let build = element.build.clone().unwrap_or_else(|| Arc::new(Nothing));
    let group = ComponentPlan::new(element.name.to_owned(), element.places, build);
    ComponentPlan { disk: element.disk.clone(), ..group }
}

/// Stands for a builder in a plan that is never run.
#[derive(Debug)]
struct Nothing;

impl Build for Nothing {
    fn rows(&self) -> &'static [Row] {
        &[]
    }

    fn build(&self, _: &Arc<Place>) -> Arc<dyn Component> {
        unreachable!("a plan with errors is not run")
    }
}
