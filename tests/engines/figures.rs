//! What is compared, a line of CSV each.

use std::fmt;
use std::str::FromStr;

use cascadia::result::{OutcomeKind, RunResult};

/// A source of load in a variant of a scenario.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Case {
    pub(crate) file: String,
    pub(crate) variant: String,
    pub(crate) load: String,
}

/// What it met under one seed.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Figures {
    pub(crate) case: Case,
    pub(crate) seed: u64,
    pub(crate) demand: String,
    pub(crate) offered: u64,
    pub(crate) verdict: String,
    /// Mean latency and its 99th percentile in nanoseconds, requests that ended well, and tries.
    pub(crate) metrics: [f64; 4],
}

pub(crate) const METRICS: [&str; 4] = ["mean latency", "p99 latency", "goodput", "attempts"];

pub(crate) const HEAD: &str = "file,variant,load,seed,demand,offered,verdict,mean,p99,ok,attempts";

/// The figures of each load of a run.
pub(crate) fn of_run(file: &str, run: &RunResult) -> Vec<Figures> {
    let figures = |(name, load): (&String, &cascadia::result::LoadResult)| Figures {
        case: Case {
            file: file.to_owned(),
            variant: run.variant.clone().unwrap_or_default(),
            load: name.clone(),
        },
        seed: run.seed,
        demand: load.demand_digest.clone(),
        offered: load.offered,
        verdict: format!("{:?}", run.verdict).to_lowercase(),
        metrics: [
            load.latency_ns.mean.unwrap_or_default(),
            load.latency_ns.p99.unwrap_or_default() as f64,
            load.outcomes[&OutcomeKind::Ok] as f64,
            load.attempts as f64,
        ],
    };
    run.loads.iter().map(figures).collect()
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Case { file, variant, load } = &self.case;
        let Self { seed, demand, offered, verdict, metrics: [mean, p99, ok, attempts], .. } = self;
        write!(f, "{file},{variant},{load},{seed},{demand},{offered},{verdict}")?;
        write!(f, ",{mean},{p99},{ok},{attempts}")
    }
}

impl FromStr for Figures {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let fields: Vec<&str> = line.split(',').collect();
        let [file, variant, load, seed, demand, offered, verdict, metrics @ ..] = &fields[..]
        else {
            return Err(format!("{line} is too short"));
        };
        let number = |text: &str| text.parse().map_err(|_| format!("{text} is no number"));
        let whole = |text: &str| text.parse().map_err(|_| format!("{text} is not whole"));
        let metrics: Result<Vec<f64>, String> = metrics.iter().map(|text| number(text)).collect();
        Ok(Self {
            case: Case {
                file: (*file).to_owned(),
                variant: (*variant).to_owned(),
                load: (*load).to_owned(),
            },
            seed: whole(seed)?,
            demand: (*demand).to_owned(),
            offered: whole(offered)?,
            verdict: (*verdict).to_owned(),
            metrics: metrics?.try_into().map_err(|_| format!("{line} is no line of ours"))?,
        })
    }
}
