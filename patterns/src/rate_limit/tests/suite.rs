//! What every way of counting must do.

use super::*;

/// Makes a test of each behaviour for each algorithm.
macro_rules! suite {
    ($($behaviour:ident),+ $(,)?) => {$(
        mod $behaviour {
            #[test]
            fn token_bucket() { super::$behaviour(super::ALL[0]); }
            #[test]
            fn gcra() { super::$behaviour(super::ALL[1]); }
            #[test]
            fn sliding_log() { super::$behaviour(super::ALL[2]); }
            #[test]
            fn sliding_counter() { super::$behaviour(super::ALL[3]); }
            #[test]
            fn fixed_cycle() { super::$behaviour(super::ALL[4]); }
        }
    )+};
}

suite! {
    a_burst_passes_and_no_more,
    retry_after_is_exact,
    what_is_more_than_ever_passes_is_refused_for_good,
    a_clock_that_goes_back_gives_nothing,
    after_a_rest_the_burst_is_back,
    waiters_come_one_after_the_other,
    who_would_wait_too_long_takes_nothing,
    nobody_waits_beyond_his_deadline,
    a_cancelled_waiter_gives_everything_back,
    a_cancelled_waiter_gives_nothing_that_others_wait_for,
}

fn a_burst_passes_and_no_more(algorithm: Algorithm) {
    assert_eq!(passes(&mut limit(algorithm, ms(0)), at(0)), BURST);
}

fn retry_after_is_exact(algorithm: Algorithm) {
    let mut core = limit(algorithm, ms(0));
    passes(&mut core, at(0));
    let wait = retry_after(call(&mut core, at(4), 1)).unwrap();
    let due = at(4) + wait;
    assert_eq!(
        retry_after(call(&mut core, due - Duration::from_nanos(1), 1)).unwrap().as_nanos(),
        1
    );
    assert_eq!(call(&mut core, due, 1), Decision::Granted);
}

fn what_is_more_than_ever_passes_is_refused_for_good(algorithm: Algorithm) {
    let mut core = limit(algorithm, Duration::MAX);
    assert_eq!(retry_after(call(&mut core, at(0), BURST + 1)), None);
    assert_eq!(call(&mut core, at(0), BURST), Decision::Granted);
}

fn a_clock_that_goes_back_gives_nothing(algorithm: Algorithm) {
    let mut core = limit(algorithm, ms(0));
    passes(&mut core, at(0));
    for now in [at(0) - ms(100), Time::ZERO, at(0)] {
        assert_eq!(passes(&mut core, now), 0);
    }
}

fn after_a_rest_the_burst_is_back(algorithm: Algorithm) {
    let mut core = limit(algorithm, ms(0));
    for turn in 0..5 {
        assert_eq!(passes(&mut core, at(0) + turn * 3 * WINDOW), BURST);
    }
}

fn waiters_come_one_after_the_other(algorithm: Algorithm) {
    let mut core = limit(algorithm, Duration::from_secs(1));
    passes_now(&mut core);
    let turns: Vec<Time> = (1..BURST).map(|_| reserved(call(&mut core, at(0), 1)).at()).collect();
    assert!(turns.is_sorted(), "{turns:?}");
    assert!(turns.iter().all(|turn| *turn > at(0) && *turn <= at(60)), "{turns:?}");
}

fn who_would_wait_too_long_takes_nothing(algorithm: Algorithm) {
    let (mut patient, mut hasty) = (limit(algorithm, ms(100)), limit(algorithm, ms(100)));
    for core in [&mut patient, &mut hasty] {
        passes_now(core);
    }
    for _ in 0..5 {
        hasty.on_call(at(1), 1, at(1));
    }
    let turns = [patient, hasty].map(|mut core| reserved(call(&mut core, at(1), 1)).at());
    assert_eq!(turns[0], turns[1]);
}

fn nobody_waits_beyond_his_deadline(algorithm: Algorithm) {
    let mut core = limit(algorithm, ms(100));
    passes_now(&mut core);
    let wait = retry_after(core.on_call(at(0), 1, at(1))).unwrap();
    assert_eq!(reserved(core.on_call(at(0), 1, at(0) + wait)).at(), at(0) + wait);
}

fn a_cancelled_waiter_gives_everything_back(algorithm: Algorithm) {
    let mut core = limit(algorithm, ms(100));
    passes_now(&mut core);
    let first = reserved(call(&mut core, at(0), 1));
    let due = first.at();
    for _ in 0..3 {
        let mine = reserved(call(&mut core, at(0), 1));
        core.on_cancelled(at(0), mine);
    }
    core.on_cancelled(at(0), first);
    assert_eq!(reserved(call(&mut core, at(0), 1)).at(), due);
}

fn a_cancelled_waiter_gives_nothing_that_others_wait_for(algorithm: Algorithm) {
    let mut core = limit(algorithm, Duration::from_secs(1));
    let mut turns = vec![at(0); BURST as usize];
    passes_now(&mut core);
    let mut waiting: Vec<_> = (0..2).map(|_| reserved(call(&mut core, at(0), 1))).collect();
    core.on_cancelled(at(0), waiting.remove(0));
    for _ in 0..3 {
        if let Decision::Reserved(late) = call(&mut core, at(0), 1) {
            waiting.push(late);
        }
    }
    turns.extend(waiting.iter().map(Reservation::at));
    turns.sort();
    // In 30 ms come three more, however they are counted; three may pass at once.
    for (place, first) in turns.iter().enumerate() {
        let within = turns[place..].iter().filter(|turn| **turn < *first + WINDOW).count();
        assert!(within <= 2 * BURST as usize, "{turns:?}");
        let at_once = turns[place..].iter().filter(|turn| *turn == first).count();
        assert!(at_once <= BURST as usize, "{turns:?}");
    }
}

/// Uses up what passes at once at the beginning.
fn passes_now(core: &mut RateLimit) {
    for _ in 0..BURST {
        assert_eq!(call(core, at(0), 1), Decision::Granted);
    }
}
