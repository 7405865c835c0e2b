//! What was on the wire around a message, as Lamport drew it: a line for each place, down which time goes,
//! and an arrow for each message between them.

mod arrows;
mod lines;
mod rows;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use self::arrows::moment;
use self::rows::Rows;
use crate::charts::canvas::{Anchor, Canvas, WIDTH, fitting};
use crate::charts::caption::left_out;
use crate::charts::kind::{Draw, Kind};
use crate::charts::picture::{Drawn, Picture};
use crate::format;
use crate::palette::{GRID, INK, MUTED};
use crate::result::{MessageCapture, RunResult, Suspicion, Transit};

/// More places than this are not drawn.
const PLACES: usize = 12;

/// Where the first and the last place are.
const FIRST: f64 = 150.0;
const LAST: f64 = WIDTH - 90.0;

/// Where the first moment is.
const TOP: f64 = 84.0;

pub(super) const KIND: Kind =
    Kind { name: "space-time", title: "Messages in space and time", draw: Draw::Message(draw) };

/// The wire around a message.
fn draw<'a>(result: &'a RunResult, capture: &'a MessageCapture) -> Drawn<'a> {
    let drawn: Vec<&Transit> =
        capture.transits.iter().filter(|one| one.from.max(one.to) < PLACES).collect();
    let Some(span) = span(&drawn, capture) else {
        return Err(format!("{} Nothing of it was on the wire.", sentence(capture)));
    };
    let names = &capture.places[..capture.places.len().min(PLACES)];
    let states: Vec<_> = names.iter().map(|name| lines::states(result, name, span)).collect();
    let mut moments: BTreeSet<u64> = moments(&drawn, capture).collect();
    moments.extend(states.iter().flatten().map(|(at, _)| *at));
    let rows = Rows::new(&moments, TOP);
    let apart = (LAST - FIRST) / (names.len().max(2) - 1) as f64;
    let x = move |place: usize| (place < PLACES).then_some(FIRST + apart * place as f64);
    let (caption, height) = (caption(capture, drawn.len()), rows.bottom + 12.0);
    let paint = move |canvas: &mut Canvas<'_>| {
        times(canvas, &rows, &drawn, capture);
        for (at, (name, states)) in names.iter().zip(&states).enumerate() {
            if let Some(x) = x(at) {
                place(canvas, (x, apart), at, name);
                lines::paint(canvas, &rows, x, states);
            }
        }
        // What is of the message lies above the rest.
        for is_about in [false, true] {
            for one in drawn.iter().filter(|one| one.is_about == is_about) {
                if let (Some(from), Some(to)) = (x(one.from), x(one.to)) {
                    let ends = [&*names[one.from], &*names[one.to]];
                    arrows::paint(canvas, &rows, one, ends, [from, to]);
                }
            }
        }
        arrows::label(canvas, &rows, &drawn, x);
        lines::marks(canvas, &rows, capture, x);
    };
    let title = format!("Messages in space and time: {} of {}", capture.subject(), capture.of);
    Ok(Picture { title: Some(title), caption, height, paint: Box::new(paint) })
}

fn moments<'a>(
    drawn: &'a [&Transit],
    capture: &'a MessageCapture,
) -> impl Iterator<Item = u64> + 'a {
    let transits = drawn.iter().flat_map(|one| [one.sent_ns].into_iter().chain(one.arrives_ns));
    transits.chain(capture.marks.iter().map(|mark| mark.at_ns))
}

/// The first and the last moment of the picture. A message that is lost may be so by a death long after anything was
/// sent of it.
fn span(drawn: &[&Transit], capture: &MessageCapture) -> Option<(u64, u64)> {
    drawn.iter().any(|one| one.is_about).then_some(())?;
    let last = moments(drawn, capture).max()?;
    let last = match capture.suspicion {
        Suspicion::Lost => last.max(capture.noticed_ns),
        _ => last,
    };
    Some((moments(drawn, capture).min()?, last))
}

/// Says when what of the message happened, and how long nothing did.
fn times(canvas: &mut Canvas<'_>, rows: &Rows, drawn: &[&Transit], capture: &MessageCapture) {
    let about: Vec<&Transit> = drawn.iter().copied().filter(|one| one.is_about).collect();
    let told: BTreeSet<u64> = moments(&about, capture).collect();
    for ns in told {
        let y = rows.y(ns);
        canvas.line(&[(FIRST - 50.0, y), (LAST, y)], GRID, 0.6);
        canvas.text((FIRST - 54.0, y), &moment(ns), 10.5, MUTED, Anchor::End);
    }
    for (y, gap) in &rows.gaps {
        let text = format!("… {}", format::duration(*gap as f64));
        canvas.text((FIRST - 54.0, *y), &text, 10.5, INK, Anchor::End);
    }
}

/// The name of a place above its line; neighbours are at two heights, and long ones are cut.
fn place(canvas: &mut Canvas<'_>, (x, apart): (f64, f64), at: usize, name: &str) {
    let shown = fitting(name, 11.5, 2.0 * apart - 12.0);
    let y = if at.is_multiple_of(2) { 44.0 } else { 60.0 };
    canvas.text((x, y), &shown, 11.5, INK, Anchor::Middle);
    canvas.line(&[(x, y + 9.0), (x, TOP)], MUTED, 1.0);
    canvas.hover((x - 20.0, y), (x + 20.0, y), name);
}

/// What is wrong with the message, and since when it was on its way.
fn sentence(capture: &MessageCapture) -> String {
    let MessageCapture { of, text, noticed_ns, .. } = capture;
    let subject = capture.subject();
    let first = if capture.is_saga() { "begun" } else { "published" };
    let published = capture.published_ns.map(|at| format!(", {first} at {}", moment(at)));
    let published = published.unwrap_or_default();
    let took = capture.published_ns.map(|at| format::duration((noticed_ns - at) as f64));
    let end = match (capture.suspicion, took) {
        (Suspicion::Slowest, Some(took)) => format!(" It took {took}."),
        _ if *noticed_ns == u64::MAX => " That was noticed at the end.".to_owned(),
        _ => format!(" That was noticed at {}.", format::moment(*noticed_ns)),
    };
    let broken = if capture.breaks_promise { " This breaks what is promised." } else { "" };
    // It is named already.
    let own = format!("{subject} ");
    let fate = match (capture.suspicion, text.strip_prefix(&own)) {
        (Suspicion::Orphan, _) => format!(", is an orphan: {text}"),
        (_, Some(fate)) => format!(", {fate}"),
        (_, None) => format!(": {text}"),
    };
    let subject = capitalized(&subject);
    format!("{subject} of {of}{published}{fate}.{end}{broken}")
}

fn capitalized(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    first.to_uppercase() + rest
}

fn caption(capture: &MessageCapture, drawn: usize) -> String {
    let more = left_out(capture.transits.len() - drawn, "more arrow", "more arrows");
    let what = if capture.is_saga() { "saga" } else { "message" };
    let between = match capture.left_out {
        0 => String::new(),
        n => format!(
            " {} more of the {what} between the first and the last are not shown.",
            format::count(n)
        ),
    };
    let places = left_out(capture.places.len().saturating_sub(PLACES), "more place", "more places");
    format!(
        "{} Time goes down, each moment in a row of its own and not to scale. In colour what is of this {what}, in \
         grey what was sent next to it between the same places, n = {}; ✗: it was lost on its way, or came when \
         nobody was there; a thick line: the place was down; a dot: what was done.{between}{more}{places}",
        sentence(capture),
        format::count(drawn as u64),
    )
}
