//! Checks of everybody: each metric in each of its units, over each kind of window.

use cascadia_models::measure::metrics::{Family, Metric, Of, Unit};
use serde_json::{Value, json};

use super::Generator;
use crate::generated::world::nanos;

/// Digits of percentiles.
const PERCENTILES: [&str; 5] = ["50", "90", "95", "99", "99999"];

/// Some kinds of answers.
const KINDS: [&str; 5] = ["created", "not_found", "unavailable", "error", "refused"];

/// Every metric of a kind of subject with its units; of a family, some members.
fn metrics(of: Of, limits: &[String]) -> Vec<(String, &'static [Unit])> {
    let members = |metric: Metric| {
        let ends: Vec<String> = match metric.family() {
            None => vec![String::new()],
            Some(Family::Percentiles) => PERCENTILES.map(str::to_owned).to_vec(),
            Some(Family::Kinds) => KINDS.map(str::to_owned).to_vec(),
            Some(Family::Limits) => limits.iter().map(|limit| format!(" {limit}")).collect(),
        };
        let units = metric.units();
        ends.into_iter().map(move |end| (format!("{}{end}", metric.name), units))
    };
    of.metrics().into_iter().flat_map(members).collect()
}

impl Generator {
    pub(super) fn checks(&mut self, scenario: &Value) -> Value {
        let mut checks = json!({});
        let names = |part: &str| -> Vec<String> {
            let all = scenario[part].as_object().into_iter().flatten();
            all.map(|(name, _)| name.clone()).collect()
        };
        let (loads, services) = (names("load"), names("services"));
        let mut windows = self.windows(scenario);
        for load in &loads {
            let mut list: Vec<String> =
                (0..7).map(|_| self.of(None, Of::Loads, &mut windows)).collect();
            list.extend(self.halves(Of::Loads, ""));
            list.extend(self.relative(scenario, load));
            checks[load] = json!(list);
        }
        for service in &services {
            let list: Vec<String> =
                (0..3).map(|_| self.of(None, Of::Services, &mut windows)).collect();
            checks[service] = json!(list);
        }
        let subjects = [loads, services].concat();
        for layer in layers(scenario) {
            let mut list: Vec<String> =
                (0..2).map(|_| self.of(Some(&layer), Of::Layers, &mut windows)).collect();
            list.extend(self.halves(Of::Layers, &format!("{layer}.")));
            let subject = self.dice.pick(&subjects);
            checks[subject]
                .as_array_mut()
                .expect("each subject has a list")
                .extend(list.into_iter().map(Value::from));
        }
        checks
    }

    /// A check of one of several metrics, of the subject itself or of a layer.
    fn of(&mut self, layer: Option<&str>, of: Of, windows: &mut [String]) -> String {
        let limit = self.moment();
        let metrics = metrics(of, &[self.written(limit)]);
        let (metric, units) = self.dice.pick(&metrics);
        let unit = self.dice.pick(units);
        // A number without a word could be a share of them or a rate.
        let counts = units.contains(&Unit::Share) && metric != "offered";
        let word = if counts && unit == Unit::Number { " requests" } else { "" };
        let metric = layer.map_or_else(|| metric.to_owned(), |layer| format!("{layer}.{metric}"));
        self.check(&metric, (unit, word), windows)
    }

    fn check(&mut self, metric: &str, (unit, word): (Unit, &str), windows: &[String]) -> String {
        let bound = match unit {
            Unit::Share => format!("{}%", self.dice.between(0, 100)),
            Unit::Rate => format!("{}/s", self.dice.magnitude(1, 1_000)),
            Unit::Number => self.dice.pick(&["0", "1", "2.5", "40"]).to_owned(),
            Unit::Duration => {
                let moment = self.moment();
                self.written(moment)
            }
        };
        let op = self.dice.pick(&["<", "<=", ">", ">=", "==", "!="]);
        let space = if self.dice.chance(90) { " " } else { "" };
        let window = if self.dice.chance(50) { String::new() } else { self.dice.pick(windows) };
        format!("{metric}{space}{op}{space}{bound}{word}{window}")
    }

