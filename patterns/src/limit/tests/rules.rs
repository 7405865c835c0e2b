//! The numbers of the rules.

use super::*;
use crate::limit::Window;

fn aimd(limit: u32) -> Rig {
    Rig::new(Algorithm::Aimd(AimdConfig { initial: limit, min: 1, ..AimdConfig::default() }))
}

fn vegas(limit: u32) -> Rig {
    let mut rig = Rig::new(Algorithm::Vegas(VegasConfig { initial: limit, ..Default::default() }));
    rig.round(1, ms(10), Answer::Ok);
    rig
}

/// The last of `in_flight` calls ends after `rtt`; the others stay.
fn one_of(rig: &mut Rig, in_flight: u32, rtt: Duration, answer: Answer) -> u32 {
    let mut permits: Vec<_> = (0..in_flight).map(|_| rig.enter().unwrap()).collect();
    rig.now += rtt;
    let last = permits.pop().unwrap();
    rig.answer(last, answer);
    permits.into_iter().for_each(|permit| rig.core.on_abandoned(permit));
    rig.limit()
}

#[test]
fn aimd_adds_one_and_takes_a_tenth() {
    assert_eq!(one_of(&mut aimd(20), 10, ms(1), Answer::Ok), 21);
    assert_eq!(one_of(&mut aimd(20), 9, ms(1), Answer::Ok), 20, "less than half is used");
    assert_eq!(one_of(&mut aimd(20), 1, ms(1), Answer::Refused), 18);
    assert_eq!(one_of(&mut aimd(20), 1, ms(1), Answer::TimedOut), 18);
    assert_eq!(one_of(&mut aimd(20), 20, ms(5_000), Answer::Ok), 21);
    assert_eq!(one_of(&mut aimd(20), 20, ms(5_001), Answer::Ok), 18);
    assert_eq!(one_of(&mut aimd(5), 1, ms(1), Answer::Refused), 4, "at least by one");
    assert_eq!(one_of(&mut aimd(1), 1, ms(1), Answer::Refused), 1);
    assert_eq!(one_of(&mut aimd(200), 200, ms(1), Answer::Ok), 200);
}

#[test]
fn vegas_steps_by_the_queue() {
    // log₁₀ 100 = 2: thresholds 2, 6 and 12, in a limit of 100.
    for (rtt, limit) in [(10_000, 112), (10_200, 112), (10_300, 102), (10_500, 102), (10_640, 100)]
    {
        let rtt = Duration::from_micros(rtt);
        assert_eq!(one_of(&mut vegas(100), 50, rtt, Answer::Ok), limit, "{rtt:?}");
    }
    assert_eq!(one_of(&mut vegas(100), 50, ms(12), Answer::Ok), 98, "the queue is too long");
    assert_eq!(one_of(&mut vegas(100), 49, ms(20), Answer::Ok), 100, "less than half is used");
    assert_eq!(one_of(&mut vegas(100), 1, ms(1), Answer::Refused), 98);
    assert_eq!(one_of(&mut vegas(20), 20, ms(10), Answer::Ok), 26, "the logarithm is at least 1");
}

/// The original takes any answer for the latency without load, refusals too.
#[test]
fn a_fast_refusal_is_no_latency_without_load() {
    let mut rig = vegas(100);
    rig.round(3, Duration::from_nanos(1), Answer::Refused);
    let before = rig.limit();
    assert_eq!(one_of(&mut rig, 60, ms(10), Answer::Ok), before + 6, "10 ms are still no queue");
}

#[test]
fn vegas_forgets_the_latency_without_load() {
    let mut rig = vegas(20);
    // The server is slower now, for good. After at most 30 · L calls that is normal.
    for _ in 0..10_000 {
        rig.round(20, ms(30), Answer::Ok);
    }
    assert!(rig.limit() > 40, "{}", rig.limit());
}

#[test]
fn vegas_takes_a_share_of_each_step() {
    let config = VegasConfig { initial: 100, smoothing: 0.5, ..VegasConfig::default() };
    let mut rig = Rig::new(Algorithm::Vegas(config));
    rig.round(1, ms(10), Answer::Ok);
    assert_eq!(one_of(&mut rig, 50, ms(10), Answer::Ok), 106, "half of six times the logarithm");
    assert_eq!(one_of(&mut rig, 60, ms(20), Answer::Ok), 105);
    assert_eq!(one_of(&mut rig, 1, ms(1), Answer::Refused), 104);
}

/// Limits that measured in step would do it together, as a fleet.
#[test]
fn vegas_measures_anew_after_half_to_all_of_thirty_times_its_limit() {
    let calls_until_it_measures = |seed| {
        // Twice as slow and hardly used: the limit stays until somebody uses it.
        let forgets_after = |calls: &u32| {
            let config = VegasConfig { initial: 100, ..VegasConfig::default() };
            let mut rig = Rig::new(Algorithm::Vegas(config));
            rig.stream = Stream::from_seed(seed);
            rig.round(1, ms(10), Answer::Ok);
            (0..*calls).for_each(|_| {
                rig.round(1, ms(20), Answer::Ok);
            });
            one_of(&mut rig, 60, ms(20), Answer::Ok) > 100
        };
        (0..).step_by(50).find(forgets_after).unwrap()
    };
    let mut all: Vec<_> = (1..=20).map(calls_until_it_measures).collect();
    all.sort_unstable();
    assert!(all[0] >= 1_450 && all[19] <= 3_000, "{all:?}");
    assert!(all[19] - all[0] > 900, "{all:?}");
}

