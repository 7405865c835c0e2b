//! Wall clocks that are set change nothing.

use crate::support::scenario;

#[test]
fn every_figure_is_that_of_a_run_with_clocks_that_are_right() {
    let base = scenario("scenarios/clock-step.json");
    for seed in 1..=3 {
        let run = |variant| base.variant(variant).unwrap().run(seed).unwrap().result().clone();
        let (set, right) = (run("set"), run("right"));
        assert_eq!((set.faults.len(), right.faults.len()), (5, 2));
        assert_eq!(set.loads, right.loads);
        assert_eq!(set.services, right.services);
        assert_eq!(set.policies, right.policies);
        assert_eq!(set.states, right.states);
        assert_eq!(set.series, right.series);
    }
}
