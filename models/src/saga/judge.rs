use crate::component::Invariant;
use crate::effects::{Broken, Tally, Witness};

/// A law, how often it was broken, and what was compared.
pub(super) type Law = (&'static str, u64, String);

/// The laws that sagas called so have kept, which stand so, with those of their form. Nothing is promised where
/// somebody who does a step does whatever comes.
pub(super) fn laws(
    name: &str,
    (witness, tally): (&Witness, Tally),
    is_promised: bool,
    own: impl IntoIterator<Item = Law>,
) -> Vec<Invariant> {
    let Broken { unbalanced, disordered, late, .. } = witness.broken();
    let all = format!(
        "{} completed, {} compensated, {} of them orphans",
        tally.completed, tally.compensated, tally.orphans
    );
    let left = format!("{unbalanced} that went back have left something in a ledger");
    let first = [
        ("all-or-nothing", tally.orphans, all),
        ("ledgers-conserved", unbalanced, left),
        ("tombstones-hold", late, format!("{late} steps were done after their undo")),
    ];
    let reverse = format!("{disordered} went back in another order");
    let last = ("undone-in-reverse", disordered, reverse);
    let law = |(law, broken, detail): Law| Invariant {
        name: format!("{law} {name}"),
        passed: broken == 0 || !is_promised,
        detail,
    };
    first.into_iter().chain(own).chain([last]).map(law).collect()
}

/// Nothing is done for an orchestrator that is in charge no more.
pub(super) fn one_epoch(witness: &Witness) -> Law {
    let stale = witness.broken().stale;
    ("one-epoch", stale, format!("{stale} steps were done for who was in charge no more"))
}

/// What is locked is locked for a saga that lives, and what needs a lock is done with it.
pub(super) fn locks_of_live(witness: &Witness) -> Law {
    let Broken { left, without, .. } = witness.broken();
    let told = format!("{left} locks of sagas that have ended, {without} steps without their lock");
    ("locks-of-live", left + without, told)
}
