use crate::catalogue::Policy;

pub(crate) const POLICY: Policy = Policy { name: "trace", files: Some(&[]), ..Policy::EMPTY };
