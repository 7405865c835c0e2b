use std::time::Duration;

use crate::singleflight::SingleflightConfig;

#[test]
fn who_may_wait_for_nobody_has_no_use_for_it() {
    assert_eq!(SingleflightConfig::default().check(), Ok(()));
    let none = SingleflightConfig { max_age: Duration::ZERO };
    assert_eq!(none.check().unwrap_err().field, "max_age");
}
