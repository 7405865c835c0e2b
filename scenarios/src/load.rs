use crate::analysis::{Graph, check_limits, lint, report_cycle, too_many_replicas};
use crate::checks;
use crate::decode::{Decode as _, correct};
use crate::diagnostics::{Diagnostic, Problems, Report, Source};
use crate::elements::{self, Expect};
use crate::faults;
use crate::overlay::{apply_set, apply_variant};
use crate::read::{File, Named, read};
use crate::resolve::{self, resolve};
use crate::scenario::{Options, Scenario, Variant};
use crate::text::{Node, Value, parse};

/// Reads a scenario, applies the variant and the changes of the options, and resolves it. What is wrong with it only
/// because of the variant says so.
///
/// # Errors
///
/// Everything that is wrong with the file, at once.
pub fn load(source: Source, options: &Options) -> Result<Scenario, Problems> {
    let mut sources = vec![source];
    for set in &options.sets {
        sources.push(Source { name: "--set".to_owned(), text: set.clone() });
    }
    let (scenario, mut diagnostics) = read_all(&sources, options);
    if let Some(variant) = options.variant.as_ref().filter(|_| !diagnostics.is_empty()) {
        let (_, without) = read_all(&sources, &Options { variant: None, ..options.clone() });
        let is_missing = |one: &Diagnostic| one.code == "S053";
        let only = |one: &&mut Diagnostic| !is_missing(one) && !without.contains(one);
        for one in diagnostics.iter_mut().filter(only) {
            one.variants.push(variant.clone());
        }
    }
    match scenario {
        Some(scenario) => Ok(Scenario { warnings: diagnostics, sources, ..scenario }),
        None => Err(Problems { sources, diagnostics }),
    }
}

/// The scenario, unless something is wrong with it, and all that is to be said.
fn read_all(sources: &[Source], options: &Options) -> (Option<Scenario>, Vec<Diagnostic>) {
    let mut report = Report::default();
    let scenario = scenario(sources, options, &mut report);
    let scenario = scenario.filter(|_| !report.has_errors());
    (scenario, report.sorted())
}

/// The tree of the file after all changes.
fn tree(sources: &[Source], options: &Options, report: &mut Report) -> Option<Node> {
    let (first, sets) = sources.split_first()?;
    let mut root = parse(&first.text, 0, report)?;
    if !matches!(root.value, Value::Object(_)) {
        let message = format!("a scenario is an object, not {}", root.kind());
        report.push(Diagnostic::error("S004", message).at(root.span, "not an object"));
        return None;
    }
    if let Some(name) = &options.variant {
        apply_variant(&mut root, name, report);
    }
    for (index, set) in sets.iter().enumerate() {
        apply_set(&mut root, &set.text, index + 1, report);
    }
    correct(&mut root, &elements::Scenario::shape(), report);
    Some(root)
}

/// The scenario, which is of use only if no error was reported.
fn scenario(sources: &[Source], options: &Options, report: &mut Report) -> Option<Scenario> {
    let root = tree(sources, options, report)?;
    let file = read(&root, &options.registry, report);
    if !file.has_all_names() {
        return None;
    }
    let mut resolved = resolve(&file, report);
    resolved.hand_over(&options.consumers, report);
    let refused = !options.force && too_many_replicas(&resolved.plan, &file, report);
    resolve::faults(&file, &mut resolved, refused, report);
    let graph = match Graph::new(&resolved.plan) {
        Ok(graph) => Some(graph),
        Err(circle) => {
            report_cycle(&circle, &file, &resolved.names, report);
            None
        }
    };
    if let (Some(graph), false, false) = (&graph, options.force, report.has_errors()) {
        check_limits(&resolved.plan, graph, &file, report);
    }
    let (checks, probes) = checks::resolve(&file, &resolved, report);
    resolved.plan.probes = probes;
    let (Some(graph), false) = (graph, report.has_errors()) else { return None };
    let is_variant = options.variant.is_some();
    lint(&resolved.plan, &graph, &file, &resolved.names, is_variant, report);
    let top = file.top.as_ref()?;
    Some(Scenario {
        name: top.name.clone(),
        description: description(&root),
        question: top.question.clone(),
        variant: options.variant.clone(),
        seed: resolved.plan.seed,
        seeds: resolved.seeds,
        require: resolved.require,
        checks,
        variants: variants(&file),
        warnings: Vec::new(),
        sources: Vec::new(),
        resolved: root.json(),
        faults: faults::texts(&file.faults, &resolved.plan),
        plan: resolved.plan,
    })
}

fn description(node: &Node) -> Option<String> {
    node.get("description").and_then(Node::text).map(str::to_owned)
}

fn variants(file: &File<'_>) -> Vec<Variant> {
    let variant = |variant: &Named<'_, elements::Variant>| Variant {
        name: variant.name.to_owned(),
        description: description(variant.node),
        expect_fail: variant.value.as_ref().is_some_and(|variant| variant.expect == Expect::Fail),
    };
    file.variants.iter().map(variant).collect()
}
