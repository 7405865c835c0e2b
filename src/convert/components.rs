//! What components counted, by the names of their rows.

use std::collections::BTreeMap;

use cascadia_models::measure::{ComponentMeasured, Measured};
use cascadia_models::plan::{ComponentPlan, Plan};
use cascadia_reports::result::{ComponentResult, ComponentSeries};

/// Each group of components, by name.
pub(crate) fn components(plan: &Plan, measured: &Measured) -> BTreeMap<String, ComponentResult> {
    let result = |plan: &ComponentPlan, measured: &ComponentMeasured| ComponentResult {
        places: plan.places,
        rows: named(plan, &measured.measured),
    };
    each(plan, measured, result)
}

/// Each group of components over time, by name.
pub(super) fn series(plan: &Plan, measured: &Measured) -> BTreeMap<String, ComponentSeries> {
    each(plan, measured, |plan, measured| ComponentSeries { rows: named(plan, &measured.series) })
}

fn each<T>(
    plan: &Plan,
    measured: &Measured,
    of: impl Fn(&ComponentPlan, &ComponentMeasured) -> T,
) -> BTreeMap<String, T> {
    let groups = plan.components.iter().zip(&measured.components);
    groups.map(|(plan, measured)| (plan.name.clone(), of(plan, measured))).collect()
}

fn named<T: Clone>(plan: &ComponentPlan, values: &[T]) -> BTreeMap<String, T> {
    let rows = plan.build.rows().iter().zip(values);
    rows.map(|(row, value)| (row.name.to_owned(), value.clone())).collect()
}
