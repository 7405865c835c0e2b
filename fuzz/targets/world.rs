//! Generated worlds, and edited ones: the tests of both, with inputs that somebody looks for.

#![no_main]
#![expect(dead_code, unused_imports, reason = "what only the tests of worlds use")]

#[path = "../../tests/messages/world.rs"]
mod by_messages;
#[path = "../../tests/sagas/world.rs"]
mod by_sagas;
#[path = "../../tests/generated/mod.rs"]
mod generated;
#[path = "../../tests/claims/look/mod.rs"]
mod look;
#[path = "../../tests/support/worlds.rs"]
mod worlds;

/// The worlds refer to each other as the tests do.
mod messages {
    pub(crate) use super::by_messages as world;
}

mod sagas {
    pub(crate) use super::by_sagas as world;
}

mod claims {
    pub(crate) use super::look::look;
}

mod support {
    use std::path::{Path, PathBuf};

    pub(crate) use super::worlds::{broken, drawn, exceeded, hold, play};

    pub(crate) fn root() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
    }
}

use libfuzzer_sys::fuzz_target;

use self::generated::edited::{Edit, wrong};

fuzz_target!(|input: (u16, Vec<Edit>)| {
    let (seed, edits) = input;
    let seed = u64::from(seed);
    let wrong = match edits.is_empty() {
        true => generated::try_out(seed).broken.into_iter().map(|(_, figures)| figures).collect(),
        false => wrong(seed, &edits),
    };
    assert_eq!(wrong, [""; 0]);
});
