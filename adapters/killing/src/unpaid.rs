//! A saga that is given up when its time is over, by a process that has not begun it, and whose clock may be wrong.

use std::sync::Arc;
use std::time::Duration;

use cascadia_patterns::saga::suite::{Skewed, Unpaid};
use cascadia_patterns::store::Store;
use cascadia_runtime::{Runtime, Stream, TokioWorld};

use crate::{Victim, tell, told};

const LIFE: &str = "CASCADIA_CHILD_LIFE";
const AHEAD: &str = "CASCADIA_CHILD_AHEAD";
const BEHIND: &str = "CASCADIA_CHILD_BEHIND";

const RESERVED: &str = "reserved";
const UNPAID: Unpaid = Unpaid { timeout: Duration::from_secs(8) };
/// How long nobody is there, of the time that the saga has.
const AWAY: Duration = Duration::from_secs(4);
/// What a process may need to begin, and to end a saga.
const SLACK: Duration = Duration::from_secs(3);
const HOUR: Duration = Duration::from_secs(3_600);

/// How far the clock of a process is off.
#[derive(Clone, Copy, Debug)]
enum Clock {
    Right,
    Ahead,
    Behind,
}

/// Drives the saga, as the victim: the first one says what it has reserved, a later one how it has ended, and how long after it
/// was begun, in milliseconds of the right clock.
pub async fn child(store: Arc<dyn Store>) {
    let off = |name| told(name).map_or(Duration::ZERO, |_| HOUR);
    let life: u64 = told(LIFE).map_or(0, |life| life.parse().expect("a number"));
    let right = TokioWorld::new();
    let world = Skewed::new(right, off(AHEAD), off(BEHIND));
    let reserved = || {
        if life == 0 {
            tell(RESERVED);
        }
    };
    let driven = UNPAID.drive(world, store, Stream::from_seed(life), "7", reserved).await;
    let (ended, log) = driven.expect("its store is there");
    let took = right.wall().since(log.entries[0].at);
    tell(format_args!("{ended:?} {}", took.as_millis()));
}

/// Kills the process that has begun a saga, and has another one go on with it: it meets the timeout by the wall clock, wherever that
/// began. With a clock that is an hour ahead it comes too early, with one that is an hour behind not at all, until somebody is there who knows
/// the time; what is done is the same. `place` says in which environment the store of a saga is.
///
/// # Panics
///
/// When it is not so.
pub fn by_every_clock(child: &str, place: impl Fn(&str) -> Vec<(&'static str, String)> + Sync) {
    let place = &place;
    std::thread::scope(|scope| {
        for clock in [Clock::Right, Clock::Ahead, Clock::Behind] {
            scope.spawn(move || by_a_clock(child, &place(&format!("{clock:?}")), clock));
        }
    });
}

#[expect(clippy::disallowed_methods, reason = "a process of its own is waited for in real time")]
fn by_a_clock(child: &str, place: &[(&'static str, String)], clock: Clock) {
    let live = |life: u64, clock| {
        let mut told = place.to_vec();
        told.push((LIFE, life.to_string()));
        told.extend(match clock {
            Clock::Right => None,
            Clock::Ahead => Some((AHEAD, String::new())),
            Clock::Behind => Some((BEHIND, String::new())),
        });
        let told: Vec<_> = told.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Victim::start(child, &told)
    };
    assert_eq!(live(0, Clock::Right).hear(), RESERVED);
    let took = match clock {
        Clock::Right => {
            std::thread::sleep(AWAY);
            ended(&live(1, clock).hear())
        }
        Clock::Ahead => ended(&live(1, clock).hear()),
        Clock::Behind => {
            let told = live(1, clock).kill(UNPAID.timeout + SLACK);
            assert_eq!(told, [""; 0], "it waits");
            ended(&live(2, Clock::Right).hear())
        }
    };
    let is_met = match clock {
        Clock::Right => (UNPAID.timeout..UNPAID.timeout + SLACK).contains(&took),
        Clock::Ahead => took < UNPAID.timeout,
        Clock::Behind => took > UNPAID.timeout + SLACK,
    };
    assert!(is_met, "with a clock that is {clock:?} it took {took:?}");
}

/// How long it took, when it has ended as it should.
fn ended(line: &str) -> Duration {
    let (end, took) = line.rsplit_once(' ').expect("it says how long it took");
    assert_eq!(end, format!("{:?}", Unpaid::end()));
    Duration::from_millis(took.parse().expect("a number"))
}
