use super::recovery::recoveries;
use crate::format;
use crate::result::RunResult;

/// Only so many breakers and instances are named; the others are counted.
const NAMED: usize = 5;

/// Something that happened in a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at_ns: u64,
    /// What, as a clause.
    pub text: String,
}

/// What happened, in the order of time.
pub fn events(result: &RunResult) -> Vec<Event> {
    let mut found = Vec::new();
    for fault in &result.faults {
        let what = format!("{} begins: {}", fault.name, fault.description);
        found.push(Event { at_ns: fault.start_ns, text: what });
        if fault.end_ns < result.simulated_ns {
            found.push(Event { at_ns: fault.end_ns, text: format!("{} ends", fault.name) });
        }
    }
    found.extend(first_changes(result, "open", "opens for the first time"));
    found.extend(first_changes(result, "down", "goes down for the first time"));
    found.extend(collapse(result));
    found.extend(recoveries(result).into_iter().map(|recovery| Event {
        at_ns: recovery.told_ns,
        text: format!("after {}: {}", recovery.faults, recovery.text),
    }));
    found.sort_by_key(|event| event.at_ns);
    found
}

/// The first time that each lane came into a state; beyond the first few a count.
fn first_changes(result: &RunResult, state: &str, verb: &str) -> Vec<Event> {
    let mut firsts: Vec<(u64, &str)> = result
        .states
        .iter()
        .filter_map(|lane| {
            let first = lane.changes.iter().find(|change| change.state == state)?;
            Some((first.at_ns, lane.name.as_str()))
        })
        .collect();
    firsts.sort_unstable();
    let mut found: Vec<Event> = firsts
        .iter()
        .take(NAMED)
        .map(|&(at_ns, name)| Event { at_ns, text: format!("{name} {verb}") })
        .collect();
    if let Some(&(at_ns, _)) = firsts.get(NAMED) {
        let more = firsts.len() - NAMED;
        found.push(Event { at_ns, text: format!("{more} more: each {verb} from here on") });
    }
    found
}

/// When goodput falls.
fn collapse(result: &RunResult) -> Option<Event> {
    let found = result.collapse?;
    let text = format!(
        "goodput falls to {}, where the load lets {} be expected",
        format::rate(found.goodput_per_s),
        format::rate(found.due_per_s)
    );
    Some(Event { at_ns: found.at_ns, text })
}

#[cfg(test)]
mod tests {
    use super::events;
    use crate::fixture::storm;
    use crate::format;

    #[test]
    fn the_story_of_the_storm() {
        let told: Vec<String> = events(&storm())
            .iter()
            .map(|event| format!("{} {}", format::moment(event.at_ns), event.text))
            .collect();
        assert_eq!(
            told,
            [
                "40.0 s db-slow begins: slow ×10 on db",
                "40.0 s goodput falls to 952/s, where the load lets 1 169/s be expected",
                "44.2 s gateway/0 → orders/0 breaker opens for the first time",
                "45.1 s gateway/1 → orders/0 breaker opens for the first time",
                "50.0 s db-slow ends",
                "70.0 s db/0 goes down for the first time",
                "130.0 s after db-slow: metastable: not recovered before the end of the run: goodput is low, p50 is 429 ms at last (11.2 ms before); at worst 5 % of what was due came, and 73 200 fewer than were due by then",
            ]
        );
    }

    #[test]
    fn many_breakers_are_counted() {
        let mut run = storm();
        let lane = run.states[0].clone();
        run.states = vec![lane; 12];
        let more = events(&run).into_iter().find(|event| event.text.starts_with("7 more"));
        assert_eq!(more.map(|event| event.at_ns), Some(44_200_000_000));
    }
}
