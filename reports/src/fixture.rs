//! A handmade run for tests: a database slows down for ten seconds, and retries keep it down.

use std::collections::BTreeMap;

use crate::result::{
    CauseResult, CheckResult, CheckStatus, CheckTally, Collapse, ComponentResult, ComponentSeries,
    Engine, Exemplar, ExemplarKind, FaultLane, Invariant, Latency, LevelResult, LevelSeries,
    LoadResult, LoadSeries, Mark, MessageCapture, OutcomeKind, PolicyResult, PolicySeries,
    RecoveryKind, RecoveryResult, ReplicaResult, RunResult, SeedRow, Series, ServiceResult,
    ServiceSeries, Span, SpanKind, StageKind, StateChange, StateLane, Suspicion, Sustained,
    SweepResult, Transit, Verdict, WhyKind,
};
use crate::stats::tally;

pub(crate) const SECOND: u64 = 1_000_000_000;
const MS: u64 = 1_000_000;
pub(crate) const WINDOWS: u64 = 60;

/// How deep window `at` is in trouble: 0 is healthy, 1 is collapsed.
fn trouble(at: u64) -> f64 {
    match at {
        0..15 => 0.0,
        15..20 => (at - 14) as f64 / 5.0,
        _ => 1.0,
    }
}

/// A little noise that is always the same, in -1..1.
fn wobble(at: u64, salt: u64) -> f64 {
    let mixed = (at * 31 + salt * 17 + 7).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40;
    (mixed % 2001) as f64 / 1000.0 - 1.0
}

fn per_window<T>(value: impl Fn(u64) -> T) -> Vec<T> {
    (0..WINDOWS).map(value).collect()
}

fn storm_series() -> LoadSeries {
    let count =
        |base: f64, spread: f64, at, salt| (base + spread * wobble(at, salt)).round() as u64;
    let offered = per_window(|at| count(2400.0, 60.0, at, 1));
    let share =
        |at: u64, healthy: f64, collapsed: f64| healthy + (collapsed - healthy) * trouble(at);
    let timeout = per_window(|at| (offered[at as usize] as f64 * share(at, 0.002, 0.78)) as u64);
    let rejected = per_window(|at| (offered[at as usize] as f64 * share(at, 0.0, 0.06)) as u64);
    let short = per_window(|at| (offered[at as usize] as f64 * share(at, 0.0, 0.09)) as u64);
    let ok = per_window(|at| {
        let at = at as usize;
        offered[at] - timeout[at] - rejected[at] - short[at]
    });
    let attempts =
        per_window(|at| (offered[at as usize] as f64 * share(at, 1.01, 2.86)).round() as u64);
    let quantile = |healthy: u64, collapsed: u64, salt| {
        per_window(move |at| {
            let grown = libm::pow(collapsed as f64 / healthy as f64, trouble(at));
            let noisy = healthy as f64 * grown * (1.0 + 0.06 * wobble(at, salt));
            (!(22..25).contains(&at)).then_some((noisy * MS as f64) as u64)
        })
    };
    LoadSeries {
        from_ns: 0,
        until_ns: 130 * SECOND,
        open: true,
        attempts,
        retries_denied: per_window(|at| (trouble(at) * 90.0) as u64),
        p50_ns: quantile(11, 430, 2),
        p95_ns: quantile(29, 920, 3),
        p99_ns: quantile(47, 1450, 4),
        p999_ns: quantile(88, 1900, 5).into_iter().map(|p| p.filter(|ns| ns % 7 != 0)).collect(),
        max_ns: quantile(150, 1990, 6),
        counts: BTreeMap::from([("degraded".to_owned(), per_window(|_| 0))]),
        offered,
        outcomes: BTreeMap::from([
            (OutcomeKind::Ok, ok),
            (OutcomeKind::Failed, per_window(|_| 0)),
            (OutcomeKind::Timeout, timeout),
            (OutcomeKind::Rejected, rejected),
            (OutcomeKind::ShortCircuit, short),
            (OutcomeKind::Unfinished, per_window(|_| 0)),
        ]),
    }
}

