/// So many requests are followed at once in search of one that takes as long as wanted.
const AT_ONCE: usize = 64;

/// One that is off by less than this share is as good as any.
const CLOSE: f64 = 0.01;

/// The search for a request that takes about so long: it is known to be one when it has ended, so some that may be it
/// are followed, and forgotten again.
#[derive(Debug)]
pub(super) struct Search {
    about: u64,
    under_way: usize,
    /// How far the best one was off.
    best: Option<u64>,
}

impl Search {
    pub(super) fn new(about: u64) -> Self {
        Self { about, under_way: 0, best: None }
    }

    /// Whether one that begins now is to be followed.
    pub(super) fn begins(&mut self) -> bool {
        let found = self.best.is_some_and(|off| off as f64 <= CLOSE * self.about as f64);
        let follows = !found && self.under_way < AT_ONCE;
        self.under_way += usize::from(follows);
        follows
    }

    /// One that was followed has ended, after so long where that was with success. Whether it is the best until now.
    pub(super) fn ends(&mut self, took: Option<u64>) -> bool {
        self.under_way -= 1;
        let Some(off) = took.map(|took| took.abs_diff(self.about)) else { return false };
        let is_better = self.best.is_none_or(|best| off < best);
        if is_better {
            self.best = Some(off);
        }
        is_better
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_closest_one_is_kept_and_a_close_one_ends_it() {
        let mut search = Search::new(1_000);
        assert_eq!((0..AT_ONCE + 5).filter(|_| search.begins()).count(), AT_ONCE);
        assert!(search.ends(Some(1_500)), "it is the first");
        assert!(!search.ends(Some(400)), "it is further off");
        assert!(!search.ends(None), "it failed");
        assert!(search.begins());
        assert!(search.ends(Some(992)));
        assert!(!search.begins(), "a better one is not worth it");
    }
}
