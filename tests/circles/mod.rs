//! What imports what is a graph without circles, in every crate: of its files, and of its modules.
//!
//! A file can then be read after those that it imports, and be taken away with those that import
//! it. Re-exports are no imports: what is imported through one is imported from where it is written.

mod files;
mod graph;
mod known;

use std::collections::BTreeSet;

use self::files::Source;
use self::known::Known;
use crate::support::root;

const CRATES: [&str; 8] =
    ["runtime", "sim-core", "patterns", "models", "scenarios", "reports", "testbed", ""];

type Edges = BTreeSet<(String, String)>;

#[test]
fn no_files_import_each_other_in_a_circle() {
    compare(|imports| imports, &known::FILES);
}

#[test]
fn no_modules_import_each_other_in_a_circle() {
    let top = |file: &str| file.split('/').next().unwrap_or_default().to_owned();
    let tops = |imports: Edges| {
        let tops = imports.iter().map(|(from, to)| (top(from), top(to)));
        tops.filter(|(from, to)| !from.is_empty() && !to.is_empty()).collect()
    };
    compare(tops, &known::MODULES);
}

/// Every circle is a known one or a part of it, and of every known one something is left.
fn compare(of: impl Fn(Edges) -> Edges, known: &[Known]) {
    let mut left: Vec<_> = known.iter().collect();
    for name in CRATES {
        let imports = Source::read(&root().join(name).join("src")).imports();
        for circle in graph::circles(&of(imports)) {
            let is_known = |known: &&Known| {
                let files: Vec<_> = known.circle.split_whitespace().collect();
                known.of == name && circle.iter().all(|file| files.contains(&file.as_str()))
            };
            assert!(known.iter().any(|known| is_known(&known)), "a circle in {name}: {circle:?}");
            left.retain(|known| !is_known(known));
        }
    }
    let left: Vec<_> = left.iter().map(|known| known.circle).collect();
    assert_eq!(left, [""; 0], "these are no circles any more, and can be taken off the list");
}
