use std::cell::Cell;

use cascadia_models::plan::{Effect, FaultPlan, Side, SlowMode, Target};
use cascadia_runtime::Time;

use super::law::law;
use super::select::Selector;
use super::{Resolved, at_most_all};
use crate::diagnostics::{Diagnostic, Report};
use crate::dto;
use crate::read::{FAULTS, File};
use crate::text::{Node, Span};

/// Adds the faults of a file to the plan.
pub(super) fn faults(
    file: &File<'_>,
    resolved: &mut Resolved<'_>,
    refused: bool,
    report: &mut Report,
) {
    let mut plans = Vec::new();
    let seen = Cell::new(0);
    for (index, (node, dto)) in file.faults.iter().enumerate() {
        let Some(kind) = FAULTS.iter().find(|kind| node.get(kind).is_some()) else { continue };
        let given = node.get("name").and_then(Node::text);
        let name = given.map_or_else(|| format!("{kind}-{index}"), str::to_owned);
        let span = node.span_of("name");
        unique(&name, span, resolved, report);
        resolved.faults.entry(name.clone()).or_insert((plans.len(), span));
        let mut plan = FaultPlan {
            name,
            start: Time::ZERO,
            end: resolved.timing.duration,
            effect: Effect::Crash { target: nobody() },
        };
        if let Some(dto) = dto {
            times(&mut plan, node, dto, resolved, report);
            let select = Selector {
                refused,
                file,
                names: &resolved.names,
                plan: &resolved.plan,
                seen: &seen,
            };
            let body = node.get(kind).unwrap_or(node);
            plan.effect = Builder { select, node: body, report }.effect(dto);
        }
        plans.push(plan);
    }
    resolved.plan.faults = plans;
}

fn nobody() -> Target {
    Target { candidates: Vec::new(), pick: cascadia_models::plan::Pick::All }
}

fn unique(name: &str, span: Span, resolved: &Resolved<'_>, report: &mut Report) {
    if let Some((_, first)) = resolved.faults.get(name) {
        let diagnostic = Diagnostic::error("S027", format!("two faults are called `{name}`"))
            .at(span, "again here")
            .at(*first, "first here");
        report.push(diagnostic.help("rename one of them"));
    }
}

fn times(
    plan: &mut FaultPlan,
    node: &Node,
    dto: &dto::Fault,
    resolved: &Resolved<'_>,
    report: &mut Report,
) {
    let timing = &resolved.timing;
    let duration = timing.duration.as_nanos();
    plan.start = Time::from_nanos(dto.at.0);
    if timing.known && dto.at.0 >= duration {
        timing.within(dto.at.0.max(duration + 1), "the fault begins", node, "at", report);
        return;
    }
    if let Some(lasts) = dto.lasts {
        let end = dto.at.0.saturating_add(lasts.0);
        timing.within(end, "the fault ends", node, "for", report);
        plan.end = Time::from_nanos(end);
        if lasts.0 == 0 {
            let message = format!("fault `{}` lasts no time", plan.name);
            report.push(Diagnostic::error("S030", message).at(node.span_of("for"), "zero"));
        }
    }
}

struct Builder<'a, 'f> {
    select: Selector<'a, 'f>,
    node: &'a Node,
    report: &'a mut Report,
}

impl Builder<'_, '_> {
    fn effect(&mut self, dto: &dto::Fault) -> Effect {
        if let Some(slow) = &dto.slow {
            let mode = match slow.mode {
                dto::SlowMode::Start => SlowMode::Start,
                dto::SlowMode::Rate => SlowMode::Rate,
            };
            let factor = self.factor(slow.factor, mode == SlowMode::Rate);
            return Effect::Slow { target: self.target(slow.pick), factor, mode };
        }
        if let Some(crash) = &dto.crash {
            return Effect::Crash { target: self.target(crash.pick) };
        }
        if let Some(errors) = &dto.errors {
            let rate = at_most_all(errors.rate.0, self.node.span_of("rate"), self.report);
            return Effect::Errors { target: self.target(errors.pick), rate };
        }
        if let Some(latency) = &dto.latency {
            let span = self.node.span_of("add");
            let add = latency.add.as_ref().map(|add| law(add, span, self.report));
            let factor = latency.factor.map_or(1.0, |factor| self.factor(factor, false));
            if latency.add.is_none() && latency.factor.is_none() {
                let message = "a latency fault needs `add` or `factor`";
                self.report.push(Diagnostic::error("S006", message).at(self.node.span, "neither"));
            }
            return Effect::Latency { from: self.side("from"), to: self.side("to"), add, factor };
        }
        if let Some(loss) = &dto.loss {
            let rate = at_most_all(loss.rate.0, self.node.span_of("rate"), self.report);
            return Effect::Loss { from: self.side("from"), to: self.side("to"), rate };
        }
        let both = dto.partition.as_ref().is_some_and(|p| p.direction == dto::Direction::Both);
        Effect::Partition { from: self.side("from"), to: self.side("to"), both }
    }

    fn target(&mut self, pick: dto::Pick) -> Target {
        if let dto::Pick::Share(share) = pick {
            let span = self.node.span_of("pick");
            at_most_all(share.0, span, self.report);
            if share.0 == 0.0 {
                let message = "a fault must hit somebody";
                self.report.push(Diagnostic::error("S030", message).at(span, "nobody"));
            }
        }
        let node = self.node.get("target");
        let candidates = node.map(|node| self.select.instances(node, self.report));
        Target { candidates: candidates.unwrap_or_default(), pick: pick.plan() }
    }

    fn side(&mut self, key: &str) -> Side {
        Side(self.node.get(key).map(|node| self.select.parties(node, self.report)))
    }

    fn factor(&mut self, factor: f64, positive: bool) -> f64 {
        if factor < 0.0 || (positive && factor == 0.0) {
            let message = format!("the factor {factor} is out of range");
            let span = self.node.span_of("factor");
            self.report.push(Diagnostic::error("S030", message).at(span, "must be above 0"));
        }
        factor
    }
}