fn load(series: &LoadSeries) -> LoadResult {
    let sum = |counts: &[u64]| counts.iter().sum::<u64>();
    LoadResult {
        offered: sum(&series.offered),
        demand_digest: "0123456789abcdef".to_owned(),
        outcomes: series.outcomes.iter().map(|(&kind, counts)| (kind, sum(counts))).collect(),
        attempts: sum(&series.attempts),
        answers: BTreeMap::from([("created".to_owned(), 1_200)]),
        causes: causes(series),
        reaches: ["db", "gateway", "orders"].map(str::to_owned).to_vec(),
        counts: series.counts.iter().map(|(name, counts)| (name.clone(), sum(counts))).collect(),
        latency_ns: Latency {
            mean: Some(96.4 * MS as f64),
            p50: Some(21 * MS),
            p90: Some(310 * MS),
            p95: Some(880 * MS),
            p99: Some(1412 * MS),
            p999: Some(1903 * MS),
            p9999: None,
            max: Some(1998 * MS),
        },
        latency_all_ns: Latency { max: Some(2001 * MS), ..Latency::default() },
        histogram: vec![[MS, 32 * MS, 40_000], [32 * MS, 2048 * MS, 19_000]],
    }
}

fn causes(series: &LoadSeries) -> Vec<CauseResult> {
    let count = |kind| series.outcomes[&kind].iter().sum();
    let of = |outcome, why, layer: &str, reason: Option<&str>, stage| CauseResult {
        outcome,
        why,
        caller: Some("gateway".to_owned()),
        callee: "db".to_owned(),
        layer: Some(layer.to_owned()),
        reason: reason.map(str::to_owned),
        stage,
        behind: None,
        count: count(outcome),
    };
    let waiting = Some(StageKind::Waiting);
    vec![
        of(OutcomeKind::Timeout, WhyKind::GaveUp, "timeout", None, waiting),
        of(OutcomeKind::Rejected, WhyKind::RefusedThere, "queue", Some("full"), None),
        of(OutcomeKind::ShortCircuit, WhyKind::RefusedHere, "breaker", Some("open"), None),
    ]
}

fn service_series(workers: f64, calm: f64, queue: f64, wasted: f64, salt: u64) -> ServiceSeries {
    let busy = |at| (calm + (1.0 - calm) * trouble(at) + 0.01 * wobble(at, salt)).clamp(0.0, 1.0);
    ServiceSeries {
        arrivals: per_window(|at| (2400.0 * (1.0 + 1.86 * trouble(at))) as u64),
        completions: per_window(|at| 2400 - (at / 30) * 800),
        rejected: per_window(|at| (140.0 * trouble(at)) as u64),
        useful: per_window(|at| (2400.0 * (1.0 - wasted * trouble(at))) as u64),
        queue_mean: per_window(|at| {
            0.4 + queue * trouble(at) * (1.0 + 0.02 * wobble(at, salt + 1))
        }),
        in_service_mean: per_window(|at| busy(at) * workers),
        utilisation: per_window(|at| (workers < 1000.0).then(|| busy(at))),
        wasted_share: per_window(|at| (at != 3).then(|| wasted * trouble(at))),
        wait_ns: per_window(|at| Some(queue * trouble(at) * 1.25 * MS as f64)),
        replica_arrivals: Vec::new(),
        figures: BTreeMap::new(),
    }
}

/// Three replicas share the arrivals, but the last one hardly gets any as the trouble grows.
fn replica_arrivals(arrivals: &[u64]) -> Vec<Vec<u64>> {
    let fair = |at: u64| arrivals[at as usize] as f64 / 3.0;
    let last = per_window(|at| (fair(at) * (1.0 - 0.8 * trouble(at))) as u64);
    let first = per_window(|at| (arrivals[at as usize] - last[at as usize]) / 2);
    let second = per_window(|at| arrivals[at as usize] - last[at as usize] - first[at as usize]);
    vec![first, second, last]
}

