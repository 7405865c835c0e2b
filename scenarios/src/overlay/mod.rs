//! Changes to a file: variants and `--set`.

mod apply;
mod path;

pub(crate) use self::apply::apply;
pub(crate) use self::path::{Path, split_assignment};

use crate::diagnostics::{Diagnostic, Report};
use crate::names::with_place;
use crate::nearest::{nearest, suggestion};
use crate::text::{Member, Node, parse_fragment};

/// Makes the changes of the variant `name`.
pub(crate) fn apply_variant(root: &mut Node, name: &str, report: &mut Report) {
    let empty: &[Member] = &[];
    let variants = root.get("variants").map_or(empty, Node::members);
    let Some(variant) = variants.iter().find(|member| member.key == name) else {
        let names = variants.iter().map(|member| &*member.key);
        let near = nearest(name, names.clone());
        let place = variants.iter().find(|member| Some(&*member.key) == near);
        let span = root.key_or_start("variants");
        let diagnostic = Diagnostic::error("S053", format!("there is no variant `{name}`"))
            .at(span, "not among the variants")
            .maybe_help(suggestion(name, names))
            .maybe_help(variants.is_empty().then(|| "the file has no variants".to_owned()));
        report.push(with_place(diagnostic, near, place.map(|member| member.span)));
        return;
    };
    let changes: Vec<Member> = variant.node.get("set").map_or(empty, Node::members).to_vec();
    for change in changes {
        match Path::parse(&change.key) {
            Ok(path) => apply(root, &path, change.span, change.node, report),
            Err(message) => {
                report.push(Diagnostic::error("S050", message).at(change.span, "this path"));
            }
        }
    }
}

/// Makes the change `path=value` given as source number `source`.
pub(crate) fn apply_set(root: &mut Node, text: &str, source: usize, report: &mut Report) {
    let whole = crate::text::Span { source, start: 0, end: text.len() };
    let help = "write path=value, such as policies.standard.retry.attempts=5";
    let Some(at) = split_assignment(text) else {
        let message = format!("`{text}` has no `=`");
        report.push(Diagnostic::error("S050", message).at(whole, "no change").help(help));
        return;
    };
    let span = crate::text::Span { end: at, ..whole };
    match Path::parse(&text[..at]) {
        Ok(path) => {
            let value = parse_fragment(text, source, at + 1, report);
            apply(root, &path, span, value, report);
        }
        Err(message) => {
            report.push(Diagnostic::error("S050", message).at(span, "this path").help(help));
        }
    }
}
