use super::*;

fn culprit(change: impl FnOnce(&mut BreakerConfig)) -> &'static str {
    let mut config = BreakerConfig::default();
    change(&mut config);
    config.check().unwrap_err().field
}

#[test]
fn the_defaults_make_sense() {
    assert_eq!(BreakerConfig::default().check(), Ok(()));
}

#[test]
fn each_mistake_is_named() {
    assert_eq!(culprit(|c| c.windows.clear()), "window");
    assert_eq!(culprit(|c| c.windows = vec![Window::Count(0)]), "window.count");
    assert_eq!(
        culprit(|c| c.windows = vec![Window::Time { span: ms(1), buckets: 0 }]),
        "window.buckets"
    );
    assert_eq!(
        culprit(|c| c.windows = vec![Window::Time { span: ms(0), buckets: 1 }]),
        "window.time"
    );
    assert_eq!(
        culprit(|c| c.windows = vec![Window::Ewma { half_life: ms(0) }]),
        "window.half_life"
    );
    assert_eq!(culprit(|c| c.consecutive = Some(0)), "consecutive");
    assert_eq!(culprit(|c| c.min_calls = 0), "min_calls");
    assert_eq!(culprit(|c| c.failure_rate = 0.0), "failure_rate");
    assert_eq!(culprit(|c| c.failure_rate = f64::NAN), "failure_rate");
    assert_eq!(culprit(|c| c.slow = Some(Slow { threshold: ms(1), rate: 1.1 })), "slow.rate");
    assert_eq!(culprit(|c| c.open.base = ms(0)), "open.base");
    assert_eq!(culprit(|c| c.open.factor = 0.5), "open.factor");
    assert_eq!(culprit(|c| c.open.max = ms(1)), "open.max");
    assert_eq!(culprit(|c| c.open.min = Some(ms(5_001))), "open.min");
    assert_eq!(culprit(|c| c.half_open.permits = 0), "half_open.permits");
    assert_eq!(culprit(|c| c.half_open.successes = Some(0)), "half_open.successes");
    assert_eq!(culprit(|c| c.half_open.successes = Some(2)), "half_open.successes");
    assert_eq!(culprit(|c| c.half_open.max_wait = Some(ms(0))), "half_open.max_wait");
    let for_ever = HalfOpen { max_wait: Some(ms(1)), stuck: Stuck::Wait, ..HalfOpen::default() };
    assert_eq!(culprit(|c| c.half_open = for_ever), "half_open.max_wait");
}

#[test]
fn the_open_wait_doubles_up_to_its_cap() {
    let mut stream = Stream::from_seed(1);
    let waits = [0, 1, 2, 3, u32::MAX].map(|openings| plain().open.draw(openings, &mut stream));
    assert_eq!(waits, [100, 200, 400, 400, 400].map(ms));
}

#[test]
fn a_jittered_open_wait_is_never_near_zero_and_is_spread_at_its_cap() {
    let mut stream = Stream::from_seed(1);
    let full = OpenWait { jitter: Jitter::Full, ..plain().open };
    let equal = OpenWait { jitter: Jitter::Equal, ..plain().open };
    let mut draw = |wait: OpenWait| {
        let draws: Vec<_> = (0..1_000).map(|_| wait.draw(9, &mut stream)).collect();
        (*draws.iter().min().unwrap(), *draws.iter().max().unwrap())
    };
    let (least, most) = draw(full);
    assert!(least >= ms(50) && least < ms(54) && most > ms(396) && most < ms(400));
    let (least, most) = draw(equal);
    assert!(least >= ms(200) && least < ms(202) && most > ms(398) && most < ms(400));
}
