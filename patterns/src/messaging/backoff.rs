use std::time::Duration;

/// How long a message rests before it is delivered again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backoff {
    /// Not at all.
    None,
    /// So long before the second delivery, the third and so on; the last one holds for all that follow
    /// (JetStream `BackOff`).
    Steps(Vec<Duration>),
    /// `first`, and twice as long each time, at most `most`.
    Doubling {
        /// Before the second delivery.
        first: Duration,
        /// The longest.
        most: Duration,
    },
}

impl Backoff {
    /// The rest after so many deliveries, at least one.
    pub fn after(&self, attempts: u32) -> Duration {
        let steps = attempts.max(1) - 1;
        match self {
            Self::None => Duration::ZERO,
            Self::Steps(all) => {
                let step = all.get(steps as usize).or_else(|| all.last());
                step.copied().unwrap_or_default()
            }
            Self::Doubling { first, most } => {
                let factor = 1_u32.checked_shl(steps).unwrap_or(u32::MAX);
                first.saturating_mul(factor).min(*most)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_last_step_holds_and_doubling_ends() {
        let steps = Backoff::Steps(vec![SECOND, 5 * SECOND]);
        assert_eq!([1, 2, 9].map(|n| steps.after(n).as_secs()), [1, 5, 5]);
        let doubling = Backoff::Doubling { first: SECOND, most: 60 * SECOND };
        assert_eq!([1, 2, 3, 7, 500].map(|n| doubling.after(n).as_secs()), [1, 2, 4, 60, 60]);
        assert_eq!(Backoff::Steps(Vec::new()).after(1), Duration::ZERO);
    }
}