fn service(series: &ServiceSeries) -> ServiceResult {
    let replica = ReplicaResult { arrivals: 0, completions: 0, utilisation: None };
    ServiceResult {
        arrivals: series.arrivals.iter().sum(),
        completions: series.completions.iter().sum(),
        rejected: series.rejected.iter().sum(),
        wasted: 81_000,
        wasted_share: series.wasted_share[59],
        figures: BTreeMap::new(),
        utilisation: series.utilisation[59],
        queue_mean: 611.3,
        queue_max: 1000,
        in_service_mean: 7.3,
        wait_ns: Some(763.0 * MS as f64),
        replicas: vec![replica],
    }
}

fn lane(name: &str, initial: &str, changes: &[(u64, &str)]) -> StateLane {
    let change = |&(at_ns, state): &(u64, &str)| StateChange { at_ns, state: state.to_owned() };
    let changes = changes.iter().map(change).collect();
    StateLane { name: name.to_owned(), initial: initial.to_owned(), changes, dropped: 0 }
}

fn states() -> Vec<StateLane> {
    let mut flapping = vec![(44_200 * MS, "open")];
    for at in (50..128).step_by(6) {
        flapping.push((at * SECOND, "half_open"));
        flapping.push((at * SECOND + 900 * MS, "open"));
    }
    vec![
        lane("gateway/0 → orders/0 breaker", "closed", &flapping),
        lane("gateway/1 → orders/0 breaker", "closed", &[(45_100 * MS, "open")]),
        lane("db/0", "up", &[(70 * SECOND, "down"), (72 * SECOND, "up")]),
    ]
}

/// A breaker that refuses, a retry whose budget is spent, and a timeout that does nothing.
fn policy_series() -> BTreeMap<String, PolicySeries> {
    let breaker = PolicySeries {
        rejected: BTreeMap::from([
            ("open".to_owned(), per_window(|at| (trouble(at) * 143.4) as u64)),
            ("probes_taken".to_owned(), per_window(|at| (trouble(at) * 2.05) as u64)),
        ]),
        counts: BTreeMap::from([("opened".to_owned(), per_window(|at| at / 15 % 2))]),
        ..PolicySeries::default()
    };
    let full = |at| 100.0 * (1.0 - trouble(at));
    let budget = LevelSeries {
        mean: per_window(|at| Some(full(at))),
        min: per_window(|at| Some(0.8 * full(at))),
        max: per_window(|at| Some(1.2 * full(at))),
    };
    let retry = PolicySeries {
        retries: vec![per_window(|at| 24 + 40 * u64::from((15..20).contains(&at)))],
        denied: BTreeMap::from([(
            "budget".to_owned(),
            per_window(|at| (trouble(at) * 90.0) as u64),
        )]),
        levels: BTreeMap::from([("budget".to_owned(), budget)]),
        ..PolicySeries::default()
    };
    [("breaker → orders", breaker), ("retry → orders", retry), ("timeout → db", Default::default())]
        .map(|(layer, series)| (format!("standard.{layer}"), series))
        .into()
}

fn policy(series: &PolicySeries) -> PolicyResult {
    let sum = |counts: &Vec<u64>| counts.iter().sum::<u64>();
    let sums = |counts: &BTreeMap<String, Vec<u64>>| {
        counts.iter().map(|(kind, counts)| (kind.clone(), sum(counts))).collect()
    };
    let level = |level: &LevelSeries| LevelResult {
        last: level.mean[WINDOWS as usize - 1],
        min: level.min.iter().flatten().copied().reduce(f64::min),
        max: level.max.iter().flatten().copied().reduce(f64::max),
    };
    PolicyResult {
        rejected: sums(&series.rejected),
        timed_out: sum(&series.timed_out),
        retries: series.retries.iter().map(sum).collect(),
        denied: sums(&series.denied),
        counts: sums(&series.counts),
        levels: series.levels.iter().map(|(name, series)| (name.clone(), level(series))).collect(),
    }
}

