//! How many calls one request may become.

use cascadia_models::plan::{Plan, StackId};

use super::cost::{Cost, number};
use crate::analysis::Graph;
use crate::read::File;

/// The most calls that a request of a load may cause, itself included: tries of tries of tries.
pub(super) fn depth(plan: &Plan, graph: &Graph, file: &File<'_>) -> Cost {
    let mut made = vec![1.0; graph.vertices.len()];
    for vertex in &graph.order {
        let calls = graph.calls[*vertex].iter();
        let below = calls.map(|call| call.most * tries(plan, call.policy) * made[call.to]);
        made[*vertex] += below.sum::<f64>();
    }
    let mut cost = Cost::default();
    for (load, element) in plan.loads.iter().zip(&file.loads) {
        let own = made[graph.vertex(load.service, load.endpoint)];
        let tries = tries(plan, load.policy);
        let beside = graph.besides(plan, load.policy).map(|call| call.most * made[call.to]);
        let calls = tries * own + beside.sum::<f64>();
        cost.greatest(calls, element.key, || {
            let own = format!("at most {} calls", number(own));
            if tries > 1.0 { format!("{own} in each of {} tries", number(tries)) } else { own }
        });
    }
    cost
}

/// All that a stack may make of one call.
fn tries(plan: &Plan, stack: Option<StackId>) -> f64 {
    let layers = plan.layers(stack).iter().filter_map(|layer| layer.repeats());
    layers.map(|repeats| f64::from(repeats.most)).product()
}
