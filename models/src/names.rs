//! Names of longer things are put together from those of the plan: `users/3 → db retry`. Each of
//! them must stand for one thing only, whatever services, policies and loads are called, as streams,
//! lanes and results are told apart by them.

use std::borrow::Cow;

use crate::plan::{LoadPlan, Plan};

/// The target of an inbound stack.
pub(crate) const INBOUND: &str = "inbound";

/// A name as a part of a longer one: as it is where it is a plain word, or else between quotes, so
/// that nothing in it can be taken for what stands between the parts.
pub(crate) fn word(name: &str) -> Cow<'_, str> {
    let joins = |c: char| c.is_whitespace() || matches!(c, '"' | '/' | '[' | '→');
    let is_plain = !name.is_empty() && name != INBOUND && !name.contains(joins);
    if is_plain { name.into() } else { format!("{name:?}").into() }
}

/// Makes a word of every name of `plan`.
pub(crate) fn make_words(plan: &mut Plan) {
    for LoadPlan { name, .. } in &mut plan.loads {
        // The clients of a load and the replicas of a service are numbered alike.
        let mut services = plan.services.iter().map(|service| &service.name);
        let mut components = plan.components.iter().map(|component| &component.name);
        let shared = services.any(|other| other == name) || components.any(|other| other == name);
        *name = if shared { format!("load {name:?}") } else { word(name).into_owned() };
    }
    let services = plan.services.iter_mut().map(|service| &mut service.name);
    let components = plan.components.iter_mut().map(|component| &mut component.name);
    let stacks = plan.stacks.iter_mut().map(|stack| &mut stack.name);
    for name in services.chain(components).chain(stacks) {
        *name = word(name).into_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_no_plain_word_is_quoted() {
        for plain in ["db", "order-service", "p.retry", "größe", "p]"] {
            assert_eq!(word(plain), plain);
        }
        for (name, quoted) in [
            ("", r#""""#),
            ("inbound", r#""inbound""#),
            ("a/0", r#""a/0""#),
            ("a → b", r#""a → b""#),
            ("p fallback 1", r#""p fallback 1""#),
            ("p[1]", r#""p[1]""#),
            (r#""a""#, r#""\"a\"""#),
        ] {
            assert_eq!(word(name), quoted);
        }
    }
}
