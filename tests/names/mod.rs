//! The list of names that others depend on: `docs/names.md`.
//!
//! Whoever reads results by a script, or keeps scenario files, breaks when a name changes. So the
//! names are gathered from where they are made and compared with those that are written down.

mod code;
mod command;
mod run;
mod schema;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::support::root;

/// Names under the heading that says what they are.
type Names = BTreeMap<&'static str, BTreeSet<String>>;

const HEAD: &str = "# Names that files and scripts depend on

Scenario files are written with these names, results are read by them. One that is gone, or that is
another one now, breaks somebody's file or script: it takes a new version of the format and a word
in the changelog. New ones may be added at any time. `CASCADIA_UPDATE=1 cargo test --test main
names` writes this page anew.
";

const GONE: &str = "These names are in files and scripts of other people, which break without them. \
                    Keep them. Where one has to go, raise the version of the format, say so in the \
                    changelog, and write the list anew with CASCADIA_UPDATE=1";

const NEW: &str = "These names are not written down yet. Others will depend on them, so see that \
                   they are what they should be for good, and write the list anew with \
                   CASCADIA_UPDATE=1";

fn all() -> Names {
    let sources = [code::names(), schema::names(), command::names(), run::names()];
    sources.into_iter().flatten().collect()
}

fn page(names: &Names) -> String {
    let mut page = HEAD.to_owned();
    for (what, names) in names {
        page += &format!("\n## {what}\n\n");
        names.iter().for_each(|name| page += &format!("- `{name}`\n"));
    }
    page
}

/// What a page lists, each with its heading.
fn listed(page: &str) -> BTreeSet<(&str, &str)> {
    let mut heading = "";
    let mut listed = BTreeSet::new();
    for line in page.lines() {
        heading = line.strip_prefix("## ").unwrap_or(heading);
        if let Some(name) = line.strip_prefix("- ") {
            listed.insert((heading, name));
        }
    }
    listed
}

/// What `page` lists and `other` does not, a line each.
fn without(page: &str, other: &str) -> String {
    let (listed, others) = (listed(page), listed(other));
    let lines = listed.difference(&others).map(|(what, name)| format!("{what}: {name}\n"));
    lines.collect()
}

#[test]
fn no_name_that_others_depend_on_changes_unseen() {
    let path = root().join("docs/names.md");
    let now = page(&all());
    if std::env::var_os("CASCADIA_UPDATE").is_some() {
        fs::write(&path, &now).unwrap();
    }
    let written = fs::read_to_string(path).unwrap();
    let (gone, new) = (without(&written, &now), without(&now, &written));
    assert!(gone.is_empty(), "{GONE}:\n{gone}");
    assert!(new.is_empty(), "{NEW}:\n{new}");
    assert!(written == now, "run the tests with CASCADIA_UPDATE=1");
}

#[test]
fn a_name_that_moved_is_gone_from_where_it_was() {
    let names = |what, name: &str| page(&Names::from([(what, BTreeSet::from([name.to_owned()]))]));
    let (was, renamed, moved) = (names("A", "up"), names("A", "alive"), names("B", "up"));
    assert_eq!(without(&was, &was), "");
    assert_eq!(without(&was, &renamed), "A: `up`\n");
    assert_eq!(without(&was, &moved), "A: `up`\n");
    assert_eq!(without(&renamed, &was), "A: `alive`\n");
}
