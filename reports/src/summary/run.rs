use super::look::{Look, Tone};
use super::table::{Side, align, width};
use super::{answers, causes, components, exemplars, policies};
use crate::coverage::left_uncovered;
use crate::format;
use crate::occurring;
use crate::result::{CheckResult, CheckStatus, Engine, Latency, LoadResult, RunResult, Verdict};
use crate::sinks::line;
use crate::story::{culprit, falls, recoveries, storm, timeline};

/// The width of the label that begins a block.
const LABEL: usize = 12;
const LABELS: [&str; 14] = [
    "CHECKS",
    "INVARIANT",
    "REQUESTS",
    "WHY",
    "EXAMPLES",
    "LATENCY",
    "ANSWERS",
    "COMPONENTS",
    "POLICIES",
    "RECOVERY",
    "CASCADE",
    "STORM",
    "CAUSE",
    "WARNING",
];

/// The summary of a run, verdict and reproducing command last; `report` is where the page is.
pub fn run(result: &RunResult, look: Look, report: Option<&str>) -> String {
    let [checks, invariant, requests, why, examples, latency, answered, rest @ ..] = LABELS;
    let [counted, policies, recovery, cascade, stormy, cause, warning] = rest;
    let mut lines = vec![head(result, look)];
    block(&mut lines, look, checks, check_lines(result, look));
    block(&mut lines, look, invariant, invariant_lines(result, look));
    table(&mut lines, look, requests, request_rows(result));
    block(&mut lines, look, why, causes::lines(result));
    block(&mut lines, look, examples, exemplars::lines(result));
    table(&mut lines, look, latency, latency_rows(result));
    block(&mut lines, look, answered, answers::lines(result));
    block(&mut lines, look, counted, components::lines(result));
    block(&mut lines, look, policies, policies::lines(result));
    block(&mut lines, look, recovery, recovery_lines(result));
    block(&mut lines, look, cascade, timeline(&falls(result)).into_iter().collect());
    let storm = storm(result);
    block(&mut lines, look, stormy, storm.sustained.then_some(storm.text).into_iter().collect());
    block(&mut lines, look, cause, culprit(result).into_iter().collect());
    block(&mut lines, look, warning, result.warnings.clone());
    lines.push(foot(result, look, report));
    let text: String = lines.iter().flat_map(|line| [look.line(line), "\n".to_owned()]).collect();
    let (verdict, command) = (look.line(&verdict(result, look)), line(&result.reproduce));
    format!("{text}{verdict}  Reproduce: {command}\n")
}

fn head(result: &RunResult, look: Look) -> String {
    let variant = result.variant.as_ref().map(|name| format!("/{name}")).unwrap_or_default();
    let name = look.set(Tone::Strong, &format!("{}{variant}", result.scenario));
    let measured = result.simulated_ns.saturating_sub(result.warmup_ns) as f64 / 1e9;
    let offered: u64 = result.loads.values().map(|load| load.offered).sum();
    let services = result.services.len();
    let mut parts = vec![
        format!("seed {}", result.seed),
        format!("{} simulated", format::duration(result.simulated_ns as f64)),
        format!("{services} service{}", if services == 1 { "" } else { "s" }),
    ];
    if measured > 0.0 {
        parts.push(format!("{} offered", format::rate(offered as f64 / measured)));
    }
    if result.engine != Engine::Own {
        parts.push(format!("on {}", result.engine.name()));
    }
    if result.interrupted {
        parts.push(look.set(Tone::Doubtful, "interrupted, all figures are partial"));
    }
    format!("{name}   {}", parts.join(" · "))
}

/// Lines under a label, which stands before the first of them.
fn block(lines: &mut Vec<String>, look: Look, label: &str, block: Vec<String>) {
    for (index, line) in block.into_iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        let padding = " ".repeat(LABEL - label.len());
        lines.push(format!("{}{padding}{line}", look.set(Tone::Strong, label)));
    }
}

