use crate::analysis::{Graph, bill, lint, most_held, refuse, report_cycle, too_many_replicas};
use crate::checks;
use crate::decode::{Decode as _, correct};
use crate::diagnostics::{Diagnostic, Problems, Report, Source};
use crate::elements::{self, Expect};
use crate::faults;
use crate::like;
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
    let sources = sources(source, options);
    let mut report = Report::default();
    let root = root(&sources, &mut report);
    let scenario = root.clone().and_then(|root| scenario(root, &sources, options, &mut report));
    let errors = report.has_errors();
    let mut diagnostics = report.sorted();
    if let (Some(root), Some(variant), false) = (root, &options.variant, diagnostics.is_empty()) {
        let without = without_variant(root, &sources, options);
        let is_missing = |one: &Diagnostic| one.code == "S053";
        let only = |one: &&mut Diagnostic| !is_missing(one) && !without.contains(one);
        for one in diagnostics.iter_mut().filter(only) {
            one.variants.push(variant.clone());
        }
    }
    match scenario {
        Some(scenario) if !errors => Ok(Scenario { warnings: diagnostics, sources, ..scenario }),
        _ => Err(Problems { sources, diagnostics }),
    }
}

/// What is to be said of the file as it stands.
fn without_variant(root: Node, sources: &[Source], options: &Options) -> Vec<Diagnostic> {
    let mut report = Report::default();
    scenario(root, sources, &Options { variant: None, ..options.clone() }, &mut report);
    report.sorted()
}

/// The file, and each change from outside.
pub(crate) fn sources(source: Source, options: &Options) -> Vec<Source> {
    let sets = options.sets.iter();
    let sets = sets.map(|set| Source { name: "--set".to_owned(), text: set.clone() });
    std::iter::once(source).chain(sets).collect()
}

/// The tree of the file.
pub(crate) fn root(sources: &[Source], report: &mut Report) -> Option<Node> {
    let root = parse(&sources.first()?.text, 0, report)?;
    if !matches!(root.value, Value::Object(_)) {
        let message = format!("a scenario is an object, not {}", root.kind());
        report.push(Diagnostic::error("S004", message).at(root.span, "not an object"));
        return None;
    }
    Some(root)
}

/// The scenario after all changes, which is of use only if no error was reported.
pub(crate) fn scenario(
    mut root: Node,
    sources: &[Source],
    options: &Options,
    report: &mut Report,
) -> Option<Scenario> {
    if let Some(name) = &options.variant {
        apply_variant(&mut root, name, report);
    }
    for (index, set) in sources.iter().enumerate().skip(1) {
        apply_set(&mut root, &set.text, index, report);
    }
    correct(&mut root, &elements::Scenario::shape(), report);
    like::apply(&mut root, report);
    let file = read(&root, &options.registry, report);
    if !file.has_all_names() {
        return None;
    }
    let mut resolved = resolve(&file, &options.sagas, report);
    resolved.hand_over(&options.consumers, report);
    resolved.let_take_part(&options.participants, report);
    let refused = !options.force && too_many_replicas(&resolved.plan, &file, report);
    resolve::faults(&file, &mut resolved, refused, report);
    let graph = match Graph::new(&resolved.plan) {
        Ok(graph) => Some(graph),
        Err(circle) => {
            report_cycle(&circle, &file, &resolved.names, report);
            None
        }
    };
    let is_sound = !report.has_errors();
    let (checks, probes) = checks::resolve(&file, &resolved, report);
    resolved.plan.probes = probes;
    let (Some(graph), true) = (graph, is_sound) else { return None };
    let bill = bill(&resolved.plan, &graph, &file);
    if !options.force {
        refuse(&resolved.plan, &bill, &file, report);
    }
    if report.has_errors() {
        return None;
    }
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
        bill,
        most_held: most_held(options.force),
        variants: variants(&file),
        warnings: Vec::new(),
        sources: Vec::new(),
        resolved: root.json(),
        faults: faults::texts(&file.faults, &resolved.plan, &resolved.hits),
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
