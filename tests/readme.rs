//! The README has every kind of the language, as the schema tells them; its scenarios and commands, and those of the
//! guides, do what they say.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{cascadia, folder, full, root, stderr, stdout};

/// The row of each, and the parts of the schema whose keys it names.
const ROWS: [(&str, &[&str]); 12] = [
    ("service", &["Service"]),
    ("store", &["Store", "Keeps", "Quorum", "Replicated", "Elected"]),
    ("broker", &["Broker", "Flushing"]),
    ("topic", &["Topic"]),
    ("consume", &["Consume", "Acknowledge"]),
    ("step", &["Step"]),
    ("publish", &["Publish"]),
    ("request", &["Request"]),
    ("law", &["Law", "LawKind"]),
    ("policy", &["Layers"]),
    ("load", &["Load", "OpenLoad", "Closed"]),
    ("fault", &["Fault"]),
];

/// What people know without a table.
const PLAIN: [&str; 5] = ["description", "name", "at", "for", "target"];

/// Which row another part has, seen from one.
fn other_row(row: &str, part: &str) -> Option<&'static str> {
    let found = ROWS.iter().find(|(name, parts)| *name != row && parts.contains(&part));
    found.map(|(name, _)| *name)
}

/// The keys of a part, or of its alternatives; of one that has a row of its own, the name of that.
fn keys<'a>(row: &str, schema: &'a Value, part: &'a Value, found: &mut BTreeSet<&'a str>) {
    let named = part["properties"].as_object().into_iter().flatten().map(|(key, _)| key.as_str());
    found.extend(named.filter(|key| !PLAIN.contains(key)));
    let others = ["oneOf", "anyOf"].into_iter().filter_map(|key| part[key].as_array()).flatten();
    for other in others {
        let target = other["$ref"].as_str();
        let part = target.and_then(|target| target.strip_prefix("#/$defs/"));
        if let Some(name) = part.and_then(|part| other_row(row, part)) {
            found.insert(name);
            continue;
        }
        let target = target.and_then(|target| schema.pointer(&target[1..]));
        keys(row, schema, target.unwrap_or(other), found);
    }
}

#[test]
fn the_readme_has_every_kind_of_the_language() {
    let text = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let schema: Value = serde_json::from_str(&text("scenarios/scenario.schema.json")).unwrap();
    let readme = text("README.md");
    for (name, parts) in ROWS {
        let head = format!("| {name} |");
        let row = readme.lines().find(|line| line.starts_with(&head)).expect("there is a row");
        let mut all = BTreeSet::new();
        parts.iter().for_each(|part| keys(name, &schema, &schema["$defs"][part], &mut all));
        assert!(all.len() > 3, "{name}: {all:?}");
        let missing: Vec<_> = all.iter().filter(|key| !row.contains(&format!("`{key}`"))).collect();
        assert!(missing.is_empty(), "the row of {name} has no {missing:?}");
    }
}

/// The fenced blocks of a page, each with its language.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let fenced = page.split("```").skip(1).step_by(2);
    fenced.map(|block| block.split_once('\n').expect("a block has lines")).collect()
}

/// The words of a command; quotes keep one together.
fn words(command: &str) -> Vec<&str> {
    let parts = command.split('\'').enumerate();
    parts
        .flat_map(|(place, part)| match place % 2 {
            0 => part.split_whitespace().collect(),
            _ => vec![part],
        })
        .collect()
}

/// Runs a line of a shell that is a command of ours, unless it is about the shipped scenarios, which
/// have tests of their own; what it printed. Its comment names the exit code where that is not 0.
fn run(folder: &Path, line: &str) -> Option<String> {
    let (command, comment) = line.split_once(" # ").unwrap_or((line, ""));
    let arguments = words(command.strip_prefix("cascadia ")?);
    if arguments.iter().any(|argument| argument.starts_with("scenarios/")) {
        return None;
    }
    let code = comment.split_once("exit code ").map_or("0", |(_, rest)| rest);
    let code: i32 = code.split(|c: char| !c.is_ascii_digit()).next().unwrap().parse().unwrap();
    let output = cascadia(folder, &arguments);
    assert_eq!(output.status.code(), Some(code), "{line}\n{}{}", stdout(&output), stderr(&output));
    Some(stdout(&output))
}

/// A scenario of a page is valid, its checks pass, and its variants do what is expected of them. It
/// has no warnings but those that the page counts.
fn hold(folder: &Path, page: &str, scenario: &str) {
    let name = scenario.split_once("\"name\": \"").and_then(|(_, rest)| rest.split_once('"'));
    let file = format!("{}.jsonc", name.expect("it has a name").0);
    fs::write(folder.join(&file), scenario).unwrap();
    let output = cascadia(folder, &["validate", &file]);
    let found = stdout(&output);
    let is_told = found.contains("0 invalid, 0 warnings") || page.contains(&found);
    assert!(output.status.success() && is_told, "{file}: {found}{}", stderr(&output));
    // Where the page says that itself, it is done there.
    if !page.contains(&format!("\ncascadia check {file} --variants\n")) {
        let output = cascadia(folder, &["check", &file, "--variants"]);
        assert_eq!(output.status.code(), Some(0), "{file}: {}", stdout(&output));
    }
}

/// From top to bottom, as somebody reads it: files are written, and where it is followed, commands run, and what is
/// shown below one is what it prints.
fn read(page: &str, is_followed: bool) {
    let folder = folder(&format!("page-{}", page.replace('/', "-")));
    let text = fs::read_to_string(root().join(page)).unwrap();
    let mut printed = None;
    for (language, block) in blocks(&text) {
        let above = printed.take();
        match (language, above) {
            ("jsonc", _) => hold(&folder, &text, block),
            ("sh", _) if is_followed => {
                for line in block.lines() {
                    printed = run(&folder, line).or(printed);
                }
            }
            ("text", Some(above)) => {
                let is_shown = |line: &&str| above.lines().any(|other| other == *line);
                let wrong = block.lines().find(|line| !is_shown(line));
                assert_eq!(wrong, None, "{page} shows what is not in\n{above}");
            }
            _ => {}
        }
    }
}

#[test]
fn the_scenario_and_the_commands_of_the_readme_do_what_it_says() {
    read("README.md", true);
}

/// Its commands take more than a minute.
#[test]
fn the_scenarios_and_in_full_the_commands_of_the_guide_to_an_incident_do_what_it_says() {
    read("docs/incident.md", full());
}
