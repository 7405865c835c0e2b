use super::latency::slower;
use crate::format;
use crate::result::{RecoveryKind, RecoveryResult, RunResult};

/// What became of loads after faults that ended together, those together of which the same is to be
/// said.
#[derive(Clone, Debug, PartialEq)]
pub struct Recovery {
    /// The faults.
    pub faults: String,
    /// When they ended.
    pub fault_end_ns: u64,
    /// When it was over, or until when it was watched.
    pub told_ns: u64,
    /// What is said, as a clause.
    pub text: String,
}

/// What became of the loads after each fault that ended within the run. Nothing is said where the load
/// changes by plan.
pub fn recoveries(result: &RunResult) -> Vec<Recovery> {
    let told = result.recoveries.iter().filter(|one| one.verdict != RecoveryKind::OtherLoad);
    let mut groups: Vec<Group<'_>> = Vec::new();
    for one in told {
        let text = text(result, one);
        let is_same = |group: &&mut Group<'_>| {
            group.text == text && group.all[0].fault_end_ns == one.fault_end_ns
        };
        match groups.iter_mut().find(is_same) {
            Some(group) => group.all.push(one),
            None => groups.push(Group { text, all: vec![one] }),
        }
    }
    groups.iter().map(|group| group.told(result.series.loads.len() > 1)).collect()
}

/// Those of which the same is to be said; there is one.
struct Group<'a> {
    text: String,
    all: Vec<&'a RecoveryResult>,
}

impl Group<'_> {
    fn told(&self, by_load: bool) -> Recovery {
        let first = self.all[0];
        let loads = distinct(self.all.iter().map(|one| &*one.load));
        let whose = if by_load { format!("{}: ", loads.join(", ")) } else { String::new() };
        let back = first.goodput_after_ns.zip(first.latency_after_ns);
        let back = back.map(|(goodput, latency)| first.fault_end_ns + goodput.max(latency));
        Recovery {
            faults: distinct(self.all.iter().map(|one| &*one.fault)).join(", "),
            fault_end_ns: first.fault_end_ns,
            told_ns: back.unwrap_or(first.until_ns),
            text: format!("{whose}{}{}", self.text, self.cost(&loads)),
        }
    }

    /// How deep goodput fell and what that cost. Of faults that ended together the first to begin has
    /// what the others have; of those that overlap the last to end has what all have cost.
    fn cost(&self, loads: &[&str]) -> String {
        let depths = self.all.iter().filter_map(|one| one.depth);
        let Some(depth) = depths.reduce(f64::min) else { return String::new() };
        let lost = |load: &&str| {
            let of = self.all.iter().filter(|one| one.load == **load);
            of.map(|one| one.lost).fold(0.0, f64::max)
        };
        let lost = libm::round(loads.iter().map(lost).sum()) as u64;
        if lost == 0 {
            return String::new();
        }
        let (depth, lost) = (format::share(depth), format::count(lost));
        let faults: Vec<&str> = self.all.iter().map(|one| &*one.fault).collect();
        let since = self.all.iter().find_map(|one| one.since.as_deref());
        let since = since.filter(|since| !faults.contains(since));
        let since =
            since.map_or_else(String::new, |since| format!(", from the beginning of {since} on"));
        format!(
            "; at worst {depth} of what was due came, and {lost} fewer than were due by then{since}"
        )
    }
}

fn distinct<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found = Vec::new();
    for name in names {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// A verdict in a word or two.
pub fn verdict(kind: RecoveryKind) -> &'static str {
    match kind {
        RecoveryKind::Recovered => "recovered",
        RecoveryKind::NotRecovered => "not recovered",
        RecoveryKind::Metastable => "metastable",
        RecoveryKind::TooFew => "too few requests to tell",
        RecoveryKind::OtherLoad => "the load changes by plan",
    }
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
        RecoveryKind::Recovered => format!("recovered {}", when(of)),
        RecoveryKind::NotRecovered | RecoveryKind::Metastable => {
            let kept = if of.verdict == RecoveryKind::Metastable { "metastable: " } else { "" };
            format!("{kept}not recovered before {limit}: {}", lacking(result, of))
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
        let cost = "; at worst 5 % of what was due came, and 73 200 fewer than were due by then";
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
        let few = told(|one| {
            one.verdict = RecoveryKind::TooFew;
            one.depth = None;
        });
        assert_eq!(few, "too few requests before the end of the run to tell whether it is over");
    }

    #[test]
    fn nothing_is_said_where_the_load_changes_by_plan() {
        let mut run = storm();
        run.recoveries[0].verdict = RecoveryKind::OtherLoad;
        assert!(recoveries(&run).is_empty());
    }

    #[test]
    fn loads_and_faults_of_which_the_same_is_to_be_said_share_a_line() {
        let mut run = storm();
        let load = run.series.loads["shoppers"].clone();
        run.series.loads.insert("guests".to_owned(), load);
        let first = run.recoveries[0].clone();
        let guests = RecoveryResult { load: "guests".to_owned(), lost: 800.0, ..first.clone() };
        let cold = RecoveryResult { fault: "cold".to_owned(), lost: 500.0, ..first };
        run.recoveries.extend([guests, cold]);
        let found = recoveries(&run);
        assert_eq!((found.len(), &*found[0].faults), (1, "db-slow, cold"));
        assert!(found[0].text.starts_with("shoppers, guests: metastable"), "{}", found[0].text);
        assert!(
            found[0].text.ends_with("and 74 000 fewer than were due by then"),
            "{}",
            found[0].text
        );
        run.recoveries[1].verdict = RecoveryKind::TooFew;
        assert_eq!(recoveries(&run).len(), 2);
    }
}
