//! A saga whose process is killed at each of its commits.

use std::sync::Arc;

use cascadia_patterns::saga::suite::Trial;
use cascadia_patterns::store::Store;
use cascadia_patterns::store::suite::{Halted, Moment};
use cascadia_runtime::{Stream, TokioWorld};

use crate::{Victim, tell, told};

const ID: &str = "CASCADIA_CHILD_SAGA";
const LIFE: &str = "CASCADIA_CHILD_LIFE";
const TRIAL: &str = "CASCADIA_CHILD_TRIAL";
const AT: &str = "CASCADIA_CHILD_AT";
const MOMENT: &str = "CASCADIA_CHILD_MOMENT";

const HALTED: &str = "halted";
/// As many are at work at a time: mostly they wait.
const AT_ONCE: u64 = 8;

/// Drives the saga that its environment names, as the victim, and halts where that says.
pub async fn child(store: Arc<dyn Store>) {
    let number = |name| told(name).map(|number| number.parse::<u64>().expect("a number"));
    let id = told(ID).expect("it is told which");
    let trial = if told(TRIAL).is_some() { Trial::Refused } else { Trial::Accepted };
    let moment = if told(MOMENT).is_some() { Moment::After } else { Moment::Before };
    let store = match number(AT) {
        Some(at) => Arc::new(Halted::new(store, (at, moment), || tell(HALTED))),
        None => store,
    };
    let stream = Stream::from_seed(number(LIFE).unwrap_or_default());
    let ended = trial.drive(TokioWorld::new(), store, stream, id).await;
    tell(format_args!("{ended:?}"));
}

/// Kills a child at each commit of a saga, before it and after it, so many times each, and has another one go on, which must come
/// to the end that the saga always comes to. `place` says in which environment the store of a row of sagas is.
///
/// # Panics
///
/// When it does not.
pub fn at_every_commit(
    child: &str,
    place: impl Fn(&str) -> Vec<(&'static str, String)> + Sync,
    times: u64,
) {
    let place = &place;
    for first in (0..times).step_by(AT_ONCE as usize / 4) {
        std::thread::scope(|scope| {
            for time in first..times.min(first + AT_ONCE / 4) {
                for trial in Trial::ALL {
                    for moment in [Moment::Before, Moment::After] {
                        scope.spawn(move || each_commit(child, place, (trial, moment, time)));
                    }
                }
            }
        });
    }
}

fn each_commit(
    child: &str,
    place: &impl Fn(&str) -> Vec<(&'static str, String)>,
    (trial, moment, time): (Trial, Moment, u64),
) {
    let end = format!("{:?}", Ok::<_, ()>(trial.end()));
    let place = place(&format!("{trial:?}_{moment:?}_{time}"));
    let mut at = 0;
    loop {
        let id = format!("{trial:?}-{moment:?}-{time}-{at}");
        let live = |life: u64, halts: bool| {
            let mut told = place.clone();
            told.extend([(ID, id.clone()), (LIFE, (2 * at + life).to_string())]);
            told.extend((trial == Trial::Refused).then(|| (TRIAL, String::new())));
            told.extend((moment == Moment::After).then(|| (MOMENT, String::new())));
            told.extend(halts.then(|| (AT, at.to_string())));
            let told: Vec<_> = told.iter().map(|(name, value)| (*name, value.as_str())).collect();
            Victim::start(child, &told).hear()
        };
        let said = live(0, true);
        if said != HALTED {
            assert_eq!(said, end, "{id}: it was not killed");
            break;
        }
        assert_eq!(live(1, false), end, "{id}: it was killed");
        at += 1;
    }
    assert!(at > 8, "{trial:?}: only {at} commits");
}