fn checks() -> Vec<CheckResult> {
    use CheckStatus::{Failed, Inconclusive, Passed};
    let check =
        |expression: &str, measured, measured_text: &str, bound, bound_text: &str, status| {
            CheckResult {
                subject: "shoppers".to_owned(),
                expression: expression.to_owned(),
                measured,
                measured_text: measured_text.to_owned(),
                bound,
                bound_text: bound_text.to_owned(),
                passed: status == Passed,
                status,
                window_start_ns: 10 * SECOND,
                window_end_ns: 130 * SECOND,
            }
        };
    vec![
        check("p99 < 800ms", Some(1412e6), "1.41 s", 800e6, "800 ms", Failed),
        check("ok > 99%", Some(0.303), "30.3 %", 0.99, "99 %", Failed),
        check("p50 < 50ms", Some(21e6), "21 ms", 50e6, "50 ms", Passed),
        check("p9999 < 5s", None, "too few samples", 5e9, "5 s", Inconclusive),
    ]
}

fn component(places: u32, rows: &BTreeMap<String, Vec<u64>>) -> ComponentResult {
    let sum = |(name, counts): (&String, &Vec<u64>)| (name.clone(), counts.iter().sum());
    ComponentResult { places, rows: rows.iter().map(sum).collect(), ..ComponentResult::default() }
}

/// Sagas of which all go back from the trouble on, and some stay where they are.
fn sagas() -> ComponentSeries {
    let over = |of: fn(f64) -> u64| (0..WINDOWS).map(|at| of(trouble(at))).collect::<Vec<u64>>();
    let rows = [
        ("started", over(|_| 40)),
        ("completed", over(|trouble| (40.0 * (1.0 - trouble)) as u64)),
        ("compensated", over(|trouble| (38.0 * trouble) as u64)),
    ];
    let levels = [
        ("running", over(|trouble| 12 + (90.0 * trouble) as u64)),
        ("compensating", over(|trouble| (60.0 * trouble) as u64)),
        ("stuck", over(|trouble| (9.0 * trouble) as u64)),
        ("orphans", over(|_| 0)),
    ];
    let named = |(name, values): (&str, Vec<u64>)| (name.to_owned(), values);
    ComponentSeries {
        rows: rows.map(named).into(),
        levels: levels.map(named).into(),
        ..ComponentSeries::default()
    }
}

/// A message that was confirmed and lost, and published again.
fn capture() -> MessageCapture {
    let transit = |kind: &str, from, to, at: u64, took: Option<u64>, is_about| Transit {
        kind: kind.to_owned(),
        from,
        to,
        sent_ns: 69 * SECOND + at * MS,
        arrives_ns: took.map(|took| 69 * SECOND + (at + took) * MS),
        is_received: took.is_some_and(|took| took < 500),
        is_about,
        text: "offset 5".to_owned(),
    };
    MessageCapture {
        of: "bus.orders desk".to_owned(),
        message: 5,
        suspicion: Suspicion::Lost,
        breaks_promise: true,
        published_ns: Some(69 * SECOND),
        noticed_ns: 71 * SECOND,
        text: "message 5 was lost: the broker had it and lost it".to_owned(),
        story: Vec::new(),
        places: ["shop/0", "db/0", "desk/0"].map(str::to_owned).to_vec(),
        transits: vec![
            transit("publish", 0, 1, 1, None, true),
            transit("publish", 0, 1, 12, Some(2), true),
            transit("credit", 2, 1, 13, Some(2), false),
            transit("confirm", 1, 0, 15, Some(3), true),
            transit("join", 2, 1, 900, Some(600), false),
        ],
        marks: vec![Mark { at_ns: 69 * SECOND + 20 * MS, place: 2, what: "done".to_owned() }],
        left_out: 3,
    }
}

