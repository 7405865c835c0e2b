use crate::shed::{CodelConfig, DagorConfig, DisciplineConfig, Order, QueueConfig};
use crate::testing::ms;

#[test]
fn what_makes_no_queue_is_refused() {
    let check = |limit, target, interval| {
        let codel = Some(CodelConfig { target: ms(target), interval: ms(interval) });
        let discipline = DisciplineConfig { order: Order::Fifo, codel };
        let config = QueueConfig { limit, max_waiting: None, discipline };
        config.check().map_err(|error| error.field)
    };
    assert_eq!(check(0, 5, 100), Err("limit"));
    assert_eq!(check(1, 0, 100), Err("codel.target"));
    assert_eq!(check(1, 5, 5), Err("codel.interval"));
    assert_eq!(check(1, 5, 100), Ok(()));
    assert_eq!(QueueConfig::default().check(), Ok(()));
}

#[test]
fn what_makes_no_level_is_refused() {
    let dagor = DagorConfig::default();
    for (config, field) in [
        (DagorConfig { target: ms(0), ..dagor }, "dagor.target"),
        (DagorConfig { window: ms(0), ..dagor }, "dagor.window"),
        (DagorConfig { window_requests: 0, ..dagor }, "dagor.window_requests"),
        (DagorConfig { shrink: 0.0, ..dagor }, "dagor.shrink"),
        (DagorConfig { grow: 1.1, ..dagor }, "dagor.grow"),
        (DagorConfig { priorities: 0, ..dagor }, "dagor.priorities"),
        (DagorConfig { priorities: 257, ..dagor }, "dagor.priorities"),
    ] {
        assert_eq!(config.check().unwrap_err().field, field);
    }
    assert_eq!(dagor.check(), Ok(()));
}
