//! Calls, whom they reach and through what.

use cascadia_models::laws::Law;
use cascadia_models::plan::{
    Arrivals, Copies, LayerPlan, OnCancel, Place, Plan, Repeats, ServiceId,
};
use cascadia_patterns::retry::RetryConfig;

use super::super::Graph;
use super::super::graph::Call;
use super::super::overload::{Demand, most_demanded, overload};
use super::policies::JUDGES;
use crate::diagnostics::{Diagnostic, Report};
use crate::names::Names;
use crate::read::File;
use crate::resolve::known;
use crate::steps::{StepEl, calls};
use crate::text::Span;
use crate::units::{duration_text, short};

/// Warns of services that nobody calls or that too much is asked of, and of policies that do not fit what is
/// called through them.
pub(super) fn lint(
    plan: &Plan,
    graph: &Graph,
    file: &File<'_>,
    names: &Names<'_>,
    report: &mut Report,
) {
    let lints = Lints { plan, graph, file };
    lints.uncalled(report);
    overload(plan, graph, file, report);
    lints.multiply(report);
    lints.forgetful(report);
    // Half of the requests or more either go on or do not.
    let medians = graph.work(plan, Law::median, f64::round, |_, _, work| work);
    let mut sites = Vec::new();
    let most = most_demanded(plan, graph);
    for (load, element) in plan.loads.iter().zip(&file.loads) {
        let call = Call::new(graph.vertex(load.service, load.endpoint), load.policy);
        let span = element.node.span_of("policy");
        // Clients that wait for their answers do not ask for more meanwhile.
        if !matches!(load.arrivals, Arrivals::Closed { .. }) {
            lints.boundless_retry(call, span, &most, report);
        }
        sites.push((call, span));
    }
    let of_loads = sites.len();
    for endpoint in file.services.iter().flat_map(|service| &service.endpoints) {
        lints.sites(&endpoint.steps, names, &mut sites);
    }
    for (call, span) in &sites[of_loads..] {
        lints.boundless_retry(*call, *span, &most, report);
    }
    for (call, span) in sites {
        lints.futile_retry(call, span, report);
        lints.futile_hedge(call, span, report);
        lints.short_timeout(call, span, &medians, report);
        lints.idle_shedder(call, span, report);
    }
}

/// More tries of one request than this are hardly meant.
const MOST_TRIES: f64 = 10.0;

struct Lints<'a, 'f> {
    plan: &'a Plan,
    graph: &'a Graph,
    file: &'a File<'f>,
}

impl Lints<'_, '_> {
    fn uncalled(&self, report: &mut Report) {
        let mut reached = vec![false; self.graph.vertices.len()];
        for load in &self.plan.loads {
            reached[self.graph.vertex(load.service, load.endpoint)] = true;
            let fallbacks = self.graph.besides(self.plan, load.policy);
            fallbacks.for_each(|call| reached[call.to] = true);
        }
        for (id, service) in (0..).map(ServiceId).zip(&self.plan.services) {
            for consume in &service.consumes {
                reached[self.graph.vertex(id, consume.endpoint)] = true;
            }
            for endpoint in service.members.iter().flat_map(|member| member.endpoints()) {
                reached[self.graph.vertex(id, endpoint)] = true;
            }
        }
        for vertex in self.graph.order.iter().rev() {
            if reached[*vertex] {
                self.graph.calls[*vertex].iter().for_each(|call| reached[call.to] = true);
            }
        }
        let mut services = vec![false; self.plan.groups().count()];
        for (vertex, _) in reached.iter().enumerate().filter(|(_, reached)| **reached) {
            services[self.graph.vertices[vertex].0.0 as usize] = true;
        }
        for (element, _) in self.file.services.iter().zip(services).filter(|(_, hit)| !hit) {
            let message = format!("nobody calls service `{}`", element.name);
            report.push(Diagnostic::warning("S080", message).at(element.key, "never called"));
        }
    }