/// A table whose first cell is the label, followed by a note on its heading.
fn table(lines: &mut Vec<String>, look: Look, label: &str, rows: Vec<Vec<String>>) {
    if rows.len() < 2 {
        return;
    }
    let mut rows = rows;
    for row in &mut rows {
        let padding = LABEL.saturating_sub(width(&row[0]));
        row[0].push_str(&" ".repeat(padding));
    }
    // Words besides figures begin with a space.
    let side = |head: &String| if head.starts_with(' ') { Side::Left } else { Side::Right };
    let sides: Vec<Side> = [Side::Left].into_iter().chain(rows[0][1..].iter().map(side)).collect();
    let mut table = align(&rows, &sides);
    table[0] = table[0].replacen(label, &look.set(Tone::Strong, label), 1);
    lines.extend(table);
}

fn check_lines(result: &RunResult, look: Look) -> Vec<String> {
    let rows: Vec<Vec<String>> = result
        .checks
        .iter()
        .map(|check| {
            vec![
                format!("{} {}", look.check(check.status), check.subject),
                check.expression.clone(),
                check.measured_text.clone(),
                where_decided(result, check),
            ]
        })
        .collect();
    align(&rows, &[Side::Left, Side::Left, Side::Right, Side::Left])
}

/// The window of a check that did not hold, and the faults in it.
fn where_decided(result: &RunResult, check: &CheckResult) -> String {
    if check.status == CheckStatus::Passed {
        return String::new();
    }
    let (start, end) = (check.window_start_ns, check.window_end_ns);
    let during: Vec<&str> = result
        .faults
        .iter()
        .filter(|fault| start >= fault.start_ns && end <= fault.end_ns)
        .map(|fault| fault.name.as_str())
        .collect();
    let during = if during.is_empty() {
        String::new()
    } else {
        format!(", during fault {}", during.join(", "))
    };
    format!("{}{during}", format::span(start, end))
}

/// One line while all hold; a line for each that is broken.
fn invariant_lines(result: &RunResult, look: Look) -> Vec<String> {
    let (kept, broken): (Vec<_>, Vec<_>) = result.invariants.iter().partition(|law| law.passed);
    let mut lines: Vec<String> = broken
        .iter()
        .map(|law| format!("{} {}  {}", look.check(CheckStatus::Failed), law.name, law.detail))
        .collect();
    if !kept.is_empty() {
        let mark = look.check(CheckStatus::Passed);
        let names: Vec<String> = kept.iter().map(|law| format!("{mark} {}", law.name)).collect();
        lines.push(names.join("  "));
    }
    lines
}

fn request_rows(result: &RunResult) -> Vec<Vec<String>> {
    let kinds = occurring::outcomes(&result.loads);
    let counts = occurring::counts(&result.loads);
    let mut head = vec!["REQUESTS".to_owned(), "offered".to_owned()];
    head.extend(kinds.iter().map(|kind| kind.label()));
    head.extend(counts.iter().map(|name| name.replace('_', "-")));
    head.push("attempts/req".to_owned());
    let rows = result.loads.iter().map(|(name, load)| {
        let mut row = vec![format!("  {name}"), format::count(load.offered)];
        let cell = |count, format: fn(f64) -> String| {
            ratio(count, load).map_or_else(|| "—".to_owned(), format)
        };
        row.extend(kinds.iter().map(|kind| {
            let ended = load.outcomes.get(kind).copied().unwrap_or(0);
            cell(ended, format::share)
        }));
        row.extend(counts.iter().map(|name| {
            let count = load.counts.get(*name).copied().unwrap_or(0);
            cell(count, format::share)
        }));
        row.push(cell(load.attempts, format::number));
        row
    });
    [head].into_iter().chain(rows).collect()
}

fn ratio(count: u64, load: &LoadResult) -> Option<f64> {
    (load.offered > 0).then(|| count as f64 / load.offered as f64)
}