/// A request that was given up in the queue and tried again, in vain.
pub(crate) fn exemplars() -> Vec<Exemplar> {
    let span = |parent, kind, name: &str, [begin, end]: [u64; 2], outcome| Span {
        parent,
        kind,
        name: name.to_owned(),
        begin_ns: 41 * SECOND + begin * MS,
        end_ns: 41 * SECOND + end * MS,
        outcome,
        text: String::new(),
    };
    let timeout = Some(OutcomeKind::Timeout);
    let mut spans = vec![
        span(None, SpanKind::Request, "shoppers", [0, 450], timeout),
        span(Some(0), SpanKind::Attempt, "gateway/0", [0, 450], timeout),
        span(Some(1), SpanKind::There, "", [0, 1], None),
        span(Some(1), SpanKind::Work, "", [1, 449], None),
        span(Some(3), SpanKind::Layer, "retry → db", [1, 449], timeout),
        span(Some(4), SpanKind::Attempt, "db/0", [1, 201], None),
        span(Some(5), SpanKind::Queue, "", [1, 201], None),
        span(Some(4), SpanKind::Wait, "retry", [201, 249], None),
        span(Some(4), SpanKind::Attempt, "db/0", [249, 449], None),
        span(Some(8), SpanKind::Queue, "", [249, 449], None),
        span(Some(1), SpanKind::Back, "", [449, 450], None),
    ];
    spans[0].text = "the timeout stopped waiting".to_owned();
    let (of, load) = (ExemplarKind::Failed, "shoppers".to_owned());
    let request = "00000000000000ff".to_owned();
    vec![Exemplar { of, load, request, outcome: OutcomeKind::Timeout, spans, left_out: 0 }]
}

