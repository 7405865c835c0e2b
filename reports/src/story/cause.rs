use crate::format;
use crate::result::{CauseResult, LoadResult, StageKind, WhyKind};

/// Why a request failed, in words: who refused or stopped waiting, and how far the work had come.
pub fn cause(cause: &CauseResult) -> String {
    let callee = &cause.callee;
    let words = |name: &Option<String>| name.as_deref().unwrap_or_default().replace('_', " ");
    let (layer, reason) = (words(&cause.layer), words(&cause.reason));
    let between = cause
        .caller
        .as_ref()
        .map_or_else(|| callee.clone(), |caller| format!("{caller} → {callee}"));
    match cause.why {
        WhyKind::RefusedHere => format!("the {layer} of {between} refused: {reason}"),
        WhyKind::RefusedThere => format!("the {layer} of {callee} refused: {reason}"),
        WhyKind::GaveUp => format!("the {layer} of {between} stopped waiting{}", so_far(cause)),
        WhyKind::GaveUpThere => format!("the {layer} of {callee} stopped waiting"),
        WhyKind::Answered => format!("{callee} answered: {reason}"),
        WhyKind::Unconfirmed => {
            let publisher = cause.caller.as_deref().unwrap_or_default();
            format!("{callee} did not confirm what {publisher} published")
        }
    }
}

/// How far the call had come that was given up.
fn so_far(cause: &CauseResult) -> String {
    let callee = &cause.callee;
    match (cause.stage, &cause.behind) {
        (None, _) => ", before anything was sent".to_owned(),
        (Some(StageKind::Sent), _) => format!(" for a call that had not reached {callee}"),
        (Some(StageKind::Down), _) => format!(" for {callee}, which was down"),
        (Some(StageKind::Waiting), _) => format!(" for a call that had no worker at {callee} yet"),
        (Some(StageKind::Calling), Some(behind)) => {
            format!(" for {callee}, which waited for {behind}")
        }
        (Some(StageKind::Working | StageKind::Calling), _) => {
            format!(" for a call that {callee} was working on")
        }
        (Some(StageKind::Answered), _) => format!(" for an answer of {callee} that was on its way"),
    }
}

/// What most failures of a load come from, if it has any.
pub fn main_cause(name: &str, load: &LoadResult) -> Option<String> {
    let first = load.causes.first()?;
    let failed: u64 = load.causes.iter().map(|cause| cause.count).sum();
    let share = format::share(first.count as f64 / failed.max(1) as f64);
    Some(format!("{share} of the failures of {name} have this cause: {}.", cause(first)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::result::OutcomeKind;

    fn of(why: WhyKind) -> CauseResult {
        CauseResult {
            outcome: OutcomeKind::Timeout,
            why,
            caller: Some("web".to_owned()),
            callee: "db".to_owned(),
            layer: Some("token_bucket".to_owned()),
            reason: Some("too_often".to_owned()),
            stage: None,
            behind: None,
            count: 3,
        }
    }

    #[test]
    fn it_says_on_which_side_it_was() {
        assert_eq!(
            cause(&of(WhyKind::RefusedHere)),
            "the token bucket of web → db refused: too often"
        );
        assert_eq!(cause(&of(WhyKind::RefusedThere)), "the token bucket of db refused: too often");
        assert_eq!(cause(&of(WhyKind::GaveUpThere)), "the token bucket of db stopped waiting");
        assert_eq!(cause(&of(WhyKind::Answered)), "db answered: too often");
        let unconfirmed = "db did not confirm what web published";
        assert_eq!(cause(&of(WhyKind::Unconfirmed)), unconfirmed);
    }

    #[test]
    fn it_says_how_far_it_had_come() {
        let given_up = |stage, behind: Option<&str>| {
            let behind = behind.map(str::to_owned);
            cause(&CauseResult { stage, behind, ..of(WhyKind::GaveUp) })
        };
        let ends = [
            (None, None, "stopped waiting, before anything was sent"),
            (Some(StageKind::Sent), None, "for a call that had not reached db"),
            (Some(StageKind::Down), None, "for db, which was down"),
            (Some(StageKind::Waiting), None, "for a call that had no worker at db yet"),
            (Some(StageKind::Working), None, "for a call that db was working on"),
            (Some(StageKind::Calling), Some("disk"), "for db, which waited for disk"),
            (Some(StageKind::Answered), None, "for an answer of db that was on its way"),
        ];
        for (stage, behind, end) in ends {
            let said = given_up(stage, behind);
            assert!(said.ends_with(end), "{said}");
        }
    }
}
