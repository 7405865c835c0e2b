//! The core beside a model of a dozen lines: what is asked of whom, and how it ends.

use cascadia_runtime::Stream;

use super::scripted::{Driven, done, failed, order_with, refused};
use crate::messaging::tests::cases;
use crate::saga::definition::{Attempts, Step};
use crate::saga::state::Phase;
use crate::saga::{Direction, Outcome};

/// How a command ends when it is asked for the n-th time.
type Script = [[Outcome; 3]; 7];

/// Which steps are asked to do and undo what, and whether it completes; none where it is stuck.
fn model(script: &Script, pivot_undo: bool) -> (Vec<(usize, Direction)>, Option<bool>) {
    let (mut asked, mut left) = (Vec::new(), Vec::new());
    let is_done = |at: usize, asked: &mut Vec<_>, step, direction| {
        script[at].iter().find_map(|outcome| {
            asked.push((step, direction));
            match outcome {
                Outcome::Done(_) => Some(true),
                Outcome::Refused(_) => Some(false),
                _ => None,
            }
        })
    };
    for step in 0..3 {
        match is_done(step, &mut asked, step, Direction::Do) {
            Some(true) => left.push(step),
            Some(false) => break,
            None if step == 2 && !pivot_undo => unreachable!("the script has an answer"),
            None => {
                left.push(step);
                break;
            }
        }
        if step == 2 {
            is_done(3, &mut asked, 3, Direction::Do);
            return (asked, Some(true));
        }
    }
    while let Some(step) = left.pop() {
        if is_done(4 + step, &mut asked, step, Direction::Undo) != Some(true) {
            return (asked, None);
        }
    }
    (asked, Some(false))
}

fn script(stream: &mut Stream, pivot_undo: bool) -> Script {
    let mut script: Script = std::array::from_fn(|_| {
        std::array::from_fn(|_| match stream.below(6) {
            0 => Outcome::Unknown,
            1 => failed(),
            _ => done(),
        })
    });
    for outcome in script[..3].iter_mut().flatten() {
        if stream.below(5) == 0 {
            *outcome = refused();
        }
    }
    script[3][2] = done();
    if !pivot_undo
        && !script[2].iter().any(|it| matches!(it, Outcome::Done(_) | Outcome::Refused(_)))
    {
        script[2][2] = done();
    }
    script
}

fn pivot() -> Step {
    Step::pivot("charge", "payment")
}

#[test]
fn the_core_does_what_the_model_does() {
    let mut ends = [0; 3];
    for seed in 0..cases(1_000) {
        let mut stream = Stream::from_seed(seed);
        let pivot_undo = stream.below(2) == 0;
        let script = script(&mut stream, pivot_undo);
        let mut saga =
            Driven::begin(&order_with(Step { undo: pivot_undo, ..pivot() }, Attempts::new(3)));
        let mut asked = Vec::new();
        let mut tries = [[0; 3]; 4];
        loop {
            if saga.open.is_empty() {
                match saga.saga.state().phase() {
                    Phase::Forward | Phase::Backward => saga.wait(),
                    _ => break,
                }
                continue;
            }
            // Whoever takes it over goes on with what was written.
            if stream.below(8) == 0 {
                saga.resume(saga.entries.len());
            }
            let names = ["reserve", "book", "charge", "confirm"];
            let command = saga.open[0].clone();
            let step = names.iter().position(|name| *name == &*command.step).unwrap();
            let is_undo = command.direction == Direction::Undo;
            let tried = &mut tries[step][usize::from(is_undo)];
            let outcome = script[if is_undo { 4 + step } else { step }][*tried].clone();
            *tried += 1;
            asked.push((step, command.direction));
            saga.end(outcome);
        }
        let end = match saga.saga.state().phase() {
            Phase::Completed => Some(true),
            Phase::Compensated => Some(false),
            _ => None,
        };
        let model = model(&script, pivot_undo);
        assert_eq!((asked, end), model, "seed {seed}: {}", saga.log());
        ends[end.map_or(2, usize::from)] += 1;
    }
    assert!(ends.iter().all(|times| *times > 10), "{ends:?}");
}