/// The latencies of what ended in ok; where that leaves many out, it is said, and those of all stand below.
fn latency_rows(result: &RunResult) -> Vec<Vec<String>> {
    let head = ["LATENCY", "p50", "p95", "p99", "p99.9", "max", " (ok, from intended send)"];
    let row = |name: String, latency: &Latency| {
        let Latency { p50, p95, p99, p999, max, .. } = *latency;
        let figures = [p50, p95, p99, p999, max]
            .map(|value| value.map_or_else(|| "—".to_owned(), |ns| format::duration(ns as f64)));
        [vec![name], figures.to_vec()].concat()
    };
    let rows = result.loads.iter().flat_map(|(name, load)| {
        let mut ok = row(format!("  {name}"), &load.latency_ns);
        let Some(share) = left_uncovered(load) else { return vec![ok] };
        ok.push(format!(" only the {} that ended in ok", format::share(share)));
        let mut all = row(format!("  {name}"), &load.latency_all_ns);
        all.push(" all, until they were told".to_owned());
        vec![ok, all]
    });
    [head.map(str::to_owned).to_vec()].into_iter().chain(rows).collect()
}

fn recovery_lines(result: &RunResult) -> Vec<String> {
    recoveries(result)
        .iter()
        .map(|recovery| {
            let ended = format::moment(recovery.fault_end_ns);
            format!("{} ended {ended} → {}", recovery.faults, recovery.text)
        })
        .collect()
}

fn foot(result: &RunResult, look: Look, report: Option<&str>) -> String {
    let report = report.map(|path| format!("   report {path}")).unwrap_or_default();
    look.set(Tone::Quiet, &format!("digest {}{report}", short(&result.digest)))
}

/// A digest by its ends.
fn short(digest: &str) -> String {
    match (digest.get(..4), digest.get(digest.len().saturating_sub(4)..)) {
        (Some(first), Some(last)) if digest.len() > 12 => format!("{first}…{last}"),
        _ => digest.to_owned(),
    }
}

