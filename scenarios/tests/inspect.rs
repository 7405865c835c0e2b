//! What is found in a file and its variants at once is what loading each of them finds.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use cascadia_scenarios::{Diagnostic, Options, Problems, Source, inspect, load, shipped};

/// What loading a file finds, and loading each of its variants where it can be loaded itself.
fn one_by_one(source: &Source) -> BTreeSet<String> {
    let found = |variant| {
        let options = Options { variant, ..Options::default() };
        load(source.clone(), &options).map_or_else(
            |problems| (problems.diagnostics, Vec::new()),
            |scenario| (scenario.warnings, scenario.variants),
        )
    };
    let (mut all, variants) = found(None);
    variants.into_iter().for_each(|variant| all.extend(found(Some(variant.name)).0));
    all.iter().map(|one| format!("{one:?}")).collect()
}

/// What is wrong in several variants, in each of them.
fn each(found: &Diagnostic) -> Vec<String> {
    let of = |variant: &String| Diagnostic { variants: vec![variant.clone()], ..found.clone() };
    match &found.variants[..] {
        [] => vec![format!("{found:?}")],
        variants => variants.iter().map(|variant| format!("{:?}", of(variant))).collect(),
    }
}

fn check(name: &str, text: String) {
    let source = Source { name: name.to_owned(), text };
    let Problems { diagnostics, .. } = inspect(source.clone(), &Options::default());
    let found: BTreeSet<_> = diagnostics.iter().flat_map(each).collect();
    let count: usize = diagnostics.iter().map(|one| one.variants.len().max(1)).sum();
    assert_eq!(found.len(), count, "{name}: each thing once");
    assert_eq!(found, one_by_one(&source), "{name}");
}

#[test]
fn nothing_is_found_by_only_one_of_the_two() {
    for scenario in shipped::ALL {
        check(scenario.name, scenario.text.to_owned());
    }
    let malformed = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/malformed");
    for entry in fs::read_dir(malformed).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension != "expected") {
            check(&path.display().to_string(), fs::read_to_string(&path).unwrap());
        }
    }
}
