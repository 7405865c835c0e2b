use crate::result::{LoadResult, OutcomeKind};

/// Where fewer requests than this share ended in ok, their latencies are not those of most users.
const COVERED: f64 = 0.99;

/// Which share of what a load offered its latencies are of, where that leaves many out.
pub(crate) fn left_uncovered(load: &LoadResult) -> Option<f64> {
    let ok = load.outcomes.get(&OutcomeKind::Ok).copied().unwrap_or(0);
    let share = (load.offered > 0).then(|| ok as f64 / load.offered as f64);
    share.filter(|share| *share < COVERED)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn what_leaves_out_one_of_a_hundred_is_told() {
        let mut load = fixture::storm().loads["shoppers"].clone();
        let mut of = |offered, ok| {
            load.offered = offered;
            load.outcomes.insert(OutcomeKind::Ok, ok);
            left_uncovered(&load)
        };
        assert_eq!(of(1_000, 989), Some(0.989));
        assert_eq!(of(1_000, 990), None);
        assert_eq!(of(0, 0), None);
    }
}