fn verdict(result: &RunResult, look: Look) -> String {
    let count = |status| result.checks.iter().filter(|check| check.status == status).count();
    let all = result.checks.len();
    let broken = result.invariants.iter().filter(|law| !law.passed).count();
    let mut reasons = Vec::new();
    match result.verdict {
        Verdict::Passed if all == 0 => reasons.push("nothing is checked".to_owned()),
        Verdict::Passed => reasons.push(format!("{all} of {all} checks hold")),
        _ => {
            for (status, what) in
                [(CheckStatus::Failed, "failed"), (CheckStatus::Inconclusive, "inconclusive")]
            {
                let n = count(status);
                if n > 0 {
                    reasons.push(format!("{n} of {all} checks {what}"));
                }
            }
        }
    }
    if broken > 0 {
        reasons.push(format!("{broken} invariant{} broken", if broken == 1 { "" } else { "s" }));
    }
    let mark = look.verdict(result.verdict);
    let label = format!("{mark}{}", " ".repeat(LABEL.saturating_sub(width(&mark)).max(1)));
    format!("{label}{}.", reasons.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::storm;

    const UNICODE: Look = Look { color: false, unicode: true };

    #[test]
    fn the_summary_of_the_storm() {
        let text = run(&storm(), UNICODE, Some("out/report.html"));
        let expected = "\
retry-storm/no-budget   seed 42 · 130 s simulated · 3 services · 1 200/s offered
CHECKS      ✗ shoppers  p99 < 800ms           1.41 s  10.0–130.0 s
            ✗ shoppers  ok > 99%              30.3 %  10.0–130.0 s
            ✓ shoppers  p50 < 50ms             21 ms
            ? shoppers  p9999 < 5s   too few samples  10.0–130.0 s
INVARIANT   ✓ flow-conservation  ✓ littles-law
REQUESTS      offered      ok  timeout  rejected  short-circuit  attempts/req
  shoppers    143 952  33.3 %     56 %    4.29 %         6.44 %          2.34
WHY         shoppers    56 %  timeout        the timeout of gateway → db stopped waiting for a call that had no worker at db yet
            shoppers  6.44 %  short-circuit  the breaker of gateway → db refused: open
            shoppers  4.29 %  rejected       the queue of db refused: full
EXAMPLES    shoppers  failed  450 ms  timeout  400 ms waiting for a worker of db/0, 48 ms waiting for the next try; the timeout of gateway → db stopped waiting for a call that had no worker at db yet
LATENCY         p50     p95     p99  p99.9  max   (ok, from intended send)
  shoppers    21 ms  880 ms  1.41 s  1.9 s  2 s   only the 33.3 % that ended in ok
  shoppers        —       —       —      —  2 s   all, until they were told
ANSWERS     shoppers  created 1 200
COMPONENTS  parrot  echoed 143 952
POLICIES    standard.breaker → orders  rejected 6 232 (open 6 148, probes taken 84)
            standard.retry → orders    denied 3 870 (budget)
RECOVERY    db-slow ended 50.0 s → metastable: not recovered before the end of the run: goodput is low, p50 is 429 ms at last (11.2 ms before); \
at worst 5 % of what was due came, and 73 200 fewer than were due by then
CASCADE     db falls at 44.0 s; db is not back before the end.
STORM       Long after db-slow: 2.86 attempts per request (1.01 before), and 87 % of the work of db is \
for callers that had gone. The retries keep it busy, and its delay keeps them coming: the overload \
sustains itself.
WARNING     shoppers may be retried ×3.0 while db is at 96 %
digest 7f3a…91c2   report out/report.html
FAILED      2 of 4 checks failed, 1 of 4 checks inconclusive.  \
Reproduce: cascadia run scenarios/retry-storm.json --variant no-budget --seed 42
";
        assert_eq!(text, expected);
    }

    #[test]
    fn without_unicode_our_marks_are_ascii_but_the_command_is_kept() {
        let mut result = storm();
        result.states.clear();
        assert!(run(&result, Look::default(), None).contains("standard.retry -> orders"));
        result.reproduce = "cascadia run «a→b».json".to_owned();
        let text = run(&result, Look::default(), None);
        let (body, command) = text.rsplit_once("Reproduce: ").expect("there is a command");
        assert!(body.is_ascii(), "{body}");
        assert_eq!(command, "cascadia run «a→b».json\n");
    }

    #[test]
    fn colour_changes_nothing_but_colour() {
        let colored = run(&storm(), Look { color: true, ..UNICODE }, None);
        let mut pieces = colored.split('\u{1b}');
        let mut plain = pieces.next().unwrap_or_default().to_owned();
        plain.extend(pieces.filter_map(|piece| Some(piece.split_once('m')?.1)));
        assert_eq!(plain, run(&storm(), UNICODE, None));
        assert_ne!(plain, colored);
    }

    #[test]
    fn only_the_other_engine_is_named() {
        let result = RunResult { engine: Engine::Madsim, ..storm() };
        assert!(run(&result, UNICODE, None).contains("1 200/s offered · on madsim\n"));
        assert!(!run(&storm(), UNICODE, None).contains("own"));
    }

    #[test]
    fn a_pass_and_a_broken_law_are_said_so() {
        let mut result = storm();
        result.verdict = Verdict::Passed;
        assert!(run(&result, UNICODE, None).contains("PASSED      4 of 4 checks hold."));
        result.verdict = Verdict::Failed;
        result.checks.clear();
        result.invariants[0].passed = false;
        let text = run(&result, UNICODE, None);
        assert!(text.contains("INVARIANT   ✗ flow-conservation  offered 143 990"), "{text}");
        assert!(text.contains("FAILED      1 invariant broken."), "{text}");
    }
}
