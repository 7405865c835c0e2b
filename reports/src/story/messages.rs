use super::figures::{WORTH, is_wrong, too_many};
use crate::format;
use crate::result::{ComponentResult, ComponentSeries, RunResult};

/// Deliveries of which this share are repeats are what consumers spend their time on.
const REPEATS: f64 = 0.5;
/// A group that does this share of what is published is not what is slow.
const DOES: f64 = 0.9;
/// Such a part of the run is long.
const LATE: u64 = 4;

/// What is wrong with the messages of a group of consumers of which a check does not hold, in one sentence: those that
/// are lost, that come again and again, that are done twice, that are given up, or that nobody does.
pub(super) fn messages(result: &RunResult) -> Option<String> {
    let groups =
        || result.components.iter().filter_map(|(name, found)| Group::of(result, name, found));
    let rules: [Rule; 8] = [
        |group| group.lost(),
        |group| group.repeats(),
        |group| group.never_over(),
        |group| group.doubled(),
        |group| group.dead(),
        |group| group.idle(),
        |group| group.behind(),
        |group| group.nothing(),
    ];
    rules.iter().find_map(|rule| groups().find_map(|group| rule(&group)))
}

/// Says what is wrong with a group, if that is so.
type Rule = for<'a, 'b> fn(&'a Group<'b>) -> Option<String>;

/// A group of consumers with which something is wrong.
struct Group<'a> {
    result: &'a RunResult,
    name: &'a str,
    found: &'a ComponentResult,
    series: Option<&'a ComponentSeries>,
}

impl<'a> Group<'a> {
    fn of(result: &'a RunResult, name: &'a str, found: &'a ComponentResult) -> Option<Self> {
        let is_group = found.rows.contains_key("delivered") && is_wrong(result, name);
        let series = result.series.components.get(name);
        is_group.then_some(Self { result, name, found, series })
    }

    fn count(&self, row: &str) -> u64 {
        self.found.rows.get(row).copied().unwrap_or(0)
    }

    /// So many are more than a check lets be, or, where nothing is checked, worth a word.
    fn is_too_many(&self, row: &str) -> bool {
        let share = self.count(row) as f64 / self.count("published").max(1) as f64;
        match self.result.checks.is_empty() {
            true => share >= WORTH,
            false => self.count(row) > 0 && too_many(self.result, self.name, row),
        }
    }

    fn in_words<const N: usize>(&self, rows: [&str; N]) -> [String; N] {
        rows.map(|row| format::count(self.count(row)))
    }

    fn lost(&self) -> Option<String> {
        let first = self.found.remarks.first().map(|remark| format!("; {remark}"));
        let (first, name) = (first.unwrap_or_default(), self.name);
        let [lost, all] = self.in_words(["lost", "published"]);
        self.is_too_many("lost")
            .then(|| format!("{lost} of {all} messages to {name} are lost{first}."))
    }

    fn repeats(&self) -> Option<String> {
        let share = self.count("redelivered") as f64 / self.count("delivered").max(1) as f64;
        let (name, text) = (self.name, format::share(share));
        (share >= REPEATS).then(|| {
            format!("{text} of the deliveries to {name} are repeats: it has the same messages again and again.")
        })
    }

    /// A message is there for most of the run, in which most others are done.
    fn never_over(&self) -> Option<String> {
        let series = self.series?;
        let ages = series.ages_ns.get("oldest")?;
        let (at, oldest) = ages.iter().enumerate().max_by_key(|(_, age)| **age)?;
        let measured = self.result.simulated_ns.saturating_sub(self.result.warmup_ns);
        let end = self.start(at + 1).min(self.result.series.end_ns);
        let meanwhile = |row: &str| -> Option<u64> {
            let counts = series.rows.get(row)?;
            let is_since = |at: &usize| self.start(*at) + oldest >= end;
            Some((0..=at).filter(is_since).map(|at| counts[at]).sum())
        };
        let (done, published) = (meanwhile("done")?, meanwhile("published")?);
        let is_so = 2 * oldest >= measured && done as f64 >= DOES * published as f64;
        is_so.then(|| {
            let (name, oldest) = (self.name, format::duration(*oldest as f64));
            let done = format::count(done);
            format!("{name} is not over with a message for {oldest}, while it does {done} others.")
        })
    }

    fn doubled(&self) -> Option<String> {
        let [doubled, known, repeats] = self.in_words(["doubled", "known", "redelivered"]);
        let name = self.name;
        self.is_too_many("doubled").then(|| {
            format!("{name} does {doubled} messages again, as it knows {known} of {repeats} repeats for what they are.")
        })
    }

    fn dead(&self) -> Option<String> {
        let ([dead, all], name) = (self.in_words(["dead", "published"]), self.name);
        self.is_too_many("dead")
            .then(|| format!("{name} gives up {dead} of {all} messages as dead."))
    }

    /// It does nothing for a large part of the run, and something waits.
    fn idle(&self) -> Option<String> {
        let series = self.series?;
        let (done, lag) = (series.rows.get("done")?, series.levels.get("lag")?);
        let is_idle = |at: &usize| done[*at] == 0 && lag[*at] > 0;
        let stretch = |from: usize| (from..done.len()).take_while(is_idle).count();
        let from = (0..done.len()).rev().max_by_key(|from| stretch(*from))?;
        let to = from + stretch(from);
        let (since, end) = (self.start(from), self.start(to).min(self.result.series.end_ns));
        let least = (self.result.series.end_ns - self.result.series.start_ns) / LATE;
        (to > from && end - since >= least).then(|| {
            let waiting = lag[from..to].iter().max().copied().unwrap_or(0);
            let (name, waiting) = (self.name, format::count(waiting));
            let [since, end] = [since, end].map(format::moment);
            match to == done.len() {
                true => {
                    format!("{name} does nothing from {since} on, and up to {waiting} messages wait for it.")
                }
                false => format!(
                    "{name} does nothing from {since} to {end}, and up to {waiting} messages wait for it."
                ),
            }
        })
    }

    /// More wait for it in the end than it does in a second.
    fn behind(&self) -> Option<String> {
        let waiting = self.waiting()?;
        let windows = || 0..self.series.map_or(0, |series| series.rows["done"].len());
        let late = |row: &str| -> Option<f64> {
            let counts = self.series?.rows.get(row)?;
            let late = windows().filter(|at| self.start(*at) >= self.late());
            let seconds = self.result.series.end_ns.saturating_sub(self.late()) as f64 / 1e9;
            Some(late.map(|at| counts[at]).sum::<u64>() as f64 / seconds.max(1e-9))
        };
        let (done, published) = (late("done")?, late("published")?);
        let left = *self.series?.levels.get("lag")?.last()? as f64;
        (left > done).then(|| {
            let (name, done, published) = (self.name, format::rate(done), format::rate(published));
            format!(
                "{waiting} messages wait for {name} in the end: at last it does {done}, and {published} come."
            )
        })
    }

    fn nothing(&self) -> Option<String> {
        let name = self.name;
        (self.count("published") == 0).then(|| format!("Nothing is published to {name}."))
    }

    /// How many wait at the end, if any do.
    fn waiting(&self) -> Option<String> {
        let left = *self.series?.levels.get("lag")?.last()?;
        (left > 0).then(|| format::count(left))
    }

    fn start(&self, window: usize) -> u64 {
        let series = &self.result.series;
        series.start_ns + series.window_ns * window as u64
    }

    /// When the last part of the run begins.
    fn late(&self) -> u64 {
        let series = &self.result.series;
        series.end_ns - series.end_ns.saturating_sub(series.start_ns) / LATE
    }
}
