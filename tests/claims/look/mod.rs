//! Claims held against a run.

mod held;
mod oracle;
mod shown;
mod template;

use cascadia::result::RunResult;

pub(crate) use self::held::{BY, FIXED, claims};
use self::oracle::Case;
use self::shown::Shown;
pub(crate) use self::template::Template;

/// What must be told of a run, of one text.
pub(crate) struct Claim {
    /// The text, as it stands in the sources.
    pub(crate) text: &'static str,
    /// Where it is told.
    pub(crate) places: &'static [&'static str],
    /// What must be told, with its gaps filled; what is in `*` is left open.
    told: fn(&Case<'_>) -> Vec<String>,
    /// It is told of every run.
    pub(crate) every: bool,
}

/// What came of holding all claims against a run.
#[derive(Default)]
pub(crate) struct Looked {
    /// By the order of the claims, whether it is told.
    pub(crate) told: Vec<bool>,
    /// What is told and is not so, or is so and not told.
    pub(crate) wrong: Vec<String>,
}

/// Holds every claim against a run.
pub(crate) fn look(result: &RunResult) -> Looked {
    let (shown, case) = (Shown::of(result), Case::new(result));
    let mut looked = Looked::default();
    for claim in claims() {
        let expected = (claim.told)(&case);
        looked.told.push(!expected.is_empty());
        let text = Template::of_source(claim.text);
        let templates: Vec<[Template; 2]> =
            expected.iter().map(|one| Template::of_told(one)).collect();
        for place in claim.places {
            let lines = shown.lines(place);
            for (one, template) in expected.iter().zip(&templates) {
                if !lines.iter().any(|line| is_one(template, line)) {
                    looked.wrong.push(format!("not told in {place}: {one:?}"));
                }
            }
            let said = lines.iter().filter(|line| text.is_in(line));
            let untrue = said.filter(|line| !templates.iter().any(|one| is_one(one, line)));
            let untrue =
                untrue.map(|line| format!("{:?} in {place}, not so: {line:?}", claim.text));
            looked.wrong.extend(untrue);
        }
    }
    looked
}

fn is_one(told: &[Template; 2], line: &str) -> bool {
    told.iter().any(|one| one.is_in(line))
}
