//! States follow one another as they must.

use std::collections::BTreeMap;

use cascadia::result::StateLane;

use super::{Case, Judge, Rule};
use crate::generated::world::{DOWN, Fault, share, word};

pub(super) const RULES: &[Rule] = &[
    ("states change in order and each to another", order),
    ("replicas are down exactly while a crash holds them", crashes),
    ("a fault hits as many as it says", picks),
    ("circuits go only where they may", circuits),
    ("another life begins as the first did", lives),
    ("endpoints are ejected and restored in turn", ejections),
];

fn order(case: &Case<'_>, judge: &mut Judge) {
    for lane in &case.result.states {
        let mut before = (0, lane.initial.as_str());
        for change in &lane.changes {
            let now = (change.at_ns, change.state.as_str());
            let sane = before.0 <= now.0 && now.0 <= case.world.duration && before.1 != now.1;
            judge.expect(sane, || format!("{}: from {before:?} to {now:?}", lane.name));
            before = now;
        }
    }
}

/// The lanes of replicas, with the name of the service.
fn replicas<'a>(case: &'a Case<'_>) -> BTreeMap<(&'a str, u64), &'a StateLane> {
    let mut found = BTreeMap::new();
    for (name, service) in &case.world.services {
        for replica in 0..service.replicas {
            let wanted = format!("{}/{replica}", word(name));
            let lane = case.result.states.iter().find(|lane| lane.name == wanted);
            found.extend(lane.map(|lane| ((name.as_str(), replica), lane)));
        }
    }
    found
}

/// When a replica goes down and comes up, without what takes no time.
fn turns(lane: &StateLane) -> Vec<(u64, &str)> {
    let mut turns: Vec<(u64, &str)> = Vec::new();
    for change in lane.changes.iter().filter(|_| lane.dropped == 0) {
        match turns.last() {
            Some((at, _)) if *at == change.at_ns => drop(turns.pop()),
            _ => turns.push((change.at_ns, &change.state)),
        }
    }
    turns
}

fn crashes(case: &Case<'_>, judge: &mut Judge) {
    let faults = case.world.faults.iter().filter(|fault| fault.is(&DOWN));
    let faults: Vec<&Fault> = faults.collect();
    if faults.iter().any(|fault| !matches!(fault.value["pick"].as_str(), None | Some("all"))) {
        return;
    }
    let lanes = replicas(case);
    let constant =
        case.world.services.iter().filter(|(_, service)| service.ever == service.replicas);
    for (name, service) in constant {
        for replica in 0..service.replicas {
            let hits = faults.iter().filter(|fault| {
                let selector = fault.value["target"].as_str().unwrap_or_default();
                case.world.replicas(selector).contains(&(name.as_str(), replica))
            });
            let expected = together(hits.map(|fault| (fault.start, fault.end)).collect());
            let found = lanes.get(&(name.as_str(), replica)).map(|lane| turns(lane));
            let found = found.unwrap_or_default();
            judge.expect(found == expected, || {
                format!("{name}/{replica}: {found:?}, and the faults say {expected:?}")
            });
        }
    }
}

/// The turns of somebody who is down in each of several times.
fn together(mut times: Vec<(u64, u64)>) -> Vec<(u64, &'static str)> {
    times.sort_unstable();
    let mut joined: Vec<(u64, u64)> = Vec::new();
    for (start, end) in times {
        match joined.last_mut() {
            Some((_, last)) if start <= *last => *last = end.max(*last),
            _ => joined.push((start, end)),
        }
    }
    joined.into_iter().flat_map(|(start, end)| [(start, "down"), (end, "up")]).collect()
}

/// Shares are rounded up. In tenths of a percent they are whole numbers.
fn picks(case: &Case<'_>, judge: &mut Judge) {
    let world = &case.world;
    let mut crashes = world.faults.iter().filter(|fault| fault.is(&DOWN));
    let (Some(fault), None) = (crashes.next(), crashes.next()) else { return };
    // Who has left cannot go down, and the places of brokers are none of the services.
    if world.has_fault(&["scale"]) || world.has_mail {
        return;
    }
    let selector = fault.value["target"].as_str().unwrap_or_default();
    let candidates = world.replicas(selector);
    let all = candidates.len() as u64;
    let expected = match fault.value["pick"].as_str() {
        None | Some("all") => all,
        Some("one") => 1,
        Some(_) => {
            let tenths = share(&fault.value["pick"]).map_or(0.0, |share| share * 1_000.0);
            (tenths.round() as u64 * all).div_ceil(1_000).max(1)
        }
    };
    let hit = replicas(case).into_iter().filter(|(who, lane)| {
        candidates.contains(who) && lane.changes.iter().any(|change| change.at_ns == fault.start)
    });
    let hit = hit.count() as u64;
    judge.expect(hit == expected, || {
        format!("{hit} of {all} are down, {expected} should be: {}", fault.value)
    });
}

/// When whoever a lane belongs to began another life.
fn restarts(case: &Case<'_>, lane: &StateLane) -> Vec<u64> {
    let owner = |who: &(&str, u64)| format!("{}/{} → ", word(who.0), who.1);
    let all = replicas(case);
    let mine = all.iter().find(|(who, _)| lane.name.starts_with(&owner(who)));
    let up = |lane: &&StateLane| -> Vec<u64> {
        let changes = lane.changes.iter().filter(|change| change.state == "up");
        changes.map(|change| change.at_ns).collect()
    };
    mine.map(|(_, lane)| up(lane)).unwrap_or_default()
}

/// The lanes of circuits.
pub(super) fn of_circuits<'a>(case: &'a Case<'_>) -> impl Iterator<Item = &'a StateLane> {
    const STATES: [&str; 3] = ["closed", "open", "half_open"];
    case.result.states.iter().filter(|lane| STATES.contains(&lane.initial.as_str()))
}

fn circuits(case: &Case<'_>, judge: &mut Judge) {
    for lane in of_circuits(case) {
        let restarts = restarts(case, lane);
        judge.expect(lane.initial == "closed", || format!("{} begins {}", lane.name, lane.initial));
        let mut before = lane.initial.as_str();
        for change in &lane.changes {
            let way = (before, change.state.as_str());
            let legal = match way {
                ("closed", "open") | ("open", "half_open") | ("half_open", "closed" | "open") => {
                    true
                }
                (_, "closed") => restarts.contains(&change.at_ns),
                _ => false,
            };
            judge.expect(legal, || format!("{}: {way:?} at {}", lane.name, change.at_ns));
            before = &change.state;
        }
    }
}

/// The state after each restart is the initial one.
fn lives(case: &Case<'_>, judge: &mut Judge) {
    for lane in case.result.states.iter().filter(|lane| lane.dropped == 0) {
        for at in restarts(case, lane) {
            let before = lane.changes.iter().take_while(|change| change.at_ns < at).last();
            let before = before.map_or(&lane.initial, |change| &change.state);
            let mut then = lane.changes.iter().filter(|change| change.at_ns == at);
            let anew = *before == lane.initial || then.any(|change| change.state == lane.initial);
            judge.expect(anew, || format!("{}: still {before} at {at}", lane.name));
        }
    }
}

fn ejections(case: &Case<'_>, judge: &mut Judge) {
    let lanes = case.result.states.iter().filter(|lane| lane.initial == "in_use");
    for lane in lanes {
        for (change, expected) in lane.changes.iter().zip(["ejected", "in_use"].iter().cycle()) {
            judge.expect(change.state == *expected, || {
                format!("{}: {} at {}", lane.name, change.state, change.at_ns)
            });
        }
    }
}