/// The weakness of a shortest latency: measured while a queue stands, it takes the queue for work,
/// and the limit runs away.
#[test]
fn vegas_runs_away_with_a_latency_that_was_learned_under_load() {
    let config = VegasConfig { max: 80, ..VegasConfig::default() };
    let mut rig = Rig::new(Algorithm::Vegas(config));
    // A server that does one call at a time: each waits for all that are under way.
    for _ in 0..60_000 {
        let limit = rig.limit();
        one_of(&mut rig, limit, limit * ms(10), Answer::Ok);
    }
    assert_eq!(rig.limit(), 80);
}

#[test]
fn gradient2_follows_the_ratio_of_latencies() {
    let config = Gradient2Config { initial: 100, min: 5, ..Gradient2Config::default() };
    let steady = |in_flight| {
        let mut rig = Rig::new(Algorithm::Gradient2(config));
        for _ in 0..20 {
            one_of(&mut rig, 1, ms(10), Answer::Ok);
        }
        assert_eq!(rig.limit(), 100);
        (one_of(&mut rig, in_flight, ms(10), Answer::Ok), rig)
    };
    assert_eq!(steady(49).0, 100, "less than half is used");
    let (limit, mut rig) = steady(50);
    assert_eq!(limit, 100, "100.8: a fifth of the queue of 4");
    assert_eq!(one_of(&mut rig, 60, ms(15), Answer::Ok), 101, "half slower is tolerated");
    // 0.5 · L + 4, a fifth of the way: 0.9 · L + 0.8.
    assert_eq!(one_of(&mut rig, 60, ms(1_000), Answer::Ok), 92);
}

/// The original has no notion of a loss: it takes a fast refusal for a fast answer, which makes the
/// past look better and lets the limit grow.
#[test]
fn a_fast_refusal_is_not_a_fast_answer() {
    let mut rig = Rig::new(all()[2]);
    rig.full_rounds(20, ms(20), Answer::Ok);
    let before = rig.limit();
    rig.full_rounds(1, Duration::from_micros(10), Answer::Refused);
    assert!(rig.limit() < before / 2, "{} from {before}", rig.limit());
}

#[test]
fn gradient2_forgets_a_long_overload_faster() {
    let calls = |rtt, count, rig: &mut Rig| {
        for _ in 0..count {
            one_of(rig, rig.limit(), rtt, Answer::Ok);
        }
    };
    let mut rig = Rig::new(all()[2]);
    calls(ms(1_000), 20, &mut rig);
    calls(ms(10), 150, &mut rig);
    // Averaged over 600 calls the past would still be 600 ms, and 60 ms no slow-down at all.
    let before = rig.limit();
    calls(ms(60), 10, &mut rig);
    assert!(rig.limit() < before, "{} from {before}", rig.limit());
}

#[test]
fn a_limit_that_is_not_used_stays() {
    for algorithm in &all()[..3] {
        let mut rig = Rig::new(*algorithm);
        rig.round(1, ms(10), Answer::Ok);
        let before = rig.limit();
        for _ in 0..500 {
            rig.round(before / 2 - 1, ms(10), Answer::Ok);
        }
        assert_eq!(rig.limit(), before, "{algorithm:?}");
    }
}

#[test]
fn a_window_of_nine_calls_says_nothing_and_one_of_ten_does() {
    for (calls, expected) in [(9, 100), (10, 90)] {
        let aimd = AimdConfig { initial: 100, min: 1, ..AimdConfig::default() };
        let window = Some(Window::default());
        let core = Limiter::new(LimitConfig {
            algorithm: Algorithm::Aimd(aimd),
            window,
            ..LimitConfig::default()
        });
        let mut rig = Rig { core, stream: Stream::from_seed(1), now: Time::ZERO };
        rig.now += ms(1);
        rig.round(1, ms(1), Answer::Ok);
        rig.round(calls - 1, ms(10), Answer::Refused);
        rig.round(1, ms(1_001), Answer::Ok);
        assert_eq!(rig.limit(), expected, "{calls} calls");
    }
}

#[test]
fn a_window_shows_many_calls_as_one() {
    let aimd = AimdConfig { initial: 100, min: 1, ..AimdConfig::default() };
    let window = Some(Window::default());
    let core = Limiter::new(LimitConfig {
        algorithm: Algorithm::Aimd(aimd),
        window,
        ..LimitConfig::default()
    });
    let mut rig = Rig { core, stream: Stream::from_seed(1), now: Time::ZERO };
    rig.now += ms(1);
    let step = |rig: &mut Rig, calls, rtt, answer| {
        rig.round(calls, rtt, answer);
        rig.limit()
    };
    assert_eq!(step(&mut rig, 1, ms(1), Answer::Ok), 100, "a window of one call means nothing");
    assert_eq!(step(&mut rig, 60, ms(999), Answer::Ok), 100, "the window is still open");
    assert_eq!(step(&mut rig, 1, ms(2), Answer::Ok), 101, "60 were under way at once");
    assert_eq!(step(&mut rig, 60, ms(10), Answer::Refused), 101);
    assert_eq!(step(&mut rig, 1, ms(1_000), Answer::Ok), 90, "one call was lost");
    let fast = Duration::from_micros(99);
    assert_eq!(step(&mut rig, 60, fast, Answer::Ok), 90);
    rig.now += ms(2_000);
    assert_eq!(step(&mut rig, 60, fast, Answer::Ok), 90, "what is that fast is left out");
}
