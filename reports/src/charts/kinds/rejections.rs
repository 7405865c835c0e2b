use std::collections::BTreeSet;

use crate::charts::caption::{left_out, note};
use crate::charts::frame::{Key, Row, over_time};
use crate::charts::kind::{Draw, Kind};
use crate::charts::lines::band;
use crate::charts::picture::Drawn;
use crate::charts::scale::Scale;
use crate::format;
use crate::palette;
use crate::result::{PolicySeries, RunResult};
use crate::windows::Windows;

/// More layers than this are not drawn, those that refused least first.
const LAYERS: usize = 12;

pub(super) const KIND: Kind =
    Kind { name: "rejections", title: "Calls refused by each layer", draw: Draw::Run(draw) };

/// What each layer refused over time, stacked by reason.
fn draw(result: &RunResult) -> Drawn<'_> {
    let windows = Windows::of(&result.series);
    let (shown, others) = most(result);
    if shown.is_empty() {
        return Err("No layer of a policy refused a call.".to_owned());
    }
    let reasons: BTreeSet<&str> =
        shown.iter().flat_map(|(_, policy)| policy.rejected.keys().map(String::as_str)).collect();
    let reasons: Vec<&str> = reasons.into_iter().collect();
    let more = left_out(others, "layer that refused less", "layers that refused less");
    let caption = format!(
        "Calls that the layers of policies refused, by reason, all instances of a layer together; \
         a call that is tried again may be refused again. {}.{more}",
        format::capitalised(&note(result))
    );
    let legend: Vec<Key> = (0..)
        .zip(&reasons)
        .map(|(index, reason)| (palette::kind(index), reason.replace('_', " ")))
        .collect();
    let rows = shown.iter().map(|(name, policy)| row(windows, name, policy, &reasons)).collect();
    Ok(over_time(result, caption, legend, rows))
}

/// The layers that refused most, by name, and how many more refused something.
fn most(result: &RunResult) -> (Vec<(&str, &PolicySeries)>, usize) {
    let refused = |policy: &PolicySeries| policy.rejected.values().flatten().sum::<u64>();
    let mut layers: Vec<(&str, &PolicySeries)> = result
        .series
        .policies
        .iter()
        .filter(|(_, policy)| refused(policy) > 0)
        .map(|(name, policy)| (name.as_str(), policy))
        .collect();
    layers.sort_by_key(|(_, policy)| std::cmp::Reverse(refused(policy)));
    let left_out = layers.len().saturating_sub(LAYERS);
    layers.truncate(LAYERS);
    layers.sort_by_key(|(name, _)| *name);
    (layers, left_out)
}

fn row(windows: Windows, name: &str, policy: &PolicySeries, reasons: &[&str]) -> Row<'static> {
    let mut tops = vec![0.0; windows.len()];
    let mut layers = Vec::new();
    for (index, reason) in reasons.iter().enumerate() {
        let Some(counts) = policy.rejected.get(*reason) else { continue };
        let floor: Vec<(usize, f64)> = tops.iter().copied().enumerate().collect();
        for (top, rate) in tops.iter_mut().zip(windows.rates(counts)) {
            *top += rate;
        }
        layers.push((palette::kind(index), floor, tops.iter().copied().enumerate().collect()));
    }
    let most = tops.iter().copied().fold(0.0, f64::max);
    Row {
        heading: Some(name.to_owned()),
        label: "calls refused per second".to_owned(),
        height: 62.0,
        scale: Some((Scale::from_zero(most), format::number)),
        paint: Box::new(move |canvas, space| {
            let layers: &[(_, Vec<_>, Vec<_>)] = &layers;
            for (color, floor, top) in layers {
                band(canvas, space, windows, floor, top, *color, 1.0);
            }
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::KIND;
    use crate::fixture;
    use crate::palette;

    #[test]
    fn refused_calls_are_stacked_by_reason() {
        let run = fixture::storm();
        let picture = KIND.of_run(&run).remove(0);
        for (index, reason) in ["open", "probes taken"].iter().enumerate() {
            assert!(picture.svg.contains(&format!(">\n{reason}\n<")), "{reason} is in the legend");
            let area = format!("<polygon opacity=\"1\" fill=\"{}\"", palette::kind(index).hex());
            assert_eq!(picture.svg.matches(&area).count(), 1, "{reason}");
        }
        assert!(picture.svg.contains("standard.breaker → orders"));
        assert!(!picture.svg.contains("standard.retry"), "it refused nothing");
    }
}
