use cascadia_runtime::Time;

use crate::broker::spot::Spot;
use crate::capture::{Suspect, Suspicion};

/// What went wrong first in a group, and what took longest.
#[derive(Default)]
pub(super) struct Firsts {
    pub(super) lost: Option<Noted>,
    pub(super) doubled: Option<Noted>,
    pub(super) disordered: Option<Noted>,
    slowest: Option<Noted>,
}

/// A message that is to be remembered.
#[derive(Clone)]
pub(super) struct Noted {
    pub(super) spot: Spot,
    /// When somebody began to publish it, where that is still known.
    pub(super) published: Option<Time>,
    pub(super) at: Time,
    pub(super) text: String,
}

impl Firsts {
    /// A message was done, which is remembered if none took longer. It is said of most that they did not.
    pub(super) fn took(&mut self, spot: Spot, published: Time, at: Time) {
        let longest = self.slowest.as_ref().and_then(|one| Some(one.at.since(one.published?)));
        if longest.is_none_or(|longest| at.since(published) > longest) {
            let text = format!("message {} took longest until it was done", spot.number);
            self.slowest = Some(Noted { spot, published: Some(published), at, text });
        }
    }

    /// Each of them, with what is wrong with it.
    fn all(&self) -> [(Suspicion, Option<&Noted>); 4] {
        [
            (Suspicion::Lost, self.lost.as_ref()),
            (Suspicion::Doubled, self.doubled.as_ref()),
            (Suspicion::Disordered, self.disordered.as_ref()),
            (Suspicion::Slowest, self.slowest.as_ref()),
        ]
    }

    /// The worst of them. `breaks` says what should not be so.
    pub(super) fn worst(&self, of: &str, breaks: impl Fn(Suspicion) -> bool) -> Option<Suspect> {
        let suspects = self.all().into_iter().filter_map(|(suspicion, noted)| {
            let Noted { spot, published, at, text } = noted?.clone();
            Some(Suspect {
                message: (spot.topic, spot.number),
                of: of.to_owned(),
                suspicion,
                breaks: breaks(suspicion),
                published,
                noticed: at,
                text,
                story: Vec::new(),
            })
        });
        // Where nobody asked for an order, most runs have none.
        let matters = |one: &Suspect| one.breaks || one.suspicion != Suspicion::Disordered;
        suspects.filter(matters).reduce(Suspect::worse)
    }
}
