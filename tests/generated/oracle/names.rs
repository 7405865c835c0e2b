//! Results name what the file has, and nothing else.

use std::collections::BTreeSet;

use super::{Case, Judge, Rule};
use crate::generated::world::Service;

pub(super) const RULES: &[Rule] = &[
    ("loads and services are those of the file", parties),
    ("layers are those of the file, each once", layers),
];

fn parties(case: &Case<'_>, judge: &mut Judge) {
    let (world, result) = (&case.world, case.result);
    judge.expect(result.loads.keys().eq(world.loads.keys()), || {
        format!("the loads are {:?}", result.loads.keys())
    });
    judge.expect(result.services.keys().eq(world.services.keys()), || {
        format!("the services are {:?}", result.services.keys())
    });
    for (name, service) in &result.services {
        let Service { replicas, ever, .. } = &world.services[name];
        let found = service.replicas.len() as u64;
        judge.expect((*replicas..=*ever).contains(&found), || {
            format!("{name} has {found} replicas, of {replicas} at first and {ever} at most")
        });
    }
}

fn layers(case: &Case<'_>, judge: &mut Judge) {
    let names: BTreeSet<&String> = case.ways.iter().map(|way| &way.name).collect();
    let found: BTreeSet<&String> = case.result.policies.keys().collect();
    judge.expect(names == found, || {
        let missing: Vec<_> = names.difference(&found).collect();
        let unknown: Vec<_> = found.difference(&names).collect();
        format!("missing {missing:?}, unknown {unknown:?}")
    });
    let mut meant = std::collections::BTreeMap::new();
    for way in &case.ways {
        let other = meant.insert(&way.name, (&way.policy, way.at));
        let same = other.is_none_or(|other| other == (&way.policy, way.at));
        judge.expect(same, || format!("{} is the name of two layers", way.name));
    }
}
