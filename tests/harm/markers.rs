//! Names that would do something where they are shown, in every place of a scenario where there is a name.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use cascadia_reports::sinks::acts;
use cascadia_scenarios::shipped;
use rayon::prelude::*;
use serde_json::{Map, Value, json};

use super::files;
use crate::support::{cascadia, folder, full, root, stderr, stdout};

/// What does harm: on a terminal, in the log of a CI service, in a table, in XML, in a page.
const MARKERS: [&str; 20] = [
    "\u{1b}[2J",
    "\n::error file=x::",
    "::error::",
    " \t::stop-commands::x",
    "##[error]",
    "##vso[task.x]",
    "=1+1|",
    "+1|",
    "-1|",
    "@SUM(1)|",
    "\u{202e}",
    "\u{fffe}",
    "\u{7}\u{8}",
    "\r",
    "\u{85}\u{9b}31m",
    "\u{2028}",
    "<script>alert(1)</script>",
    "\t=1|",
    "\u{0}",
    "\u{e0041}\u{feff}",
];

/// Objects that have names as keys, and the key of other names.
fn containers() -> BTreeSet<String> {
    let schema = fs::read_to_string(root().join("scenarios/scenario.schema.json")).unwrap();
    let mut found = BTreeSet::new();
    collect(&serde_json::from_str(&schema).unwrap(), "", &mut found);
    // What is measured by name, a law by its shares, and what only refers to names.
    for other in ["quantiles", "checks", "links", "consume", "labels", "components"] {
        found.remove(other);
    }
    found
}

fn collect(schema: &Value, key: &str, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(object) => {
            if object.get("additionalProperties").is_some_and(Value::is_object) {
                found.insert(key.to_owned());
            }
            object.iter().for_each(|(key, value)| collect(value, key, found));
        }
        Value::Array(items) => items.iter().for_each(|value| collect(value, key, found)),
        _ => {}
    }
}

/// New names by the old ones, and what they are names of.
struct Planted {
    names: BTreeMap<String, String>,
    kinds: BTreeSet<String>,
    next: usize,
}

impl Planted {
    fn name(&mut self, kind: &str, old: &str) {
        if !self.names.contains_key(old) {
            // Paths and selectors cut names at spaces and know labels by their sign of equality.
            let is_free = ["load", "policies", "variants"].contains(&kind);
            let fits = |text: &&&str| {
                is_free || !(text.contains('=') || text.starts_with(char::is_whitespace))
            };
            let markers = MARKERS.iter().cycle().skip(self.next % MARKERS.len());
            let marker = markers.clone().find(fits).unwrap();
            self.names.insert(old.to_owned(), format!("{marker}{old}"));
            self.next += 1;
        }
        self.kinds.insert(kind.to_owned());
    }

