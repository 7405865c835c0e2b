//! What is told of a run is what its figures show.

use cascadia_reports::story::{commonest, culprit, falls, storm, timeline};

use super::{Case, Judge, Rule};
use crate::claims;

pub(super) const RULES: &[Rule] = &[
    ("who falls does so after the first fault, and is back later", fallen),
    ("a load comes to whom it calls and to nobody unknown", reached),
    ("one cause is named at most", named),
    ("an answer of use is an answer", useful),
    ("what is told is so, and what is so is told", told),
];

fn fallen(case: &Case<'_>, judge: &mut Judge) {
    let falls = falls(case.result);
    let first = case.result.faults.iter().map(|fault| fault.start_ns).min();
    judge.expect(first.is_some() || falls.is_empty(), || format!("without a fault: {falls:?}"));
    judge.expect(timeline(&falls).is_some() != falls.is_empty(), || format!("{falls:?}"));
    let series = &case.result.series;
    for fall in &falls {
        let after = first.is_some_and(|first| fall.at_ns + series.window_ns > first);
        let back = fall.back_ns.is_none_or(|back| fall.at_ns < back && back < series.end_ns);
        let known = case.world.services.contains_key(&fall.service);
        judge.expect(after && back && known, || format!("{fall:?}, the first fault at {first:?}"));
    }
    let order: Vec<u64> = falls.iter().map(|fall| fall.at_ns).collect();
    judge.expect(order.is_sorted(), || format!("{falls:?}"));
}

fn reached(case: &Case<'_>, judge: &mut Judge) {
    for (name, load) in &case.world.loads {
        let reaches = &case.result.loads[name].reaches;
        let known = reaches.iter().all(|reached| {
            case.world.services.contains_key(reached)
                || case.result.components.contains_key(reached)
        });
        let own = reaches.contains(&load.call.service);
        judge.expect(known && own, || format!("{name} calls {}: {reaches:?}", load.call.service));
        // What arrives somewhere has been sent there.
        let arrived = case.result.services.iter().filter(|(_, service)| service.arrivals > 0);
        for (service, _) in arrived {
            let mut loads = case.result.loads.values();
            let sent = loads.any(|load| load.reaches.contains(service));
            judge.expect(sent, || format!("requests came to {service}, and no load reaches it"));
        }
    }
}

fn named(case: &Case<'_>, judge: &mut Judge) {
    let (sustains, culprit) = (storm(case.result).sustained, culprit(case.result));
    judge.expect(!sustains || culprit.is_none(), || format!("a storm, and {culprit:?}"));
    let failed = case.result.loads.values().any(|load| !load.causes.is_empty());
    let commonest = commonest(case.result);
    judge.expect(failed || commonest.is_none(), || format!("nothing failed: {commonest:?}"));
}

fn useful(case: &Case<'_>, judge: &mut Judge) {
    for (name, service) in &case.result.series.services {
        // Behind an inbound stack, which may try again, answers are counted when they have passed it.
        if case.world.services[name].inbound.is_some() {
            continue;
        }
        let answers = service.useful.iter().zip(&service.completions);
        let holds = answers.clone().all(|(useful, answers)| useful <= answers);
        judge.expect(holds, || format!("{name}: {:?}", answers.collect::<Vec<_>>()));
    }
}

fn told(case: &Case<'_>, judge: &mut Judge) {
    let wrong = claims::look(case.result).wrong;
    judge.expect(wrong.is_empty(), || wrong.join("; "));
}
