//! Every layer, in a world whose wall clock nobody may ask.

use cascadia_runtime::Stream;

use crate::call::{Layer, Reason};
use crate::catalogue::POLICIES;
use crate::testing::{Step, TestCall, TestEnv, TestWorld};

/// Puts a layer around a call.
pub(super) type Build = fn(TestCall) -> TestCall;

/// Puts a layer that watches its server around a call; it is told whether it also counts what
/// tells of the caller.
pub(super) type Watch = fn(TestCall, bool) -> TestCall;

/// A layer with settings that bring out what it does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) name: &'static str,
    /// With room for one call, so that a permit that is lost is missed.
    pub(crate) build: Build,
    /// What it is printed as: its type, a setting, and some of its state where it has any.
    pub(crate) shown: [&'static str; 3],
    /// What a server does that makes it refuse one of so many calls, and who refuses, and why.
    pub(crate) refuses: Option<(Step, usize, Layer, Reason)>,
    /// It judges its server by what becomes of calls.
    pub(crate) watches: Option<Watch>,
    /// It counts the calls that it lets in, whatever becomes of them.
    pub(crate) counts_calls: bool,
}

impl Sample {
    /// One that does nothing of what only some do.
    pub(crate) const PLAIN: Self = Self {
        name: "",
        build: |inner| inner,
        shown: [""; 3],
        refuses: None,
        watches: None,
        counts_calls: false,
    };

    /// It rests while its circuit is open.
    pub(super) fn is_circuit(&self) -> bool {
        self.refuses.is_some_and(|(.., reason)| reason == Reason::OPEN)
    }
}

/// All of them.
pub(super) fn samples() -> impl Iterator<Item = &'static Sample> {
    POLICIES.into_iter().flat_map(|policy| policy.samples)
}

pub(crate) fn env() -> TestEnv {
    TestEnv::new(TestWorld::new(), Stream::from_seed(1))
}

/// What a fallback answers.
pub(crate) const FALLEN: u32 = 1;

#[test]
fn every_policy_has_samples_and_every_sample_and_term_a_name_of_its_own() {
    assert!(POLICIES.iter().all(|policy| !policy.samples.is_empty()));
    let mut names: Vec<_> = samples().map(|sample| sample.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    let terms = POLICIES.iter().flat_map(|policy| {
        let reasons = policy.reasons.iter().map(|(_, reason)| (reason.name(), reason.help()));
        let counts = policy.counts.iter().map(|count| (count.name(), count.help()));
        reasons.chain(counts).chain(policy.levels.iter().map(|level| (level.name(), level.help())))
    });
    for (name, help) in terms {
        let is_plain = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        assert!(is_plain && help.ends_with('.') && !help.starts_with(' '), "{name}: {help}");
    }
}

#[test]
fn what_samples_refuse_is_what_their_policy_says_that_it_refuses() {
    for policy in POLICIES {
        for sample in policy.samples {
            let Some((.., by, reason)) = sample.refuses else { continue };
            assert!(policy.reasons.contains(&(by, reason)), "{}: {by} {reason}", sample.name);
        }
    }
}
