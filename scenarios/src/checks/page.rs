//! What the reference says of checks.

use cascadia_models::measure::metrics::{Metric, Of, Unit};

const HEAD: &str = "
## Checks

A check is a line of text under a load, a service, a group of components or one of its parts; or under
`\"all loads\"`, where it is of all of them together. [Verdicts](verdicts.md) says what baselines and
recoveries are held against, and what is left to chance.

| check | holds where |
|---|---|
| `metric op value [over window]` | the metric is so over the window; `op` is one of `<`, `<=`, `>`, `>=`, `==`, `!=` |
| `metric within P of baseline [over window]` | the metric differs from what it was before the first fault by no more than a share `P` of that, as far as chance does not explain more |
| `recovered within D after FAULT` | so soon after the end of the fault goodput and latency of a load are back for good |
| `metastable = no` | no load stays down after a fault by an overload that sustains itself |

Under a load or a service, `service.metric` is of another service and `policy.layer.metric` of a layer, as in
`standard.retry.denied < 5/s`.

| window | is |
|---|---|
| none | from the warm-up to the end |
| `10s..30s` | from one time to the other |
| `during FAULT` | from the beginning of the fault to its end |
| `after FAULT`, `after FAULT 15s` | from the end of the fault, or so long after it, to the end of the run |
";

/// The section on checks, with every metric.
pub(crate) fn page() -> String {
    let mut text = HEAD.to_owned();
    for of in Of::ALL {
        text += &format!(
            "\n### Metrics of {}\n\n| metric | is compared with | meaning |\n|---|---|---|\n",
            of.name()
        );
        for metric in of.metrics() {
            let units: Vec<&str> = metric.units().iter().map(|unit| name(&metric, *unit)).collect();
            let (form, help) = (metric.form(), metric.help);
            text += &format!("| `{form}` | {} | {help} |\n", units.join(", "));
        }
    }
    text
}

fn name(metric: &Metric, unit: Unit) -> &'static str {
    match unit {
        Unit::Share => "a share",
        Unit::Rate => "a rate",
        Unit::Duration => "a duration",
        Unit::Number if metric.units().contains(&Unit::Share) => "a number of `requests`",
        Unit::Number => "a number",
    }
}
