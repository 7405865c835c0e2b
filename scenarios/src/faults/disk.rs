use cascadia_models::plan::{Effect, Trouble};

use super::FaultKind;
use super::pick::Pick;
use super::place::Place;
use crate::decode::{Text, choice, object};
use crate::units::short;

object! {
    /// Something is wrong with disks.
    pub(super) struct BadDisk {
        /// A selector of components that keep something, or of a store that elects who leads.
        target: Text,
        /// What is wrong.
        is: DiskState,
        /// How many of the selected: "all", "one" or a share.
        pick: Pick = Pick::All,
    }
}

choice! {
    /// What is wrong with a disk.
    pub(super) enum DiskState: Trouble {
        /// Everything takes so many times as long.
        slow(f64) => Trouble::Slow,
        /// It holds no more than it does when this begins.
        full => Trouble::Full,
        /// When this begins, the last block of one of its files is spoilt, for good. Stores that
        /// elect trust their disks, and Raft keeps no promise where those break theirs.
        corrupt => Trouble::Corrupt,
    }
}

impl FaultKind for BadDisk {
    fn effect(&self, place: &mut Place<'_, '_>) -> Effect {
        let trouble = match self.is {
            Trouble::Slow(factor) => Trouble::Slow(place.factor("is", factor, false)),
            other => other,
        };
        let target = place.keepers(self.pick);
        if self.is == Trouble::Corrupt {
            place.no_logs(&target);
        }
        Effect::on(target, move |hit| hit.trouble(trouble))
    }

    fn words(&self) -> String {
        let wrong = match self.is {
            Trouble::Slow(factor) => format!("×{} slow", short(factor)),
            Trouble::Full => "full".to_owned(),
            Trouble::Corrupt => "corrupt".to_owned(),
        };
        format!("disk of {} {wrong}", self.pick.of(&self.target))
    }
}
