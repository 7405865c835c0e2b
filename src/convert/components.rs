//! The figures of components and of their parts, by the names of their rows.

use std::collections::BTreeMap;

use cascadia_models::component::{Row, RowKind};
use cascadia_models::measure::{ComponentMeasured, Measured};
use cascadia_models::plan::Plan;
use cascadia_reports::result::{ComponentResult, ComponentSeries};

/// Each group of components and each of their parts, by name.
pub(crate) fn components(plan: &Plan, measured: &Measured) -> BTreeMap<String, ComponentResult> {
    let result = |Named { places, rows, measured, .. }: &Named<'_>| ComponentResult {
        places: *places,
        rows: named(rows, RowKind::Count, &measured.measured),
        levels: named(rows, RowKind::Level, &measured.measured),
        ages_ns: named(rows, RowKind::Age, &measured.measured),
        order: rows.iter().map(|row| row.name.to_owned()).collect(),
        remarks: measured.remarks.clone(),
    };
    all(plan, measured).iter().map(|of| (of.name.clone(), result(of))).collect()
}

/// Each of them over time, by name.
pub(super) fn series(plan: &Plan, measured: &Measured) -> BTreeMap<String, ComponentSeries> {
    let series = |Named { rows, measured, .. }: &Named<'_>| ComponentSeries {
        rows: named(rows, RowKind::Count, &measured.series),
        levels: named(rows, RowKind::Level, &measured.series),
        ages_ns: named(rows, RowKind::Age, &measured.series),
    };
    all(plan, measured).iter().map(|of| (of.name.clone(), series(of))).collect()
}

/// What was measured of a group or a part.
struct Named<'a> {
    name: String,
    places: u32,
    rows: &'static [Row],
    measured: &'a ComponentMeasured,
}

fn all<'a>(plan: &Plan, measured: &'a Measured) -> Vec<Named<'a>> {
    let mut all = Vec::new();
    for (plan, measured) in plan.components.iter().zip(&measured.components) {
        let (name, places, rows) = (plan.name.clone(), plan.places, plan.build.rows());
        all.push(Named { name, places, rows, measured });
        for (part, measured) in plan.build.parts().into_iter().zip(&measured.parts) {
            all.push(Named { name: part.name, places: 0, rows: part.rows, measured });
        }
    }
    all
}

fn named<T: Clone>(rows: &[Row], kind: RowKind, values: &[T]) -> BTreeMap<String, T> {
    let rows = rows.iter().zip(values).filter(|(row, _)| row.kind == kind);
    rows.map(|(row, value)| (row.name.to_owned(), value.clone())).collect()
}
