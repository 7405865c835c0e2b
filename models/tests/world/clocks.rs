//! Wall clocks that are wrong, to the nanosecond.

use std::sync::{Arc, Mutex};

use cascadia_models::component::Life;
use cascadia_models::plan::*;
use cascadia_patterns::call::BoxFuture;
use cascadia_runtime::{Runtime, Time};

use crate::world::code::Code;
use crate::world::plans::{constant, ms, plan, run, service};

const IDLE: ServiceId = ServiceId(0);
const READER: ServiceId = ServiceId(1);
const SECOND: i64 = 1_000_000_000;
/// The beginning of 2000, when every run begins.
const BEGIN: i128 = 946_684_800_000_000_000;

/// When it was looked at, and how far ahead the clock was.
type Seen = Vec<(u64, i128)>;

/// Looks at its clock in the middle of each second of every life.
fn read(life: Life, seen: Arc<Mutex<Seen>>) -> BoxFuture<()> {
    Box::pin(async move {
        let host = life.host();
        loop {
            let now = host.now().as_nanos();
            let next = now - now % 1_000_000_000 + 500_000_000;
            let next = if next <= now { next + 1_000_000_000 } else { next };
            host.sleep_until(Time::from_nanos(next)).await;
            let shown = i128::from(host.wall().as_nanos()) - BEGIN;
            seen.lock().unwrap().push((next / 1_000_000, shown - i128::from(next)));
        }
    })
}

fn reader() -> Party {
    Party::Instance(Instance { service: READER, replica: 0 })
}

fn wrong(start: u64, end: u64, ahead: i64, gains: i64) -> FaultPlan {
    let target = Target { candidates: vec![reader()], pick: Pick::All };
    let effect = Effect::Clocks(target, Skew { ahead, gains });
    FaultPlan {
        name: format!("from {start} to {end} by {ahead}"),
        start: ms(start),
        end: ms(end),
        effect,
    }
}

/// How far ahead the clock of a place was in the middle of the first ten seconds.
fn ahead(faults: Vec<FaultPlan>) -> Seen {
    let seen = Arc::new(Mutex::new(Seen::new()));
    let idle = service("idle", 1, vec![Step::Compute(constant(1))]);
    let mut plan = plan(vec![idle], Arrivals::Constant(1.0), ms(10_000));
    plan.components =
        vec![ComponentPlan::new("reader".into(), 1, Arc::new(Code(read, Arc::clone(&seen))))];
    plan.faults = faults;
    run(plan);
    seen.lock().unwrap().clone()
}

fn expected(ahead: [i64; 10]) -> Seen {
    (0..).map(|second| 1_000 * second + 500).zip(ahead.map(i128::from)).collect()
}

#[test]
fn a_clock_steps_and_is_right_again() {
    let hour = 3_600 * SECOND;
    let seen = ahead(vec![wrong(2_000, 4_000, hour, 0), wrong(6_000, 7_000, -hour, 0)]);
    assert_eq!(seen, expected([0, 0, hour, hour, 0, 0, -hour, 0, 0, 0]));
}

#[test]
fn a_clock_drifts_by_a_share_of_what_passes() {
    let (fast, slow) = (wrong(1_000, 4_000, 0, 1_000), wrong(6_500, 20_000, 0, -SECOND));
    let second = SECOND;
    let seen = ahead(vec![fast, slow]);
    assert_eq!(seen, expected([0, 500, 1_500, 2_500, 0, 0, 0, -second, -2 * second, -3 * second]));
}

#[test]
fn several_faults_add_up_and_each_takes_away_its_own() {
    let faults = vec![
        wrong(1_000, 8_000, 100, 0),
        wrong(2_000, 5_000, 0, 10),
        wrong(3_000, 9_000, -7, 0),
        wrong(3_000, 4_000, 1_000, 2),
    ];
    let seen = ahead(faults);
    assert_eq!(seen, expected([0, 100, 105, 100 + 15 - 7 + 1_001, 118, 93, 93, 93, -7, 0]));
}

#[test]
fn a_clock_stays_wrong_when_its_place_dies_and_comes_back() {
    for verb in [|hit: &dyn Hit| hit.die(), |hit: &dyn Hit| hit.stop()] {
        let candidates = vec![Instance { service: READER, replica: 0 }];
        let effect = Effect::on(Target { candidates, pick: Pick::All }, verb);
        let dead = FaultPlan { name: "dead".into(), start: ms(3_200), end: ms(6_300), effect };
        let seen = ahead(vec![wrong(1_000, 8_000, 50, 100), dead]);
        let whole = expected([0, 100, 200, 300, 400, 500, 600, 700, 0, 0]);
        let alive = |(at, _): &&(u64, i128)| !(3_200..6_300).contains(at);
        assert_eq!(seen, whole.iter().filter(alive).copied().collect::<Vec<_>>());
    }
}

#[test]
fn a_clock_that_would_be_before_1970_stands_at_its_beginning() {
    let seen = ahead(vec![wrong(0, 10_000, i64::MIN, 0), wrong(0, 10_000, -1, -SECOND)]);
    for (at, ahead) in seen {
        assert_eq!(ahead, -BEGIN - i128::from(at) * 1_000_000);
    }
}

#[test]
fn one_of_several_is_hit() {
    let idle = |replica| Party::Instance(Instance { service: IDLE, replica });
    let candidates = vec![reader(), Party::Load(LoadId(0)), idle(0)];
    let hit = |name: String| {
        let target = Target { candidates: candidates.clone(), pick: Pick::One };
        let effect = Effect::Clocks(target, Skew { ahead: 5, gains: 0 });
        ahead(vec![FaultPlan { name, start: ms(0), end: ms(10_000), effect }])[0].1
    };
    let hits = (0..60).filter(|number| hit(format!("fault {number}")) == 5).count();
    assert!((10..30).contains(&hits), "{hits} of 60, one of three");
}
