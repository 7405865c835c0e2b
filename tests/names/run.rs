//! Names that a run saves: of files, of columns, and what stands in them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use cascadia::result::RunResult;
use cascadia_reports::csv;

use super::Names;
use crate::support::{cascadia, folder, root, stderr};

pub(super) fn names() -> Names {
    let out = folder("names").join("out");
    let arguments = ["run", "tests/names/troubled.json", "--out", out.to_str().unwrap()];
    let output = cascadia(&root(), &arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let result: RunResult =
        serde_json::from_str(&fs::read_to_string(out.join("result.json")).unwrap()).unwrap();
    let mut written = BTreeSet::new();
    files(&out, "", &mut written);
    Names::from([
        ("Saved by a run: columns of tables", columns(&result)),
        ("Saved by a run: figures in series.csv", figures(&csv::series(&result))),
        ("Saved by a run: files", written),
        ("Saved by a run: invariants", invariants(&result)),
        ("Saved by a run: states", states(&result)),
    ])
}

fn files(folder: &Path, above: &str, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{above}{}", path.file_name().unwrap().to_str().unwrap());
        if path.is_dir() {
            files(&path, &format!("{name}/"), found);
        } else {
            found.insert(name);
        }
    }
}

fn columns(result: &RunResult) -> BTreeSet<String> {
    let tables = [
        ("components.csv", csv::components(result)),
        ("failures.csv", csv::failures(result)),
        ("policies.csv", csv::policies(result)),
        ("series.csv", csv::series(result)),
        ("summary.csv", csv::summary(result)),
    ];
    let heads = tables.iter().filter_map(|(name, text)| Some((name, text.lines().next()?)));
    let columns = heads.flat_map(|(name, head)| {
        head.split(',').map(move |column| format!("{name}: {column}")).collect::<Vec<_>>()
    });
    columns.collect()
}

/// Of whom, and what.
fn figures(series: &str) -> BTreeSet<String> {
    let rows = series.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    rows.map(|row| format!("{} {}", row[1], row[3])).collect()
}

fn invariants(result: &RunResult) -> BTreeSet<String> {
    result.invariants.iter().map(|law| law.name.clone()).collect()
}

fn states(result: &RunResult) -> BTreeSet<String> {
    let changes = |lane: &cascadia::result::StateLane| {
        let states = lane.changes.iter().map(|change| change.state.clone());
        states.chain([lane.initial.clone()]).collect::<Vec<_>>()
    };
    result.states.iter().flat_map(changes).collect()
}
