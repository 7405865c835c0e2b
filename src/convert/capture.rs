//! What was on the wire around a message, with the places in the order in which it passes them.

use std::collections::BTreeMap;

use cascadia_models::capture::{Capture, Fate, Suspect, Suspicion, Transit};
use cascadia_models::component::PlaceId;
use cascadia_reports::result;

/// What was captured around `suspect`, which the components called `group` carry.
pub(crate) fn capture(
    group: &str,
    suspect: &Suspect,
    captured: &Capture,
) -> result::MessageCapture {
    let places = order(group, captured);
    let at: BTreeMap<PlaceId, usize> = places.iter().copied().zip(0..).collect();
    let transits = captured.transits.iter().map(|one| transit(one, &at)).collect();
    let mark = |mark: &cascadia_models::capture::Mark| {
        let (at_ns, what) = (mark.at.as_nanos(), mark.what.to_owned());
        at.get(&mark.place).map(|place| result::Mark { at_ns, place: *place, what })
    };
    result::MessageCapture {
        of: suspect.of.clone(),
        message: suspect.message.1,
        suspicion: match suspect.suspicion {
            Suspicion::Lost => result::Suspicion::Lost,
            Suspicion::Doubled => result::Suspicion::Doubled,
            Suspicion::Disordered => result::Suspicion::Disordered,
            Suspicion::Slowest => result::Suspicion::Slowest,
            Suspicion::Orphan => result::Suspicion::Orphan,
            Suspicion::Stuck => result::Suspicion::Stuck,
        },
        breaks_promise: suspect.breaks,
        published_ns: suspect.published.map(|at| at.as_nanos()),
        noticed_ns: suspect.noticed.as_nanos(),
        text: suspect.text.clone(),
        story: suspect.story.clone(),
        places: places.iter().map(|place| captured.names[place].clone()).collect(),
        transits,
        marks: captured.marks.iter().filter_map(mark).collect(),
        left_out: captured.left_out,
    }
}

fn transit(one: &Transit, at: &BTreeMap<PlaceId, usize>) -> result::Transit {
    let arrives = match one.fate {
        Fate::Received(at) | Fate::Unheard(at) => Some(at),
        Fate::Lost => None,
    };
    result::Transit {
        kind: one.said.kind.to_owned(),
        from: at[&one.from],
        to: at[&one.to],
        sent_ns: one.sent.as_nanos(),
        arrives_ns: arrives.map(|at| at.as_nanos()),
        is_received: matches!(one.fate, Fate::Received(_)),
        is_about: one.said.is_about,
        text: one.said.text.clone(),
    }
}

/// Whoever sends something of the message before anything of it is sent to them, those who carry it, and the others.
fn order(group: &str, captured: &Capture) -> Vec<PlaceId> {
    let about = || captured.transits.iter().filter(|one| one.said.is_about);
    let carries = |place: &PlaceId| {
        let rest = captured.names[place].strip_prefix(group);
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let rank = |place: &PlaceId| {
        let first = about().find(|one| one.from == *place || one.to == *place);
        match (carries(place), first.is_some_and(|one| one.from == *place)) {
            (true, _) => 1,
            (false, true) => 0,
            (false, false) => 2,
        }
    };
    let mut places: Vec<PlaceId> = captured.names.keys().copied().collect();
    places.sort_by_key(rank);
    places
}
