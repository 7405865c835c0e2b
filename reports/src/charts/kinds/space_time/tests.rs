use super::KIND;
use crate::fixture;
use crate::palette;
use crate::result::{MessageCapture, RunResult, Suspicion};

fn drawn(run: &RunResult) -> (String, String) {
    let chart = KIND.of_run(run).remove(0);
    (chart.svg, chart.caption)
}

fn capture(run: &mut RunResult) -> &mut MessageCapture {
    run.capture.as_mut().expect("the fixture has one")
}

#[test]
fn what_is_lost_and_what_nobody_hears_is_crossed_out() {
    let run = fixture::storm();
    let (svg, _) = drawn(&run);
    let strokes = format!("stroke=\"{}\" stroke-width", palette::FAILED.hex());
    assert_eq!(svg.matches(&strokes).count(), 4, "two strokes for each");
    assert!(
        svg.contains("publish from shop/0 to db/0: sent 69.001000 s, lost on its way. offset 5")
    );
    assert!(svg.contains("came 70.500000 s, when nobody was there (600 ms later)"));
    assert!(svg.contains("received 69.018000 s (3 ms later)"));
}

#[test]
fn the_death_of_a_place_is_a_thick_line() {
    let run = fixture::storm();
    let (svg, _) = drawn(&run);
    let down = format!("fill=\"{}\"", palette::state("down").hex());
    let thick = svg.lines().filter(|line| line.starts_with("<rect") && line.contains(&down));
    assert_eq!(thick.count(), 1);
    let mut alive = run;
    alive.states.clear();
    assert!(!drawn(&alive).0.contains(&down));
}

#[test]
fn the_caption_names_the_message_and_says_what_became_of_it() {
    let mut run = fixture::storm();
    let (_, caption) = drawn(&run);
    for part in [
        "Message 5 of bus.orders desk, published at 69.000000 s, was lost: the broker had it",
        "That was noticed at 71.0 s.",
        "This breaks what is promised.",
        "3 more of the message between the first and the last are not shown.",
    ] {
        assert!(caption.contains(part), "{part}: {caption}");
    }
    capture(&mut run).suspicion = Suspicion::Slowest;
    assert!(drawn(&run).1.contains("It took 2 s."));
}

#[test]
fn of_a_saga_it_is_said_why_it_is_an_orphan_and_since_when_it_was_under_way() {
    let mut run = fixture::storm();
    let of = capture(&mut run);
    (of.suspicion, of.message, of.of) = (Suspicion::Orphan, 255, "order sagas".to_owned());
    of.text = "it has gone back, and reserve was done 2 times and undone 1 times".to_owned();
    let (svg, caption) = drawn(&run);
    assert!(svg.contains("saga 00000000000000ff of order sagas"));
    for part in [
        "Saga 00000000000000ff of order sagas, begun at 69.000000 s, is an orphan: it has gone back,",
        "In colour what is of this saga,",
        "3 more of the saga between the first and the last are not shown.",
    ] {
        assert!(caption.contains(part), "{part}: {caption}");
    }
    capture(&mut run).suspicion = Suspicion::Stuck;
    assert!(drawn(&run).1.contains(" s: it has gone back,"));
}

#[test]
fn many_places_are_capped_and_what_goes_there_is_counted() {
    let mut run = fixture::storm();
    let capture = capture(&mut run);
    capture.places.extend((0..20).map(|number| format!("desk/{number}")));
    let mut far = capture.transits[0].clone();
    far.to = 20;
    capture.transits.push(far);
    let (svg, caption) = drawn(&run);
    assert!(caption.contains("1 more arrow is not shown.") && caption.contains("11 more places"));
    assert!(!svg.contains("desk/15"));
}

#[test]
fn nothing_on_the_wire_says_so() {
    let mut run = fixture::storm();
    capture(&mut run).transits.clear();
    assert!(drawn(&run).1.ends_with("Nothing of it was on the wire."));
}
