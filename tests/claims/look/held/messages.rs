//! What is wrong with messages and sagas.

use cascadia::result::{CheckResult, CheckStatus, ComponentResult, RunResult};
use cascadia_reports::format::{count, duration, moment, rate, share};

use super::super::Claim;
use super::super::oracle::windows;
use super::claim;
use super::culprits::whole;

const PLACES: &[&str] = &["CAUSE", "What happened"];

pub(super) const HELD: &[Claim] = &[
    claim("{lost} of {all} messages to {name} are lost{first}.", PLACES, |run| {
        whole(run, &["lost"])
    }),
    claim(
        "{text} of the deliveries to {name} are repeats: it has the same messages again and again.",
        PLACES,
        |run| whole(run, &["repeats"]),
    ),
    claim(
        "{name} is not over with a message for {oldest}, while it does {done} others.",
        PLACES,
        |run| whole(run, &["never over"]),
    ),
    claim(
        "{name} does {doubled} messages again, as it knows {known} of {repeats} repeats for what they are.",
        PLACES,
        |run| whole(run, &["doubled"]),
    ),
    claim("{name} gives up {dead} of {all} messages as dead.", PLACES, |run| whole(run, &["dead"])),
    claim(
        "{name} does nothing from {since} on, and up to {waiting} messages wait for it.",
        PLACES,
        |run| whole(run, &["idle"]).into_iter().filter(|text| text.contains(" on, and ")).collect(),
    ),
    claim(
        "{name} does nothing from {since} to {end}, and up to {waiting} messages wait for it.",
        PLACES,
        |run| {
            whole(run, &["idle"]).into_iter().filter(|text| !text.contains(" on, and ")).collect()
        },
    ),
    claim(
        "{waiting} messages wait for {name} in the end: at last it does {done}, and {published} come.",
        PLACES,
        |run| whole(run, &["behind"]),
    ),
    claim("Nothing is published to {name}.", PLACES, |run| whole(run, &["nothing"])),
    claim("{orphans} of {all} {name} are orphans{first}.", PLACES, |run| whole(run, &["orphans"])),
    claim(
        "{stuck} of {all} {name} are stuck: what they did is to be undone, and that fails.",
        PLACES,
        |run| whole(run, &["stuck"]),
    ),
    claim("{left} {name} are under way in the end, and none was taken over.", PLACES, |run| {
        whole(run, &["left"])
    }),
];

/// The first of these that is so of some group, and what is told of it.
pub(super) fn told(run: &RunResult) -> Option<(&'static str, String)> {
    let rules = ["lost", "repeats", "never over", "doubled", "dead", "idle", "behind", "nothing"];
    let groups = || run.components.iter().filter(|(_, of)| of.rows.contains_key("delivered"));
    let of_messages = rules.iter().find_map(|rule| {
        let text = groups().find_map(|(name, of)| of_group(run, name, of, rule))?;
        Some((*rule, text))
    });
    let sagas = || run.components.iter().filter(|(_, of)| of.rows.contains_key("compensated"));
    of_messages.or_else(|| sagas().find_map(|(name, of)| of_sagas(run, name, of)))
}

/// The checks of somebody that failed; without any check everybody is looked at.
fn failed<'a>(run: &'a RunResult, name: &'a str) -> Vec<&'a CheckResult> {
    let all = run.checks.iter().filter(|check| check.subject == name);
    all.filter(|check| check.status == CheckStatus::Failed).collect()
}

/// A check says that there is too much of something; without any check a hundredth is.
fn exceeds(run: &RunResult, name: &str, metric: &str, (some, all): (u64, u64)) -> bool {
    if run.checks.is_empty() {
        return some as f64 >= 0.01 * all.max(1) as f64;
    }
    let of_it = |check: &&&CheckResult| check.expression.starts_with(&format!("{metric} "));
    let failed = failed(run, name);
    let mut of_it = failed.iter().filter(of_it);
    some > 0 && of_it.any(|check| check.measured > Some(check.bound))
}

