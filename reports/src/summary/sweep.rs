use super::look::{Look, Tone};
use super::table::{Side, align, width};
use crate::format;
use crate::result::{CheckStatus, Engine, SeedRow, SweepResult, Tally, Verdict};
use crate::sinks::line;

/// With more seeds than this only those that did not pass are listed.
const SEEDS: usize = 40;

/// The summary of a sweep, the worst seed's command last; `report` is where the page is.
pub fn sweep(result: &SweepResult, look: Look, report: Option<&str>) -> String {
    let mut lines = vec![head(result, look)];
    lines.extend(check_table(result, look));
    lines.extend(seed_table(result, look));
    lines.extend(
        result.warnings.iter().map(|text| format!("{}  {text}", look.set(Tone::Strong, "WARNING"))),
    );
    lines.extend(report.map(|path| look.set(Tone::Quiet, &format!("report {path}"))));
    lines.push(verdict(result, look));
    let lines: Vec<String> = lines.iter().map(|line| look.line(line)).collect();
    let worst = match &result.worst {
        Some(worst) => format!("  Worst seed {}: {}", worst.seed, line(&worst.reproduce)),
        None => String::new(),
    };
    format!("{}{worst}\n", lines.join("\n"))
}

fn head(result: &SweepResult, look: Look) -> String {
    let variant = result.variant.as_ref().map(|name| format!("/{name}")).unwrap_or_default();
    let name = look.set(Tone::Strong, &format!("{}{variant}", result.scenario));
    let offered: u64 = result.loads.values().map(|load| load.offered).sum();
    let interrupted =
        if result.interrupted { " · interrupted, not all seeds were run" } else { "" };
    let engine = match result.engine {
        Engine::Own => String::new(),
        other => format!(" · on {}", other.name()),
    };
    format!(
        "{name}   {} seeds · {} requests offered{engine}{interrupted}",
        result.runs.len(),
        format::count(offered)
    )
}

fn check_table(result: &SweepResult, look: Look) -> Vec<String> {
    let head = ["CHECKS", "", "passed", "95 % interval", ""].map(str::to_owned).to_vec();
    let rows = result.checks.iter().map(|check| {
        let Tally { passed, of, .. } = check.tally;
        let status = match of - passed {
            0 => CheckStatus::Passed,
            missing if missing == check.inconclusive => CheckStatus::Inconclusive,
            _ => CheckStatus::Failed,
        };
        let inconclusive = match check.inconclusive {
            0 => String::new(),
            n => format!("{n} inconclusive"),
        };
        vec![
            format!("  {} {}", look.check(status), check.subject),
            check.expression.clone(),
            k_of_n(&check.tally),
            interval(&check.tally),
            inconclusive,
        ]
    });
    let rows: Vec<Vec<String>> = [head].into_iter().chain(rows).collect();
    if rows.len() < 2 {
        return Vec::new();
    }
    let mut lines = align(&rows, &[Side::Left, Side::Left, Side::Right, Side::Right, Side::Left]);
    lines[0] = lines[0].replacen("CHECKS", &look.set(Tone::Strong, "CHECKS"), 1);
    lines
}

fn k_of_n(tally: &Tally) -> String {
    format!("{} of {}", format::count(tally.passed), format::count(tally.of))
}

fn interval(tally: &Tally) -> String {
    format!("{} – {}", format::share(tally.low), format::share(tally.high))
}

fn seed_table(result: &SweepResult, look: Look) -> Vec<String> {
    let all = result.runs.len() <= SEEDS;
    let listed = |run: &&SeedRow| all || run.verdict != Verdict::Passed;
    let shown: Vec<&SeedRow> = result.runs.iter().filter(listed).take(SEEDS).collect();
    if shown.is_empty() {
        return Vec::new();
    }
    let mut head = vec!["SEEDS".to_owned(), String::new()];
    head.extend(result.checks.iter().map(|check| check.expression.clone()));
    let mut rows = vec![head];
    rows.extend(shown.iter().map(|run| {
        let mut row = vec![format!("  {}", run.seed), look.verdict(run.verdict).to_lowercase()];
        row.extend(run.measured_text.iter().cloned());
        row
    }));
    let sides: Vec<Side> = [Side::Right, Side::Left]
        .into_iter()
        .chain(result.checks.iter().map(|_| Side::Right))
        .collect();
    let mut lines = align(&rows, &sides);
    lines[0] = lines[0].replacen("SEEDS", &look.set(Tone::Strong, "SEEDS"), 1);
    if shown.len() < result.runs.len() {
        lines.push(format!("  {} more seeds are not listed", result.runs.len() - shown.len()));
    }
    lines
}

fn verdict(result: &SweepResult, look: Look) -> String {
    let mark = look.verdict(result.verdict);
    let label = format!("{mark}{}", " ".repeat(12usize.saturating_sub(width(&mark)).max(1)));
    let required = match result.require {
        Some(share) => format!(", required {}", format::share(share)),
        None => String::new(),
    };
    let tally = &result.seeds_passed;
    format!("{label}{} seeds passed (95 %: {}){required}.", k_of_n(tally), interval(tally))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn the_summary_of_a_sweep() {
        let mut result = fixture::sweep();
        result.runs.truncate(5);
        result.require = Some(0.9);
        let look = Look { color: false, unicode: true };
        let expected = "\
retry-storm   5 seeds · 143 952 requests offered
CHECKS                      passed    95 % interval
  ✗ shoppers  p99 < 800ms  4 of 20  8.07 % – 41.6 %
  ✗ shoppers  ok > 99%     3 of 20    5.24 % – 36 %  1 inconclusive
SEEDS          p99 < 800ms  ok > 99%
    1  passed        61 ms      98 %
    2  passed        62 ms      97 %
    3  passed        63 ms      96 %
    4  passed        64 ms      95 %
    5  failed      1265 ms      94 %
WARNING  shoppers may be retried ×3.0 while db is at 96 %
report out/index.html
FAILED      4 of 20 seeds passed (95 %: 8.07 % – 41.6 %), required 90 %.  \
Worst seed 19: cascadia run scenarios/retry-storm.json --seed 19
";
        assert_eq!(sweep(&result, look, Some("out/index.html")), expected);
    }

    #[test]
    fn of_many_seeds_only_those_that_did_not_pass_are_listed() {
        let mut result = fixture::sweep();
        result.runs = result.runs.iter().cycle().take(60).cloned().collect();
        let text = sweep(&result, Look::default(), None);
        assert!(!text.contains("  4  passed"), "{text}");
        assert!(text.contains("  20 more seeds are not listed\n"), "{text}");
    }
}
