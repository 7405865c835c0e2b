//! How much is written.

use cascadia_models::measure::Windows;
use cascadia_models::plan::{Plan, StackId};

use super::cost::{Cost, number};
use super::traffic::Traffic;
use crate::read::File;

/// The page and its charts as they always are.
const PAGE: f64 = 400_000.0;
/// A window of a load, a service, a replica, a layer, in all files together.
const OF_LOAD: f64 = 700.0;
const OF_SERVICE: f64 = 390.0;
const OF_REPLICA: f64 = 20.0;
const OF_LAYER: f64 = 150.0;
const OF_COMPONENT: f64 = 200.0;

/// The bytes of all files of a run.
pub(super) fn output(plan: &Plan, _traffic: &Traffic, file: &File<'_>) -> Cost {
    let mut cost = Cost::default();
    let windows = Windows::new(plan.warmup, plan.duration).count(plan.duration) as f64;
    let run = file.root.get("run").unwrap_or(file.root);
    cost.add(PAGE, run.span, || "the page".to_owned());
    for element in &file.loads {
        let length = element.name.len() as f64;
        cost.add(windows * (OF_LOAD + 2.0 * length), element.key, || series(windows));
    }
    for (id, element) in plan.groups().zip(&file.services) {
        let replicas = f64::from(plan.most_replicas(id)).min(64.0);
        let length = element.name.len() as f64;
        let each = OF_SERVICE + 2.0 * length + replicas * OF_REPLICA;
        cost.add(windows * each, element.key, || series(windows));
    }
    for element in &file.components {
        cost.add(windows * OF_COMPONENT, element.key, || series(windows));
    }
    let stacks = (0..).map(StackId).zip(&file.policies);
    for (stack, element) in stacks.take(plan.stacks.len()) {
        let layers = plan.layers(Some(stack)).len() as f64;
        cost.add(layers * windows * OF_LAYER, element.key, || series(windows));
    }
    cost
}

fn series(windows: f64) -> String {
    format!("{} windows of figures", number(windows))
}