/// The run.
pub(crate) fn storm() -> RunResult {
    let loads = BTreeMap::from([("shoppers".to_owned(), storm_series())]);
    let mut orders = service_series(64.0, 0.21, 3.0, 0.0, 13);
    orders.replica_arrivals = replica_arrivals(&orders.arrivals);
    let services = BTreeMap::from([
        ("db".to_owned(), service_series(8.0, 0.72, 930.0, 0.87, 11)),
        ("gateway".to_owned(), service_series(4096.0, 0.004, 0.0, 0.31, 12)),
        ("orders".to_owned(), orders),
    ]);
    let policies = policy_series();
    let echoed = BTreeMap::from([("echoed".to_owned(), loads["shoppers"].offered.clone())]);
    let invariant = |name: &str, detail: &str| Invariant {
        name: name.to_owned(),
        passed: true,
        detail: detail.to_owned(),
    };
    RunResult {
        capture: Some(capture()),
        exemplars: exemplars(),
        format: crate::result::FORMAT,
        version: "0.1.0".to_owned(),
        scenario: "retry-storm".to_owned(),
        question: Some("Does a 10 s database slowdown take the shop down for good?".to_owned()),
        variant: Some("no-budget".to_owned()),
        seed: 42,
        engine: Engine::Own,
        digest: "7f3a5c0e11d24b6f9e0812aa4c6d91c2".to_owned(),
        scenario_digest: "c0ffee00c0ffee00c0ffee00c0ffee00".to_owned(),
        events: 2_412_345,
        interrupted: false,
        verdict: Verdict::Failed,
        checks: checks(),
        invariants: vec![
            invariant("flow-conservation", "offered 143 990 = outcomes 143 990"),
            invariant("littles-law", "3 services, exact"),
        ],
        duration_ns: 130 * SECOND,
        warmup_ns: 10 * SECOND,
        simulated_ns: 130 * SECOND,
        loads: loads.iter().map(|(name, series)| (name.clone(), load(series))).collect(),
        services: services.iter().map(|(name, series)| (name.clone(), service(series))).collect(),
        components: [("parrot".to_owned(), component(2, &echoed))].into(),
        policies: policies.iter().map(|(name, series)| (name.clone(), policy(series))).collect(),
        series: Series {
            start_ns: 10 * SECOND,
            window_ns: 2 * SECOND,
            end_ns: 130 * SECOND,
            loads,
            services,
            components: [
                (
                    "parrot".to_owned(),
                    ComponentSeries { rows: echoed.clone(), ..ComponentSeries::default() },
                ),
                ("order sagas".to_owned(), sagas()),
            ]
            .into(),
            policies,
        },
        faults: vec![FaultLane {
            name: "db-slow".to_owned(),
            description: "slow ×10 on db".to_owned(),
            hits: vec!["db".to_owned()],
            start_ns: 40 * SECOND,
            end_ns: 50 * SECOND,
        }],
        recoveries: vec![RecoveryResult {
            fault: "db-slow".to_owned(),
            since: None,
            fault_end_ns: 50 * SECOND,
            load: "shoppers".to_owned(),
            until_ns: 130 * SECOND,
            until: None,
            verdict: RecoveryKind::Metastable,
            goodput_after_ns: None,
            latency_after_ns: None,
            depth: Some(0.05),
            lost: 73_200.0,
            sustained: Some(Sustained {
                service: "db".to_owned(),
                wasted_share: 0.87,
                refusing_share: 0.0,
                waiting: 930.0,
                attempts_before: 1.01,
                attempts: 2.86,
                retries: true,
                copies: false,
            }),
        }],
        collapse: Some(Collapse { at_ns: 40 * SECOND, goodput_per_s: 952.0, due_per_s: 1169.0 }),
        states: states(),
        warnings: vec!["shoppers may be retried ×3.0 while db is at 96 %".to_owned()],
        reproduce: "cascadia run scenarios/retry-storm.json --variant no-budget --seed 42"
            .to_owned(),
        resolved: "{\n  \"name\": \"retry-storm\"\n}\n".to_owned(),
    }
}

/// Twenty seeds of it, of which the first four pass.
pub(crate) fn sweep() -> SweepResult {
    let run = storm();
    let row = |seed: u64| {
        let passed = seed <= 4;
        let p99 = if passed { 60 + seed } else { 1200 + seed * 13 % 300 };
        SeedRow {
            seed,
            verdict: if passed { Verdict::Passed } else { Verdict::Failed },
            digest: format!("{seed:032x}"),
            measured: vec![
                Some((p99 * MS) as f64),
                (seed != 2).then_some(0.99 - 0.01 * seed as f64),
            ],
            measured_text: vec![format!("{p99} ms"), format!("{} %", 99 - seed)],
            passed: vec![Some(passed), (seed != 2).then_some(passed)],
            outcomes: run.loads.iter().map(|(n, l)| (n.clone(), l.outcomes.clone())).collect(),
            reproduce: format!("cascadia run scenarios/retry-storm.json --seed {seed}"),
        }
    };
    let check = |expression: &str, passed, of, inconclusive| CheckTally {
        subject: "shoppers".to_owned(),
        expression: expression.to_owned(),
        tally: tally(passed, of),
        inconclusive,
    };
    SweepResult {
        format: crate::result::FORMAT,
        version: run.version,
        scenario: run.scenario,
        question: run.question,
        variant: None,
        engine: run.engine,
        interrupted: false,
        verdict: Verdict::Failed,
        seeds_passed: tally(4, 20),
        require: None,
        checks: vec![check("p99 < 800ms", 4, 20, 0), check("ok > 99%", 3, 20, 1)],
        runs: (1..=20).map(row).collect(),
        worst: Some(row(19)),
        loads: run.loads,
        warnings: run.warnings,
    }
}
