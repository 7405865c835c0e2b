use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Problems, Report, Source};
use crate::load::{root, scenario, sources};
use crate::scenario::Options;
use crate::text::{Member, Node, Span, Value};

/// What is wrong with a file and with each of its variants, or is probably not meant: each thing once. Variants are
/// looked at where nothing is wrong with the file itself.
///
/// Each variant is read with the rest of the file and without the others, so that many of them take time in proportion.
pub fn inspect(source: Source, options: &Options) -> Problems {
    let sources = sources(source, options);
    let mut report = Report::default();
    let Some(file) = root(&sources, &mut report) else {
        return Problems { sources, diagnostics: report.sorted() };
    };
    let loaded = scenario(file.clone(), &sources, options, &mut report);
    let is_valid = loaded.is_some() && !report.has_errors();
    let mut diagnostics = report.sorted();
    let mut known: BTreeMap<_, _> = diagnostics.iter().map(key).zip(0..).collect();
    let (variants, rest): (Vec<_>, Vec<_>) =
        file.members().iter().cloned().partition(|member| member.key == "variants" && is_valid);
    for of in &variants {
        for variant in of.node.sorted() {
            let options = Options { variant: Some(variant.key.clone()), ..options.clone() };
            let mut report = Report::default();
            scenario(alone(file.span, &rest, of, variant), &sources, &options, &mut report);
            for one in report.sorted() {
                let at = *known.entry(key(&one)).or_insert(diagnostics.len());
                match diagnostics.get_mut(at) {
                    // What is wrong in the file as it stands is wrong in its variants, too.
                    Some(other)
                        if other.variants.is_empty()
                            || other.variants.last() == Some(&variant.key) => {}
                    Some(other) => other.variants.push(variant.key.clone()),
                    None => {
                        diagnostics.push(Diagnostic { variants: vec![variant.key.clone()], ..one });
                    }
                }
            }
        }
    }
    Problems { sources, diagnostics }
}

/// A file in which there is one variant.
fn alone(span: Span, rest: &[Member], of: &Member, variant: &Member) -> Node {
    let object = |span, members| Node { span, inner: None, value: Value::Object(members) };
    let node = object(of.node.span, vec![variant.clone()]);
    let only = Member { key: of.key.clone(), span: of.span, node };
    object(span, rest.iter().cloned().chain([only]).collect())
}

/// What two problems with the same are one by: what is said of which place.
fn key(one: &Diagnostic) -> (&'static str, Option<(usize, usize, usize)>, String) {
    let place = one.labels.first().map(|label| (label.source, label.start, label.end));
    (one.code, place, one.message.clone())
}
