//! How many events a run has.

use cascadia_models::plan::{Effect, FaultPlan, Plan};

use super::cost::{Cost, number};
use super::traffic::Traffic;
use crate::analysis::Graph;
use crate::read::File;

/// What boots, begins and ends once.
const OF_RUN: f64 = 300.0;
/// A request is sent and ends.
const OF_REQUEST: f64 = 2.0;
/// A request arrives, is taken up and worked off.
const OF_ARRIVAL: f64 = 3.0;

/// How many a fault hits, which is an event for each, as it begins and as it ends.
fn hit(fault: &FaultPlan) -> f64 {
    match &fault.effect {
        Effect::Replicas(target, _) => target.candidates.len() as f64,
        _ => 1.0,
    }
}

impl Traffic {
    /// The events of a run, each at the load that it is there for in the end.
    pub(super) fn events(&self, plan: &Plan, graph: &Graph, file: &File<'_>) -> Cost {
        let mut cost = Cost::default();
        self.beats(plan, graph, file, &mut cost);
        let of_services = plan.groups().take(plan.services.len()).map(|id| {
            let (came, served) = (self.came(plan, graph, id), self.served(plan, graph, id));
            came + (OF_ARRIVAL - 1.0) * served
        });
        let of_services: f64 = of_services.sum();
        let sent: f64 = self.sent.iter().sum();
        cost.add(OF_RUN, file.root.span, || "the beginning and the end of everything".to_owned());
        for (fault, (node, _)) in plan.faults.iter().zip(&file.faults) {
            let hit = hit(fault);
            cost.add(2.0 * hit, node.span, || format!("a fault of {}", number(hit)));
        }
        for (sent_here, element) in self.sent.iter().zip(&file.loads) {
            let share = if sent > 0.0 { sent_here / sent } else { 0.0 };
            let events = OF_REQUEST * sent_here + of_services * share;
            let node = element.node;
            let key = if node.get("open").is_some() { "open" } else { "closed" };
            cost.add(events, node.span_of(key), || {
                let each = events / sent_here.max(1.0);
                format!("about {} requests of {} events each", number(*sent_here), number(each))
            });
        }
        cost
    }
}