fn of_group(run: &RunResult, name: &str, of: &ComponentResult, rule: &str) -> Option<String> {
    if failed(run, name).is_empty() && !run.checks.is_empty() {
        return None;
    }
    let row = |row: &str| of.rows[row];
    let series = &run.series.components[name];
    let left = series.levels["lag"].last().copied().unwrap_or(0);
    let quarter = run.series.end_ns - (run.series.end_ns - run.series.start_ns) / 4;
    let some = |row: &str| exceeds(run, name, row, (of.rows[row], of.rows["published"]));
    let published = row("published");
    let first = of.remarks.first().map_or_else(String::new, |remark| format!("; {remark}"));
    let text = match rule {
        "lost" if some(rule) => {
            format!(
                "{} of {} messages to {name} are lost{first}.",
                count(row(rule)),
                count(published)
            )
        }
        "repeats" if row("delivered") > 0 && 2 * row("redelivered") >= row("delivered") => {
            let repeats = share(row("redelivered") as f64 / row("delivered") as f64);
            format!("{repeats} of the deliveries to {name} are repeats")
        }
        "never over" => return never_over(run, name),
        "doubled" if some(rule) => {
            let [doubled, known, repeats] =
                ["doubled", "known", "redelivered"].map(|of| count(row(of)));
            format!(
                "{name} does {doubled} messages again, as it knows {known} of {repeats} repeats"
            )
        }
        "dead" if some(rule) => {
            format!(
                "{name} gives up {} of {} messages as dead.",
                count(row(rule)),
                count(published)
            )
        }
        "idle" => return idle(run, name),
        "behind" if left > 0 => {
            let windows = windows(run);
            let late = |row: &str| -> f64 {
                let late = windows.iter().enumerate().filter(|(_, (start, _))| *start >= quarter);
                let sum: u64 = late.map(|(at, _)| series.rows[row][at]).sum();
                sum as f64 * 1e9 / (run.series.end_ns - quarter) as f64
            };
            let (done, published) = (late("done"), late("published"));
            let text = format!(
                "{} messages wait for {name} in the end: at last it does {}, and {} come.",
                count(left),
                rate(done),
                rate(published)
            );
            return (left as f64 > done).then_some(text);
        }
        "nothing" if published == 0 => format!("Nothing is published to {name}."),
        _ => return None,
    };
    Some(text)
}

/// The oldest message of all, and what was done while it was there.
fn never_over(run: &RunResult, name: &str) -> Option<String> {
    let (series, windows) = (&run.series.components[name], windows(run));
    let ages = windows.iter().zip(&series.ages_ns["oldest"]).map(|((_, end), age)| (*age, *end));
    let (oldest, end) = ages.max()?;
    let sum = |row: &str| -> u64 {
        let counts = windows.iter().zip(&series.rows[row]);
        let meanwhile = counts.filter(|((from, to), _)| from + oldest >= end && *to <= end);
        meanwhile.map(|(_, count)| count).sum()
    };
    let done = sum("done");
    let is_so = 2 * oldest >= run.simulated_ns - run.warmup_ns
        && done as f64 >= 0.9 * sum("published") as f64;
    let (oldest, done) = (duration(oldest as f64), count(done));
    is_so.then(|| {
        format!("{name} is not over with a message for {oldest}, while it does {done} others.")
    })
}

/// The longest stretch in which something waits and nothing is done, if it is a quarter of the run.
fn idle(run: &RunResult, name: &str) -> Option<String> {
    let (series, windows) = (&run.series.components[name], windows(run));
    let (done, lag) = (&series.rows["done"], &series.levels["lag"]);
    let (mut longest, mut from) = (0..0, 0);
    for at in 0..=done.len() {
        if at == done.len() || done[at] > 0 || lag[at] == 0 {
            if at - from > longest.len() {
                longest = from..at;
            }
            from = at + 1;
        }
    }
    let (since, until) =
        (windows.get(longest.start)?.0, windows.get(longest.end.checked_sub(1)?)?.1);
    let most = lag[longest.clone()].iter().max()?;
    let end =
        if longest.end == done.len() { "on".to_owned() } else { format!("to {}", moment(until)) };
    let is_long = 4 * (until - since) >= run.series.end_ns - run.series.start_ns;
    let (since, most) = (moment(since), count(*most));
    is_long.then(|| {
        format!("{name} does nothing from {since} {end}, and up to {most} messages wait for it.")
    })
}

fn of_sagas(run: &RunResult, name: &str, of: &ComponentResult) -> Option<(&'static str, String)> {
    let started = of.rows["started"];
    let first = of.remarks.first().map_or_else(String::new, |remark| format!("; {remark}"));
    let some = |level: &str| {
        let some = of.levels[level];
        let is_so = some > 0 && exceeds(run, name, level, (some, started));
        is_so.then(|| format!("{} of {} {name}", count(some), count(started)))
    };
    if let Some(orphans) = some("orphans") {
        return Some(("orphans", format!("{orphans} are orphans{first}.")));
    }
    if let Some(stuck) = some("stuck") {
        return Some(("stuck", format!("{stuck} are stuck: ")));
    }
    let left = *run.series.components[name].levels["running"].last()?;
    let places = run.components.get(name.strip_suffix(" sagas")?)?;
    let is_left =
        left > 0 && !run.checks.is_empty() && exceeds(run, name, "running", (left, started));
    let text = format!("{} {name} are under way in the end, and none was taken over.", count(left));
    (is_left && places.rows["taken_over"] == 0).then_some(("left", text))
}
