//! Laws of durations.

use serde_json::{Value, json};

use super::Generator;

/// Every kind of law but the plain duration: its name, and how one is drawn about a mean.
type Kind = (&'static str, fn(&mut Generator, u64) -> Value);

const LAWS: [Kind; 12] = [
    ("constant", |all, mean| json!(all.written(mean))),
    ("uniform", |all, mean| {
        let least = mean * all.dice.between(0, 100) / 100;
        json!({ "min": all.written(least), "max": all.written(2 * mean - least) })
    }),
    ("exp", |all, mean| json!({ "mean": all.written(mean) })),
    ("lognormal", |all, mean| match all.dice.chance(50) {
        true => json!({ "p50": all.written(mean), "p99": all.written(mean * 4) }),
        false => json!({ "p50": all.written(mean), "sigma": 0.7 }),
    }),
    ("erlang", |all, mean| json!({ "stages": all.dice.between(1, 5), "mean": all.written(mean) })),
    ("hyperexp", |all, mean| {
        let short = all.written((mean / 3).max(1));
        json!([{ "weight": 0.9, "mean": short }, { "weight": 0.1, "mean": all.written(mean * 4) }])
    }),
    ("pareto", |all, mean| {
        let mut law = json!({ "min": all.written(mean / 2 + 1), "shape": 2.5 });
        if all.dice.chance(60) {
            law["max"] = json!(all.written(mean * 20));
        }
        law
    }),
    (
        "gamma",
        |all, mean| json!({ "shape": all.dice.pick(&[0.5, 1.0, 3.0]), "mean": all.written(mean) }),
    ),
    (
        "weibull",
        |all, mean| json!({ "shape": all.dice.pick(&[0.7, 1.0, 2.0]), "scale": all.written(mean) }),
    ),
    ("abs_normal", |all, mean| json!({ "mean": all.written(mean), "sd": all.written(mean / 3) })),
    ("mixture", |all, mean| {
        let rare = json!({ "pareto": { "min": all.written(mean), "shape": 1.5 } });
        let common = json!(all.written(mean / 2 + 1));
        json!([{ "weight": 0.875, "law": common }, { "weight": 0.125, "law": rare }])
    }),
    ("quantiles", |all, mean| {
        let (low, high) = (all.written(mean / 2), all.written(mean * 6));
        json!({ "0%": low, "90%": all.written(mean), "99.9%": high, "100%": high })
    }),
];

impl Generator {
    /// A law about a mean. On a grid nothing is random, so that things happen at once.
    pub(super) fn law(&mut self, mean: u64) -> Value {
        let mean = if self.grid { (mean / self.tick).max(1) * self.tick } else { mean.max(100) };
        if self.grid || self.dice.chance(40) {
            return json!(self.written(mean));
        }
        let (name, draw) = self.dice.pick(&LAWS);
        json!({ name: draw(self, mean) })
    }
}
