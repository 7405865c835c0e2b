//! Durations, rates and shares, in every way in which they may be written.

use serde_json::{Value, json};

use super::Generator;

pub(super) const SECOND: u64 = 1_000_000_000;

/// Longer than any run.
const FOREVER: [&str; 4] = ["30000d", "99999h", "86401s", "99999 m"];

impl Generator {
    /// A number of ticks of the clock that the scenario goes by. Where it goes by a grid they are
    /// whole ones, so that things happen at once.
    pub(super) fn ticks(&mut self, low: u64, high: u64) -> u64 {
        match self.grid {
            true => self.tick * self.dice.between(low.max(1), high.max(1)),
            false => self.dice.magnitude((self.tick * low).max(1_000), self.tick * high),
        }
    }

    /// About as long as a request takes to be served, or some ticks.
    pub(super) fn moment(&mut self) -> u64 {
        let work = self.work.max(1_000);
        match self.dice.chance(50) && !self.grid {
            true => self.dice.magnitude((work / 2).max(1_000), work * 8),
            false => self.ticks(1, 8),
        }
    }

    pub(super) fn moment_text(&mut self) -> Value {
        let nanos = self.moment();
        json!(self.written(nanos))
    }

    /// A limit on time that may also never be reached.
    pub(super) fn patience(&mut self) -> Value {
        match self.dice.chance(4) {
            true => json!(self.dice.pick(&FOREVER)),
            false => self.moment_text(),
        }
    }

    /// A duration as one of those who write scenarios would write it.
    pub(super) fn written(&mut self, nanos: u64) -> String {
        let whole = [("s", SECOND), ("ms", 1_000_000), ("us", 1_000), ("ns", 1)];
        let fitting: Vec<_> =
            whole.iter().filter(|(_, unit)| nanos.is_multiple_of(*unit)).collect();
        let (unit, scale) =
            if self.dice.chance(80) { *fitting[0] } else { *self.dice.pick(&fitting) };
        let space = if self.dice.chance(10) { " " } else { "" };
        if self.dice.chance(85) {
            return format!("{}{space}{unit}", nanos / scale);
        }
        let digits = format!("{}.{:09}", nanos / SECOND, nanos % SECOND);
        let digits = digits.trim_end_matches('0').trim_end_matches('.');
        format!("{digits}{space}s")
    }

    /// A share from `low` to `high` percent, in tenths now and then.
    pub(super) fn share(&mut self, low: u64, high: u64) -> Value {
        let percent = self.dice.between(low, high);
        let tenths = if percent < high && self.dice.chance(20) { ".5" } else { "" };
        json!(format!("{percent}{tenths}%"))
    }

    /// So many in a second, written by the second, the minute, the hour or the millisecond.
    pub(super) fn rate(&mut self, per_second: f64) -> String {
        let thousandths = (per_second * 1_000.0).round().max(1.0) as u64;
        match self.dice.between(0, 9) {
            0 => format!("{}/m", (thousandths * 60).div_ceil(1_000)),
            1 => format!("{}/h", (thousandths * 3_600).div_ceil(1_000)),
            2 if thousandths >= 1_000_000 => format!("{}/ms", thousandths / 1_000_000),
            _ if thousandths.is_multiple_of(1_000) => format!("{}/s", thousandths / 1_000),
            _ => format!("{}.{:03}/s", thousandths / 1_000, thousandths % 1_000),
        }
    }

    /// About as many in a second as one of the loads sends.
    pub(super) fn usual_rate(&mut self) -> f64 {
        let factor = self.dice.pick(&[0.1, 0.5, 0.8, 1.0, 1.5, 4.0]);
        (self.per_second * factor).max(0.05)
    }

    pub(super) fn number(&mut self, low: u64, high: u64) -> Value {
        json!(self.dice.between(low, high))
    }

    pub(super) fn flag(&mut self) -> Value {
        json!(self.dice.chance(60))
    }

    /// A factor with one digit after the point.
    pub(super) fn factor(&mut self, low_tenths: u64, high_tenths: u64) -> Value {
        json!(self.dice.between(low_tenths, high_tenths) as f64 / 10.0)
    }

    /// An object with some of the settings of a list, each drawn where it is taken.
    pub(super) fn settings(&mut self, percent: u64, list: &[Setting]) -> Value {
        let mut object = serde_json::Map::new();
        for (name, draw) in list {
            if self.dice.chance(percent) {
                object.insert((*name).to_owned(), draw(self));
            }
        }
        Value::Object(object)
    }
}

/// A setting by its name, and how its value is drawn.
pub(super) type Setting = (&'static str, fn(&mut Generator) -> Value);