    /// Messages that are to be done once, and may come again when nobody knows them any more.
    fn forgetful(&self, report: &mut Report) {
        for (service, element) in self.plan.services.iter().zip(&self.file.services) {
            for plan in &service.consumes {
                let subscription = &plan.config.subscription;
                let forgets =
                    known(service, plan).iter().find_map(|it| it.covers(subscription).err());
                let endpoint = element.endpoints.get(plan.endpoint.0 as usize);
                let consume = endpoint.and_then(|endpoint| endpoint.consume.as_ref());
                let (Some(_), Some(consume)) = (forgets, consume) else { continue };
                let message = format!(
                    "messages may come to `{}` again when it does not know them any more",
                    element.name
                );
                let help =
                    "`once` is to be longer than `attempts` times `ack_wait`, and all pauses";
                let diagnostic = Diagnostic::warning("S088", message);
                report.push(diagnostic.at(consume.key, "may be done twice").help(help));
            }
        }
    }

    fn multiply(&self, report: &mut Report) {
        let mut tries = vec![1.0_f64; self.graph.vertices.len()];
        for vertex in &self.graph.order {
            for call in &self.graph.calls[*vertex] {
                tries[*vertex] = tries[*vertex].max(self.attempts(*call) * tries[call.to]);
            }
        }
        for (load, element) in self.plan.loads.iter().zip(&self.file.loads) {
            let to = self.graph.vertex(load.service, load.endpoint);
            let most = self.attempts(Call::new(to, load.policy)) * tries[to];
            if most > MOST_TRIES {
                let message = format!(
                    "one request of `{}` can become {} tries at the far end",
                    element.name,
                    short(most)
                );
                let help = "retry at one level only, or bound the retries with a budget";
                let diagnostic = Diagnostic::warning("S082", message);
                report.push(diagnostic.at(element.key, "retries multiply").help(help));
            }
        }
    }

    /// Most tries of one call.
    fn attempts(&self, call: Call) -> f64 {
        let (service, endpoint) = self.graph.vertices[call.to];
        let safe = self.plan.endpoint(service, endpoint).safe;
        let mut product = 1.0;
        for layer in self.plan.layers(call.policy) {
            product *= match layer.repeats() {
                Some(repeats) if safe || repeats.repeats_unsafe => f64::from(repeats.most),
                _ => 1.0,
            };
        }
        product
    }

