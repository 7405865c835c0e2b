use super::figures::{WORTH, is_wrong, too_many};
use crate::format;
use crate::result::{ComponentResult, RunResult};

/// What is wrong with sagas of which a check does not hold, in one sentence: they leave something behind, cannot go back,
/// or are left to themselves.
pub(super) fn sagas(result: &RunResult) -> Option<String> {
    result.components.iter().find_map(|(name, found)| {
        let started = *found.rows.get("started")?;
        let sagas = is_wrong(result, name).then_some(Sagas { result, name, found, started })?;
        sagas.orphans().or_else(|| sagas.stuck()).or_else(|| sagas.left())
    })
}

struct Sagas<'a> {
    result: &'a RunResult,
    name: &'a str,
    found: &'a ComponentResult,
    started: u64,
}

impl Sagas<'_> {
    /// How many of them are so and how many there are, where a check lets fewer be so, or, where nothing is checked, that
    /// is worth a word.
    fn some(&self, level: &str) -> Option<[String; 2]> {
        let count = self.found.levels.get(level).copied().unwrap_or(0);
        let is_so = match self.result.checks.is_empty() {
            true => count as f64 >= WORTH * self.started as f64,
            false => too_many(self.result, self.name, level),
        };
        (is_so && count > 0).then(|| [count, self.started].map(format::count))
    }

    fn orphans(&self) -> Option<String> {
        let ([orphans, all], name) = (self.some("orphans")?, self.name);
        let first = self.found.remarks.first().map(|remark| format!("; {remark}"));
        let first = first.unwrap_or_default();
        Some(format!("{orphans} of {all} {name} are orphans{first}."))
    }

    fn stuck(&self) -> Option<String> {
        let ([stuck, all], name) = (self.some("stuck")?, self.name);
        Some(format!(
            "{stuck} of {all} {name} are stuck: what they did is to be undone, and that fails."
        ))
    }

    /// Some are under way at the end, and none has been taken over.
    fn left(&self) -> Option<String> {
        let places = self.result.components.get(self.name.trim_end_matches(" sagas"))?;
        let left = *self.result.series.components.get(self.name)?.levels.get("running")?.last()?;
        let is_left = left > 0
            && too_many(self.result, self.name, "running")
            && places.rows.get("taken_over") == Some(&0);
        is_left.then(|| {
            let (left, name) = (format::count(left), self.name);
            format!("{left} {name} are under way in the end, and none was taken over.")
        })
    }
}
