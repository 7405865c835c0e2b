use std::ops::Range;

use cascadia_models::plan::{FaultPlan, LoadId, Subject};

use super::resolve::One;
use super::subject::Whom;
use super::window::Windows;
use super::{Check, Condition};
use crate::diagnostics::Report;
use crate::units::{Duration, duration_text};

impl One<'_, '_> {
    /// That loads are back so soon after a fault.
    pub(super) fn recovered(
        &self,
        whom: Whom,
        within: Range<usize>,
        fault: Range<usize>,
        report: &mut Report,
    ) -> Option<Check> {
        let text = self.element.text;
        let loads = self.loads_of(whom, report);
        let time = match Duration::parse(&text[within.clone()]) {
            Ok(time) => Some(time.0),
            Err(wrong) => {
                self.refuse(wrong.code, within.clone(), &wrong.message, &wrong.help, report);
                None
            }
        };
        let windows = Windows { resolved: self.resolved, node: self.element.node, text };
        let (_, end) = windows.fault(fault.clone(), report)?;
        self.baseline(whom, fault.clone(), report)?;
        let until = end.saturating_add(time?);
        let loads = loads?;
        if !self.resolved.timing.known
            || !self.can_be_seen(whom, (end, until), fault.clone(), report)
        {
            return None;
        }
        let faults = &self.resolved.plan.faults;
        let index = faults.iter().position(|plan| plan.name == text[fault.clone()])?;
        let condition = Condition::Recovered { loads, fault: index, within: time? };
        Some(self.finished(condition, (end, until)))
    }

    /// That no overload sustains itself.
    pub(super) fn not_metastable(&self, whom: Whom, report: &mut Report) -> Option<Check> {
        let all = 0..self.element.text.len();
        let loads = self.loads_of(whom, report)?;
        self.baseline(whom, all.clone(), report)?;
        let timing = &self.resolved.timing;
        let over = timing.duration.as_nanos();
        let ends = self.resolved.faults.values().map(|fault| fault.when.map(|when| when.1));
        let first = ends.collect::<Option<Vec<_>>>()?.into_iter().min()?;
        if !timing.known {
            return None;
        }
        if first >= over {
            let message = "no fault ends within the run, and an overload sustains itself once its cause is gone";
            self.refuse("S058", all, message, "end a fault, or let the run last longer", report);
            return None;
        }
        Some(self.finished(Condition::NotMetastable { loads }, (first, over)))
    }

    fn loads_of(&self, whom: Whom, report: &mut Report) -> Option<Vec<LoadId>> {
        let loads: Option<Vec<LoadId>> = self
            .parties(whom)
            .into_iter()
            .map(|party| match party {
                Subject::Load(load) => Some(load),
                _ => None,
            })
            .collect();
        if loads.is_none() {
            let message = format!("`{}` is no load, and only loads recover", self.element.subject);
            let help = "write it under a load, or under \"all loads\"";
            self.refuse("S058", 0..self.element.text.len(), &message, help, report);
        }
        loads
    }

    /// Whether nothing else happens between the end of a fault and the end of the time that is given.
    fn can_be_seen(
        &self,
        whom: Whom,
        (end, until): (u64, u64),
        range: Range<usize>,
        report: &mut Report,
    ) -> bool {
        let name = &self.element.text[range.clone()];
        let over = self.resolved.timing.duration.as_nanos();
        let plan = &self.resolved.plan;
        let lasts = |other: &&FaultPlan| {
            let (begins, ends) = (other.start.as_nanos(), other.end.as_nanos());
            other.name != *name && begins < until && ends > end
        };
        let at = |time: u64| duration_text(time as f64);
        let (message, help) = if end >= over {
            (format!("`{name}` does not end within the run"), "end it, or let the run last longer")
        } else if until > over.min(self.life(whom).1) {
            let last = at(over.min(self.life(whom).1));
            let message = format!("this lasts until {}, and requests come until {last}", at(until));
            (message, "let it recover sooner, or let the load last longer")
        } else if let Some(other) = plan.faults.iter().find(lasts) {
            let message = format!("`{}` begins or lasts before {}", other.name, at(until));
            (message, "let them follow each other further apart")
        } else {
            return true;
        };
        self.refuse("S058", range, &message, help, report);
        false
    }
}
