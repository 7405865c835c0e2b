use super::latency::slower;
use crate::format;
use crate::result::{RecoveryKind, RecoveryResult, RunResult};

/// What became of the loads after a fault, those together of which the same is to be said.
#[derive(Clone, Debug, PartialEq)]
pub struct Recovery {
    /// The fault.
    pub fault: String,
    /// When it ended.
    pub fault_end_ns: u64,
    /// When it was over, or until when it was watched.
    pub told_ns: u64,
    /// What is said, as a clause.
    pub text: String,
}

/// What became of the loads after each fault that ended within the run. Nothing is said where the load
/// changes by plan.
pub fn recoveries(result: &RunResult) -> Vec<Recovery> {
    let several = result.series.loads.len() > 1;
    let told = result.recoveries.iter().filter(|one| one.verdict != RecoveryKind::OtherLoad);
    let mut groups: Vec<(String, &RecoveryResult, Vec<&str>)> = Vec::new();
    for one in told {
        let text = text(result, one);
        let same = groups.iter_mut().find(|(said, of, _)| *said == text && of.fault == one.fault);
        match same {
            Some((_, _, loads)) => loads.push(&one.load),
            None => groups.push((text, one, vec![&one.load])),
        }
    }
    let told = |(text, of, loads): (String, &RecoveryResult, Vec<&str>)| {
        let back = of.goodput_after_ns.zip(of.latency_after_ns);
        Recovery {
            fault: of.fault.clone(),
            fault_end_ns: of.fault_end_ns,
            told_ns: back
                .map_or(of.until_ns, |(goodput, latency)| of.fault_end_ns + goodput.max(latency)),
            text: if several { format!("{}: {text}", loads.join(", ")) } else { text },
        }
    };
    groups.into_iter().map(told).collect()
}

fn text(result: &RunResult, of: &RecoveryResult) -> String {
    let limit = match &of.until {
        None => "the end of the run".to_owned(),
        Some(name) if result.series.loads.contains_key(name) => {
            format!("the load changes ({name})")
        }
        Some(name) => name.clone(),
    };
    match of.verdict {
        RecoveryKind::Recovered => format!("recovered {}{}", when(of), cost(of)),
        RecoveryKind::NotRecovered | RecoveryKind::Metastable => {
            let kept = if of.verdict == RecoveryKind::Metastable { "metastable: " } else { "" };
            let lacking = lacking(result, of);
            format!("{kept}not recovered before {limit}: {lacking}{}", cost(of))
        }
        RecoveryKind::TooFew | RecoveryKind::OtherLoad => {
            format!("too few requests before {limit} to tell whether it is over")
        }
    }
}

/// When goodput and latency were back, each by itself where they differ.
fn when(of: &RecoveryResult) -> String {
    let after = |ns: Option<u64>| match ns.unwrap_or_default() {
        0 => "at once".to_owned(),
        ns => format!("after {}", format::duration(ns as f64)),
    };
    match (after(of.goodput_after_ns), after(of.latency_after_ns)) {
        (goodput, latency) if goodput == latency => goodput,
        (goodput, latency) => format!("in goodput {goodput}, in latency {latency}"),
    }
}

/// What is not back.
fn lacking(result: &RunResult, of: &RecoveryResult) -> String {
    let goodput = of.goodput_after_ns.is_none().then(|| "goodput is low".to_owned());
    let latency = of.latency_after_ns.is_none().then(|| {
        let stretch = of.fault_end_ns..of.until_ns;
        slower(result, &of.load, stretch)
    });
    let said: Vec<String> = goodput.into_iter().chain(latency.flatten()).collect();
    if said.is_empty() { "p50 is more than twice what it was".to_owned() } else { said.join(", ") }
}

/// How deep goodput fell and what that cost.
fn cost(of: &RecoveryResult) -> String {
    let Some(depth) = of.depth else { return String::new() };
    format!(
        "; at worst {} of what was due, {} requests lost",
        format::share(depth),
        format::count(libm::round(of.lost) as u64)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{SECOND, storm};

    fn told(change: impl Fn(&mut RecoveryResult)) -> String {
        let mut run = storm();
        change(&mut run.recoveries[0]);
        recoveries(&run)[0].text.clone()
    }

    fn back(goodput: u64, latency: u64) -> String {
        told(|one| {
            one.verdict = RecoveryKind::Recovered;
            one.goodput_after_ns = Some(goodput * SECOND);
            one.latency_after_ns = Some(latency * SECOND);
        })
    }

    #[test]
    fn what_is_back_is_said_of_goodput_and_of_latency() {
        let cost = "; at worst 5 % of what was due, 73 200 requests lost";
        assert_eq!(back(0, 0), format!("recovered at once{cost}"));
        assert_eq!(back(8, 8), format!("recovered after 8 s{cost}"));
        assert_eq!(
            back(0, 20),
            format!("recovered in goodput at once, in latency after 20 s{cost}")
        );
    }

    #[test]
    fn what_is_not_back_is_said_with_what_ended_the_watch() {
        let lost = told(|one| one.verdict = RecoveryKind::NotRecovered);
        assert!(
            lost.starts_with("not recovered before the end of the run: goodput is low"),
            "{lost}"
        );
        let lost = told(|one| {
            one.verdict = RecoveryKind::NotRecovered;
            one.until = Some("zone-loss".to_owned());
        });
        assert!(lost.starts_with("not recovered before zone-loss: "), "{lost}");
        let lost = told(|one| {
            one.verdict = RecoveryKind::NotRecovered;
            one.goodput_after_ns = Some(0);
            one.depth = None;
        });
        let slow = "p50 is 429 ms at last (11.2 ms before)";
        assert_eq!(lost, format!("not recovered before the end of the run: {slow}"));
        let few = told(|one| one.verdict = RecoveryKind::TooFew);
        assert_eq!(few, "too few requests before the end of the run to tell whether it is over");
    }

    #[test]
    fn nothing_is_said_where_the_load_changes_by_plan() {
        let mut run = storm();
        run.recoveries[0].verdict = RecoveryKind::OtherLoad;
        assert!(recoveries(&run).is_empty());
    }

    #[test]
    fn loads_of_which_the_same_is_to_be_said_share_a_line() {
        let mut run = storm();
        let load = run.series.loads["shoppers"].clone();
        run.series.loads.insert("guests".to_owned(), load);
        let guests = RecoveryResult { load: "guests".to_owned(), ..run.recoveries[0].clone() };
        run.recoveries.push(guests);
        let found = recoveries(&run);
        assert_eq!(found.len(), 1);
        assert!(found[0].text.starts_with("shoppers, guests: metastable"), "{}", found[0].text);
        run.recoveries[1].verdict = RecoveryKind::TooFew;
        assert_eq!(recoveries(&run).len(), 2);
    }
}
