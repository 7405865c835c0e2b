use crate::component::Invariant;
use crate::effects::{Broken, Witness};

/// The laws that sagas called so have kept. Nothing is promised where somebody who does a step does whatever comes.
pub(super) fn laws(name: &str, witness: &Witness, is_promised: bool) -> Vec<Invariant> {
    let (tally, broken) = (witness.tally(), witness.broken());
    let law = |law: &str, broken: u64, detail: String| Invariant {
        name: format!("{law} {name}"),
        passed: broken == 0 || !is_promised,
        detail,
    };
    let Broken { unbalanced, disordered, late, stale } = broken;
    let all = format!(
        "{} completed, {} compensated, {} of them orphans",
        tally.completed, tally.compensated, tally.orphans
    );
    let left = format!("{unbalanced} that went back have left something in a ledger");
    vec![
        law("all-or-nothing", tally.orphans, all),
        law("ledgers-conserved", unbalanced, left),
        law("tombstones-hold", late, format!("{late} steps were done after their undo")),
        law("one-epoch", stale, format!("{stale} steps were done for who was in charge no more")),
        law("undone-in-reverse", disordered, format!("{disordered} went back in another order")),
    ]
}