    /// A number over some time, over the first half of it and over the second.
    fn halves(&mut self, of: Of, layer: &str) -> Vec<String> {
        let mut counted = metrics(of, &[]);
        counted.retain(|(_, units)| units.contains(&Unit::Number));
        let (metric, _) = self.dice.pick(&counted);
        let most = self.duration - self.warmup;
        let long = if self.dice.chance(50) { most } else { self.ticks(6, 80).min(most) };
        let end = self.warmup + long;
        let start = self.warmup + if self.dice.chance(50) { 0 } else { long / 3 };
        let middle = start + (end - start) / 2;
        let times = [(start, end), (start, middle), (middle, end)];
        let window = |(from, until)| format!("{}..{}", self.written(from), self.written(until));
        times.map(window).map(|window| format!("{layer}{metric} >= 0 over {window}")).to_vec()
    }

    /// A check against the time before the first fault.
    fn relative(&mut self, scenario: &Value, load: &str) -> Option<String> {
        let faults = scenario["faults"].as_array()?;
        let first = faults.iter().filter_map(|fault| nanos(fault["at"].as_str()?)).min()?;
        let time = |key: &str| nanos(scenario["load"][load][key].as_str()?);
        let from = time("from").unwrap_or_default().max(self.warmup);
        if time("until").unwrap_or(first).min(first) <= from {
            return None;
        }
        let metric = self.dice.pick(&["goodput", "p50", "mean", "offered", "failed"]);
        Some(format!("{metric} within {}% of baseline", self.dice.between(0, 100)))
    }

    /// Every kind of window.
    fn windows(&mut self, scenario: &Value) -> Vec<String> {
        let long = self.ticks(2, 90).min(self.duration - self.warmup);
        let (from, until) = (self.warmup + long / 3, self.warmup + long);
        let mut windows = vec![
            format!(" over {}..{}", self.written(from), self.written(until)),
            format!(" over {}..{}", self.written(self.warmup), self.written(self.duration)),
        ];
        for (number, fault) in scenario["faults"].as_array().into_iter().flatten().enumerate() {
            let kind = super::faults::kinds().find(|kind| fault.get(kind).is_some());
            let default = format!("{}-{number}", kind.unwrap_or_default());
            let name = fault["name"].as_str().unwrap_or(&default);
            if can_stand_in_a_check(name) {
                let time = |key: &str| nanos(fault[key].as_str()?);
                let start = time("at").unwrap_or_default();
                let end = time("for").map_or(self.duration, |long| start + long);
                let delay = self.ticks(1, 10);
                let written = self.written(delay).replace(' ', "");
                for (window, from) in [
                    (format!("during {name}"), start),
                    (format!("after {name}"), end),
                    (format!("after {name} {written}"), end + delay),
                ] {
                    if (self.warmup..self.duration).contains(&from) {
                        windows.push(format!(" over {window}"));
                    }
                }
            }
        }
        windows
    }
}

/// Every layer of every policy, as a check names it.
fn layers(scenario: &Value) -> Vec<String> {
    let mut found = Vec::new();
    for (name, layers) in scenario["policies"].as_object().into_iter().flatten() {
        if !can_stand_in_a_check(name) || name.ends_with(']') {
            continue;
        }
        let kinds = layers.as_array().into_iter().flatten().filter_map(Value::as_object);
        let kinds: Vec<&String> = kinds.filter_map(|layer| layer.keys().next()).collect();
        for (at, kind) in kinds.iter().enumerate() {
            let alike = kinds.iter().filter(|other| *other == kind).count();
            match alike > 1 || at % 2 == 1 {
                true => found.push(format!("{name}[{at}].{kind}")),
                false => found.push(format!("{name}.{kind}")),
            }
        }
    }
    found
}

/// A check is cut at comparisons and at the word `over`, and spaces around its parts do not count.
fn can_stand_in_a_check(name: &str) -> bool {
    name.trim() == name && !name.is_empty() && !name.contains(['<', '>', '=', '!'])
}
