//! What every rule must do.

use proptest::prelude::*;

use super::*;

/// Makes a test of each behaviour for each rule.
macro_rules! suite {
    ($($behaviour:ident),+ $(,)?) => {$(
        mod $behaviour {
            #[test]
            fn aimd() { super::$behaviour(super::all()[0]); }
            #[test]
            fn vegas() { super::$behaviour(super::all()[1]); }
            #[test]
            fn gradient2() { super::$behaviour(super::all()[2]); }
            #[test]
            fn gradient() { super::$behaviour(super::all()[3]); }
        }
    )+};
}

suite! {
    as_many_as_the_limit_are_let_in,
    it_grows_while_the_server_keeps_up,
    it_shrinks_when_the_server_slows_down,
    a_call_that_leaves_moves_nothing,
    a_change_is_told_once,
}

fn as_many_as_the_limit_are_let_in(algorithm: Algorithm) {
    let mut rig = Rig::new(algorithm);
    let limit = rig.limit();
    let permits: Vec<_> = (0..limit).map(|_| rig.enter().unwrap()).collect();
    assert!(rig.enter().is_none());
    assert_eq!(rig.core.in_flight(), limit);
    permits.into_iter().for_each(|permit| rig.core.on_abandoned(permit));
    assert_eq!((rig.core.in_flight(), rig.limit()), (0, limit));
}

fn it_grows_while_the_server_keeps_up(algorithm: Algorithm) {
    let mut rig = Rig::new(algorithm);
    let before = rig.limit();
    rig.full_rounds(40, ms(20), Answer::Ok);
    assert!(rig.limit() >= before + 10, "{} from {before}", rig.limit());
}

fn it_shrinks_when_the_server_slows_down(algorithm: Algorithm) {
    let mut rig = Rig::new(algorithm);
    let initial = rig.limit();
    while rig.limit() < initial + 20 {
        rig.full_rounds(1, ms(20), Answer::Ok);
    }
    let before = rig.limit();
    rig.full_rounds(4, ms(6_000), Answer::Ok);
    assert!(rig.limit() < before, "{} from {before}", rig.limit());
}

fn a_call_that_leaves_moves_nothing(algorithm: Algorithm) {
    let mut rig = Rig::new(algorithm);
    rig.full_rounds(10, ms(20), Answer::Ok);
    let before = rig.limit();
    for _ in 0..1_000 {
        let permit = rig.enter().unwrap();
        rig.core.on_abandoned(permit);
    }
    assert_eq!((rig.core.in_flight(), rig.limit()), (0, before));
}

fn a_change_is_told_once(algorithm: Algorithm) {
    let mut rig = Rig::new(algorithm);
    assert_eq!(rig.core.poll_limit(), Some(rig.limit()));
    assert_eq!(rig.core.poll_limit(), None);
    rig.full_rounds(40, ms(20), Answer::Ok);
    assert_eq!(rig.core.poll_limit(), Some(rig.limit()));
    assert_eq!(rig.core.poll_limit(), None);
}

proptest! {
    /// Nobody is let in over the limit, permits are conserved, and the limit stays in its bounds.
    #[test]
    fn the_limit_holds(
        rule in 0usize..4,
        windowed in any::<bool>(),
        events in prop::collection::vec((0u8..8, 0usize..64, 0u64..400_000_000), 0..400),
    ) {
        let algorithm = all()[rule];
        let window = (windowed && rule != 3).then(super::super::Window::default);
        let mut core = Limiter::new(LimitConfig { algorithm, window, ..LimitConfig::default() });
        let (mut stream, mut now, mut held) = (Stream::from_seed(3), Time::ZERO, Vec::new());
        for (event, which, gap) in events {
            match event {
                0..4 => {
                    let limit_before = core.limit();
                    match core.on_call(now, &mut stream) {
                        Ok(permit) => {
                            held.push(permit);
                            prop_assert!(held.len() as u32 <= core.limit());
                        }
                        Err(_) => prop_assert!(held.len() as u32 >= limit_before.min(core.limit())),
                    }
                }
                4 => now = now.after(gap),
                _ if held.is_empty() => {}
                5 => core.on_abandoned(held.remove(which % held.len())),
                kind => {
                    let permit = held.remove(which % held.len());
                    let answer = match (kind, which % 4) {
                        (6, _) => Answer::Ok,
                        (_, 0) => Answer::Refused,
                        (_, 1) => Answer::TimedOut,
                        _ => Answer::Ok,
                    };
                    core.on_answer(now, permit, answer, &mut stream);
                }
            }
            prop_assert_eq!(core.in_flight() as usize, held.len());
            let (least, most) = [(5, 200), (1, 1_000), (5, 200), (3, 1_000)][rule];
            prop_assert!((least..=most).contains(&core.limit()));
        }
    }
}
