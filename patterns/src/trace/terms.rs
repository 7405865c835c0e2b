use crate::policy::Policy;

pub(crate) const POLICY: Policy = Policy {
    name: "trace",
    #[cfg(test)]
    samples: super::samples::SAMPLES,
    files: Some(&[]),
    ..Policy::EMPTY
};
