use cascadia_runtime::Time;

/// A message, or a saga, that is worth a closer look after a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// Which one: the position of the topic that it was published to, and its number there; of a saga 0, and the key of the
    /// request that has begun it.
    pub message: (u32, u64),
    /// Of whom that is said, such as `bus.orders inventory`.
    pub of: String,
    /// What is wrong with it.
    pub suspicion: Suspicion,
    /// It should not have been so, by what is promised.
    pub breaks: bool,
    /// When somebody began to publish it, where that is still known.
    pub published: Option<Time>,
    /// When it was noticed.
    pub noticed: Time,
    /// What has become of it.
    pub text: String,
    /// What was written down of it, line by line, where anybody has.
    pub story: Vec<String>,
}

/// What is wrong with a message, the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suspicion {
    /// It is a saga of which something is left over, or missing.
    Orphan,
    /// Nobody will ever do it.
    Lost,
    /// It was done twice.
    Doubled,
    /// It was done after a later one of its key.
    Disordered,
    /// It is a saga that cannot go back, and waits for an operator.
    Stuck,
    /// Nothing, but no other took longer until it was done.
    Slowest,
}

impl Suspect {
    /// The one that is worth more: a broken promise before anything else, then what is worse, then what was
    /// noticed first, or took longest.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        let rank = |one: &Self| {
            let took = one.published.map_or(0, |at| one.noticed.since(at).as_nanos());
            let order = match one.suspicion {
                Suspicion::Slowest => u128::MAX - took,
                _ => u128::from(one.noticed.as_nanos()),
            };
            (!one.breaks, one.suspicion, order)
        };
        if rank(&other) < rank(&self) { other } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suspect(suspicion: Suspicion, published: u64, noticed: u64) -> Suspect {
        Suspect {
            message: (0, noticed),
            of: "bus.orders".to_owned(),
            suspicion,
            breaks: false,
            published: Some(Time::from_nanos(published)),
            noticed: Time::from_nanos(noticed),
            text: String::new(),
            story: Vec::new(),
        }
    }

    #[test]
    fn a_broken_promise_comes_first_and_then_the_worst_and_the_first() {
        let late = suspect(Suspicion::Lost, 0, 9);
        let first = suspect(Suspicion::Lost, 1, 5);
        let doubled = suspect(Suspicion::Doubled, 0, 1);
        assert_eq!(late.clone().worse(first.clone()), first);
        assert_eq!(first.clone().worse(doubled.clone()), first);
        let broken = Suspect { breaks: true, ..doubled };
        assert_eq!(first.worse(broken.clone()), broken);
        let (short, long) = (suspect(Suspicion::Slowest, 1, 3), suspect(Suspicion::Slowest, 5, 9));
        assert_eq!(short.worse(long.clone()), long);
    }
}