    /// Every call that passes a policy, and where the policy is named.
    fn sites(&self, steps: &[StepEl<'_>], names: &Names<'_>, found: &mut Vec<(Call, Span)>) {
        for call in calls(steps) {
            let Some((node, name)) = call.policy.and_then(|node| Some((node, node.text()?))) else {
                continue;
            };
            if let Some((service, endpoint)) = call.resolve(names, &mut Report::default()) {
                let to = self.graph.vertex(service, endpoint);
                let policy = names.stacks.get(name).map(|(id, _)| *id);
                found.push((Call::new(to, policy), node.span));
            }
        }
    }

    fn endpoint_name(&self, vertex: usize) -> String {
        let (service, endpoint) = self.graph.vertices[vertex];
        let name = self.plan.name(service);
        format!("{name}.{}", self.plan.endpoint(service, endpoint).name)
    }

    fn futile_retry(&self, call: Call, span: Span, report: &mut Report) {
        let (service, endpoint) = self.graph.vertices[call.to];
        let safe = self.plan.endpoint(service, endpoint).safe;
        let futile = |layer: &LayerPlan| match layer.repeats()? {
            Repeats { repeats_unsafe: true, .. } | Repeats { most: 1, .. } => None,
            Repeats { copies: Some(_), .. } => Some(("never hedges it", "hedge")),
            _ => Some(("retries it only where it was refused", "retry")),
        };
        let found = self.plan.layers(call.policy).iter().find_map(futile);
        if let (false, Some((does, what))) = (safe, found) {
            let name = self.endpoint_name(call.to);
            let message = format!("`{name}` is not idempotent, so this policy {does}");
            let help = format!(
                "give the endpoint \"idempotent\": true if it may be sent twice, or the {what} \
                 \"unsafe\": true"
            );
            let diagnostic = Diagnostic::warning("S083", message);
            report.push(
                diagnostic.at(span, format!("no {what} of what may have had an effect")).help(help),
            );
        }
    }

    /// While everything fails, each call is made as often as it is tried. Where that is more than whoever is
    /// called can do, it is so for good.
    fn boundless_retry(&self, call: Call, span: Span, most: &[Demand], report: &mut Report) {
        let layers = self.plan.layers(call.policy);
        let is_stopped = layers.iter().any(|layer| JUDGES.contains(&layer.kind()));
        let retry = layers.iter().find_map(LayerPlan::settings::<RetryConfig>);
        let Some(retry) = retry.filter(|retry| !is_stopped && retry.budget.is_none()) else {
            return;
        };
        let tries = self.attempts(call);
        let services = self.reached(call.to).into_iter().filter_map(|id| {
            let demand = most.get(id.0 as usize)?;
            Some((id, demand.load(self.plan, id) * tries))
        });
        let worst = services.max_by(|(_, one), (_, other)| one.total_cmp(other));
        // More of them are told of as such.
        let is_some = (2.0..=MOST_TRIES).contains(&tries);
        let Some((id, load)) = worst.filter(|(_, load)| is_some && *load >= 1.0) else {
            return;
        };
        let message = format!(
            "{} tries of each call are {} times the work that service `{}` can do, and nothing bounds them",
            retry.attempts,
            short(load),
            self.plan.name(id)
        );
        let help = "give the retry a budget: \"budget\": { \"ratio\": \"20%\" }";
        let diagnostic = Diagnostic::warning("S092", message);
        report.push(diagnostic.at(span, "while everything fails").help(help));
    }

    /// Every service that a call of a vertex may come to.
    fn reached(&self, vertex: usize) -> Vec<ServiceId> {
        let mut reached = vec![false; self.graph.vertices.len()];
        reached[vertex] = true;
        for at in self.graph.order.iter().rev() {
            if !reached[*at] {
                continue;
            }
            self.graph.calls[*at].iter().for_each(|call| reached[call.to] = true);
        }
        let all = reached.iter().zip(&self.graph.vertices).filter(|(reached, _)| **reached);
        all.map(|(_, (service, _))| *service).collect()
    }

    fn futile_hedge(&self, call: Call, span: Span, report: &mut Report) {
        let (id, _) = self.graph.vertices[call.to];
        let Some(service) = self.plan.services.get(id.0 as usize) else { return };
        let layers = self.plan.layers(call.policy).iter();
        let copies: Vec<Copies> = layers.filter_map(|layer| layer.repeats()?.copies).collect();
        if self.plan.most_replicas(id) == 1 && !copies.is_empty() {
            let message = format!(
                "service `{}` has one replica, so there is nowhere to send a copy to",
                service.name
            );
            let diagnostic = Diagnostic::warning("S085", message).at(span, "no copy is ever sent");
            report.push(diagnostic.help("give it more replicas, or take the hedge away"));
        }
        let ignores = service.on_cancel == OnCancel::Ignore;
        if ignores && copies.iter().any(|copies| copies.tied) {
            let message =
                format!("service `{}` ignores that a tied copy is cancelled", service.name);
            let diagnostic =
                Diagnostic::warning("S087", message).at(span, "all copies are worked off");
            report.push(diagnostic.help("give it \"on_cancel\": \"skip_queued\""));
        }
    }

    fn short_timeout(&self, call: Call, span: Span, medians: &[f64], report: &mut Report) {
        let timeouts = self.plan.layers(call.policy).iter().filter_map(|layer| layer.patience());
        let shortest =
            timeouts.fold(f64::INFINITY, |least, patience| least.min(patience.as_nanos() as f64));
        let median = medians[call.to];
        if shortest < median {
            let name = self.endpoint_name(call.to);
            let message = format!(
                "the timeout of {} is below {}, the median work of `{name}`",
                duration_text(shortest),
                duration_text(median)
            );
            let help = "half of the calls or more run into it even in calm weather";
            report.push(Diagnostic::warning("S084", message).at(span, "too short").help(help));
        }
    }

    fn idle_shedder(&self, call: Call, span: Span, report: &mut Report) {
        let on_arrival = |layer: &LayerPlan| layer.place() == Place::Arrival;
        if self.plan.layers(call.policy).iter().any(on_arrival) {
            let message =
                "nothing tells a caller how long its requests wait, so this sheds nothing";
            let help = "name the policy as the \"inbound\" one of a service";
            let diagnostic = Diagnostic::warning("S086", message).at(span, "used for a call");
            report.push(diagnostic.help(help));
        }
    }
}
