//! Every layer, in a world whose wall clock nobody may ask.

use crate::POLICIES;
use crate::sample;
use crate::testing::{Step, TestCall, TestEnv, TestWorld};

pub(super) type Build = sample::Build<TestWorld>;
pub(super) type Sample = sample::Sample<TestWorld>;

/// All of them.
pub(super) fn samples() -> impl Iterator<Item = Sample> {
    crate::samples().into_iter().flat_map(|(_, samples)| samples)
}

/// Puts a layer around a call.
pub(super) fn put(build: Build, inner: TestCall) -> TestCall {
    build(&TestWorld::new(), inner)
}

pub(crate) fn env() -> TestEnv {
    sample::env(&TestWorld::new())
}

impl From<sample::Doing> for Step {
    fn from(doing: sample::Doing) -> Self {
        match doing {
            sample::Doing::Ok => Self::Ok,
            sample::Doing::Fail => Self::Fail,
            sample::Doing::Hang => Self::Hang,
        }
    }
}

#[test]
fn every_policy_has_samples_and_every_sample_and_term_a_name_of_its_own() {
    let all = crate::samples::<TestWorld>();
    assert!(all.iter().all(|(_, samples)| !samples.is_empty()));
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
    for (policy, samples) in crate::samples::<TestWorld>() {
        for sample in samples {
            let Some((.., by, reason)) = sample.refuses else { continue };
            assert!(policy.reasons.contains(&(by, reason)), "{}: {by} {reason}", sample.name);
        }
    }
}
