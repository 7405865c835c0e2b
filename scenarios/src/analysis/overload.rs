use std::collections::BTreeSet;

use cascadia_models::laws::Law;
use cascadia_models::plan::{Arrivals, EndpointId, LoadPlan, Plan, ServiceId, StackId, Workers};
use cascadia_runtime::Time;

use super::Graph;
use super::graph::Call;
use crate::diagnostics::{Diagnostic, Report};
use crate::read::File;
use crate::units::{duration_text, rate_text, short};

/// What is asked of a service when most is asked of it.
#[derive(Clone, Copy, Default)]
pub(super) struct Demand {
    /// Requests a second.
    rate: f64,
    /// Seconds of work in each second.
    busy: f64,
}

impl Demand {
    /// As a share of what the workers of a service can do; of those without a limit nothing.
    pub(super) fn load(self, plan: &Plan, service: ServiceId) -> f64 {
        match plan.services[service.0 as usize].workers {
            Workers::Limited(workers) => {
                self.busy / (f64::from(workers) * f64::from(plan.most_replicas(service)))
            }
            Workers::Unlimited => 0.0,
        }
    }
}

/// Warns of services of which more is asked than their workers can do, when nothing is wrong.
pub(super) fn overload(plan: &Plan, graph: &Graph, file: &File<'_>, report: &mut Report) {
    let most = most_demanded(plan, graph);
    for (index, (id, most)) in plan.groups().zip(most).enumerate() {
        let Workers::Limited(workers) = plan.services[index].workers else { continue };
        let capacity = f64::from(workers) * f64::from(plan.most_replicas(id));
        let load = most.load(plan, id);
        if load >= 1.0 {
            let element = &file.services[index];
            let message = format!(
                "service `{}` gets {} times the work that its workers can do",
                element.name,
                short(load)
            );
            let text = format!(
                "{} requests of {} on average for {} workers",
                rate_text(most.rate),
                duration_text(most.busy / most.rate * 1e9),
                short(capacity)
            );
            let help = "add workers or replicas, or lower the rate";
            report.push(Diagnostic::warning("S081", message).at(element.key, text).help(help));
        }
    }
}

/// For each service the greatest demand on it. Demand only rises where a load begins.
pub(super) fn most_demanded(plan: &Plan, graph: &Graph) -> Vec<Demand> {
    let means = graph.work(plan, Law::mean, |rest| rest, |_, _, _| 0.0);
    let moments: BTreeSet<Time> = plan.loads.iter().map(|load| load.from).collect();
    let mut most = vec![Demand::default(); plan.services.len()];
    for at in moments {
        let rates = rates(plan, graph, at);
        for (index, most) in most.iter_mut().enumerate() {
            let demand = demand(plan, graph, index, &rates, &means);
            if demand.busy > most.busy {
                *most = demand;
            }
        }
    }
    most
}

fn demand(plan: &Plan, graph: &Graph, index: usize, rates: &[f64], means: &[f64]) -> Demand {
    let endpoints = 0..plan.services[index].endpoints.len() as u32;
    let vertices = endpoints.map(|id| graph.vertex(ServiceId(index as u32), EndpointId(id)));
    let asked = vertices.filter(|vertex| rates[*vertex] > 0.0);
    asked.fold(Demand::default(), |sum, vertex| Demand {
        rate: sum.rate + rates[vertex],
        busy: sum.busy + rates[vertex] * means[vertex] / 1e9,
    })
}

/// Whether some of the calls of an endpoint through a stack may never be sent.
fn shared(
    plan: &Plan,
    (service, endpoint): (ServiceId, EndpointId),
    stack: Option<StackId>,
) -> bool {
    let safe = plan.endpoint(service, endpoint).safe;
    safe && plan.layers(stack).iter().any(|layer| layer.shares())
}

/// Requests a second at each vertex at a time; closed loops, which adapt, are left out, and so are
/// calls that may share an answer.
fn rates(plan: &Plan, graph: &Graph, at: Time) -> Vec<f64> {
    let mut rates = vec![0.0; graph.vertices.len()];
    let sends = |load: &&LoadPlan| {
        (load.from..load.until).contains(&at)
            && !shared(plan, (load.service, load.endpoint), load.policy)
    };
    for load in plan.loads.iter().filter(sends) {
        if let Arrivals::Poisson(rate) | Arrivals::Constant(rate) = load.arrivals {
            rates[graph.vertex(load.service, load.endpoint)] += rate;
        }
    }
    for vertex in graph.order.iter().rev() {
        let sent =
            |call: &&Call| !call.beside && !shared(plan, graph.vertices[call.to], call.policy);
        for call in graph.calls[*vertex].iter().filter(sent) {
            rates[call.to] += rates[*vertex] * call.share;
        }
    }
    rates
}