    fn gather(&mut self, value: &Value, containers: &BTreeSet<String>) {
        match value {
            Value::Object(object) => {
                for (key, value) in object {
                    if let (true, Some(named)) = (containers.contains(key), value.as_object()) {
                        named.keys().for_each(|name| self.name(key, name));
                    }
                    if let ("name" | "group", Some(name)) = (&**key, value.as_str()) {
                        self.name(key, name);
                    }
                    self.gather(value, containers);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.gather(item, containers)),
            _ => {}
        }
    }

    /// A text in which each name is a new one, alone or in a path.
    fn text(&self, text: &str) -> String {
        if let Some(name) = self.names.get(text) {
            return name.clone();
        }
        for separator in [" -> ", " → ", ".", " ", "/"] {
            if let Some((before, after)) = text.split_once(separator)
                && (self.names.contains_key(before) || self.names.contains_key(after))
            {
                return format!("{}{separator}{}", self.text(before), self.text(after));
            }
        }
        text.to_owned()
    }

    fn plant(&self, value: &Value, is_named: bool, containers: &BTreeSet<String>) -> Value {
        match value {
            Value::Object(object) => {
                let plant = |(key, value): (&String, &Value)| {
                    let named = containers.contains(key) || key == "links" || key == "consume";
                    let key = if is_named { self.text(key) } else { key.clone() };
                    (key, self.plant(value, named && !is_named, containers))
                };
                Value::Object(object.iter().map(plant).collect())
            }
            Value::Array(items) => {
                items.iter().map(|item| self.plant(item, false, containers)).collect()
            }
            Value::String(text) => json!(self.text(text)),
            other => other.clone(),
        }
    }
}

/// A shipped scenario with other names, and of what kinds these are.
fn planted(text: &str, first: usize) -> (Value, BTreeSet<String>) {
    let containers = containers();
    let mut scenario: Value = serde_json::from_str(text).unwrap();
    scenario["variants"] = json!({ "other": { "set": { "run.seed": 2 } } });
    let loads: Vec<String> = scenario["load"].as_object().unwrap().keys().cloned().collect();
    scenario.as_object_mut().unwrap().remove("checks");
    let mut planted = Planted { names: BTreeMap::new(), kinds: BTreeSet::new(), next: first };
    planted.gather(&scenario, &containers);
    let mut scenario = planted.plant(&scenario, false, &containers);
    let checks: Map<String, Value> = loads
        .iter()
        .map(|load| (planted.names[load].clone(), json!(["ok > 99.99999%", "p9999 < 1ns"])))
        .collect();
    scenario["checks"] = Value::Object(checks);
    scenario["question"] = json!(MARKERS.concat());
    (scenario, planted.kinds)
}

/// Holds that a text does nothing on a terminal or in a log.
fn hold_line(text: &str, what: &str) {
    let bad = text.chars().find(|c| acts(*c) && *c != '\n');
    assert_eq!(bad, None, "{what}: {text:.2000}");
    let command = text.lines().find(|line| line.trim_start().starts_with("::"));
    assert_eq!(command, None, "{what}");
    assert!(!text.contains("##"), "{what}: {text:.2000}");
}

/// Holds that a file does nothing where it is opened.
fn hold_file(name: &str, text: &str, what: &str) {
    let what = format!("{what}: {name}");
    let bad = text.chars().find(|c| acts(*c) && *c != '\n' && *c != '\t');
    assert_eq!(bad, None, "{what}");
    match Path::new(name).extension().and_then(OsStr::to_str) {
        Some("json") => drop(serde_json::from_str::<Value>(text).expect(&what)),
        Some("csv") => {
            let plain = text.replace("\"\"", "''");
            let quoted = plain.split('"').enumerate().map(|(index, piece)| match index % 2 {
                0 => piece.to_owned(),
                _ => piece.replace([',', '\n'], ";"),
            });
            for cell in quoted.collect::<String>().split([',', '\n']) {
                let formula = cell.trim_start().starts_with(['=', '+', '-', '@']);
                assert!(!formula || cell.parse::<f64>().is_ok(), "{what}: {cell}");
            }
        }
        Some("html") => assert_eq!(text.matches("<script").count(), 1, "{what}"),
        Some("svg" | "xml") => assert!(!text.contains("<script"), "{what}"),
        other => panic!("{what}: {other:?}"),
    }
}

/// Has a file seen by every command and looks at everything that comes of it.
fn walk(folder: &Path, file: &str, codes: &[i32]) {
    let told = |arguments: &[&str]| {
        let output = cascadia(folder, arguments);
        let what = format!("{file:?} {arguments:?}");
        let code = output.status.code().unwrap_or(-1);
        assert!(codes.contains(&code), "{what}: {code} {:.2000}", stderr(&output));
        let (out, err) = (stdout(&output), stderr(&output));
        if arguments.contains(&"github") {
            for line in out.lines() {
                let ours = ["::error ", "::warning ", "::notice::"];
                assert!(ours.iter().any(|begins| line.starts_with(begins)), "{what}: {line}");
                hold_line(&line[2..].replacen("::", "", 1), &what);
            }
            hold_line(&err, &what);
        } else {
            hold_line(&out, &what);
            hold_line(&err, &what);
        }
    };
    told(&["run", file, "--out", "out"]);
    told(&["run", file, "--seeds", "1..2", "--out", "seeds"]);
    told(&["run", file, "--show-config"]);
    told(&["check", file, "--variants", "--junit", "out.xml"]);
    for format in ["text", "json", "github"] {
        told(&["validate", file, "--format", format]);
    }
    for (name, text) in files(folder).iter().filter(|(name, _)| name.starts_with("out")) {
        hold_file(name, text.as_deref().unwrap(), file);
    }
}

fn place(at: usize, file: &str, scenario: &Value) -> PathBuf {
    let folder = folder(&format!("markers-{at}"));
    fs::write(folder.join(file), scenario.to_string()).unwrap();
    folder
}

#[test]
fn no_name_of_a_scenario_acts_where_it_is_shown() {
    let mut seen = BTreeSet::new();
    let mut chosen = Vec::new();
    for (at, scenario) in shipped::ALL.iter().enumerate() {
        let (planted, kinds) = planted(scenario.text, at);
        if full() || !kinds.is_subset(&seen) {
            seen.extend(kinds);
            chosen.push((at, planted));
        }
    }
    assert!(containers().is_subset(&seen), "{:?} and {seen:?}", containers());
    // Each marker is where a name is, whatever else there is of it.
    let small = super::small().to_string();
    chosen.extend((0..MARKERS.len()).map(|at| (100 + at, planted(&small, at).0)));
    chosen.par_iter().for_each(|(at, scenario)| {
        walk(&place(*at, "s.json", scenario), "s.json", &[0, 4, 7]);
    });
}

#[test]
fn nothing_that_is_wrong_acts_where_it_is_told() {
    let storm = shipped::ALL.iter().find(|scenario| scenario.name == "retry-storm").unwrap();
    let wrong = |marker: &str| {
        let mut scenario: Value = serde_json::from_str(storm.text).unwrap();
        scenario[format!("{marker}key")] = json!(marker);
        scenario["checks"][format!("{marker}subject")] = json!([format!("{marker} > 3")]);
        scenario["load"]["shoppers"]["target"] = json!(format!("{marker}x.{marker}"));
        scenario["run"]["duration"] = json!(format!("5 {marker}"));
        scenario["faults"][0]["at"] = json!(marker.repeat(100));
        scenario
    };
    MARKERS.par_iter().enumerate().for_each(|(at, marker)| {
        let folder = place(200 + at, "s.json", &wrong(marker));
        // Also as it is, where JSON lets it stand: between values and in a comment.
        let text = format!("{{ // {marker}\n {} \"version\": 1 }}", marker.trim_matches('\0'));
        fs::write(folder.join("raw.jsonc"), text).unwrap();
        walk(&folder, "s.json", &[3]);
        walk(&folder, "raw.jsonc", &[3]);
    });
}

#[test]
fn no_name_of_a_file_acts_where_it_is_shown() {
    let markers =
        MARKERS.par_iter().enumerate().filter(|(_, marker)| !marker.contains(['/', '\0']));
    markers.for_each(|(at, marker)| {
        // What begins like an option is a file only with a path.
        let file = format!("./{marker}.json");
        for (scenario, codes) in [(super::small(), &[0, 4, 7][..]), (json!({ "version": 2 }), &[3])]
        {
            walk(&place(300 + at, &file, &scenario), &file, codes);
        }
        let folder = place(400 + at, &file, &json!([]));
        for arguments in [vec!["check", "."], vec!["run", "./x.json"], vec!["new", marker]] {
            let output = cascadia(&folder, &arguments);
            hold_line(&stdout(&output), &format!("{marker:?} {arguments:?}"));
            hold_line(&stderr(&output), &format!("{marker:?} {arguments:?}"));
        }
    });
}
