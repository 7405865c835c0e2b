//! Any assignments, as those of `--set`, to a shipped scenario.

#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use cascadia::Scenario;
use libfuzzer_sys::fuzz_target;

static SHIPPED: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
    let names = ["cascade", "order-saga", "quorum-staleness", "work-queue", "zone-loss"];
    let read = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../scenarios/{name}.json"));
        let text = std::fs::read_to_string(path).expect("it is shipped");
        Scenario::parse(name, &text).expect("it is valid")
    };
    names.map(read).into()
});

fuzz_target!(|change: (u8, Vec<(&str, &str)>)| {
    let (which, assignments) = change;
    let mut scenario = SHIPPED[usize::from(which) % SHIPPED.len()].clone();
    for (path, value) in assignments {
        match scenario.set(path, value) {
            Ok(changed) => scenario = changed,
            Err(invalid) => assert!(!invalid.to_string().is_empty()),
        }
    }
});
