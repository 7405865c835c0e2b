//! The figures of components, by the names of their rows.

use std::collections::BTreeMap;

use cascadia_models::component::RowKind;
use cascadia_models::measure::{ComponentMeasured, Measured};
use cascadia_models::plan::{ComponentPlan, Plan};
use cascadia_reports::result::{ComponentResult, ComponentSeries};

/// Each group of components, by name.
pub(crate) fn components(plan: &Plan, measured: &Measured) -> BTreeMap<String, ComponentResult> {
    let result = |plan: &ComponentPlan, measured: &ComponentMeasured| ComponentResult {
        places: plan.places,
        rows: named(plan, RowKind::Count, &measured.measured),
        levels: named(plan, RowKind::Level, &measured.measured),
        ages_ns: named(plan, RowKind::Age, &measured.measured),
    };
    each(plan, measured, result)
}

/// Each group of components over time, by name.
pub(super) fn series(plan: &Plan, measured: &Measured) -> BTreeMap<String, ComponentSeries> {
    each(plan, measured, |plan, measured| ComponentSeries {
        rows: named(plan, RowKind::Count, &measured.series),
        levels: named(plan, RowKind::Level, &measured.series),
        ages_ns: named(plan, RowKind::Age, &measured.series),
    })
}

fn each<T>(
    plan: &Plan,
    measured: &Measured,
    of: impl Fn(&ComponentPlan, &ComponentMeasured) -> T,
) -> BTreeMap<String, T> {
    let groups = plan.components.iter().zip(&measured.components);
    groups.map(|(plan, measured)| (plan.name.clone(), of(plan, measured))).collect()
}

fn named<T: Clone>(plan: &ComponentPlan, kind: RowKind, values: &[T]) -> BTreeMap<String, T> {
    let rows = plan.build.rows().iter().zip(values).filter(|(row, _)| row.kind == kind);
    rows.map(|(row, value)| (row.name.to_owned(), value.clone())).collect()
}
