//! Quantities that are conserved, such as stock and money: what is entered is all that changes them.

use cascadia_sim_core::Local;

/// A ledger of a plan, by its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LedgerId(pub u32);

/// A quantity that is conserved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerPlan {
    /// Its name.
    pub name: String,
    /// How much of it there is at first.
    pub start: i64,
}

/// An entry: in which ledger, and how much it adds.
pub(crate) type Entry = (LedgerId, i64);

/// How much there is of each quantity. It outlives everybody.
pub(crate) struct Ledgers(Local<Vec<i64>>);

impl Ledgers {
    pub(crate) fn new(plans: &[LedgerPlan]) -> Self {
        Self(Local::new(plans.iter().map(|plan| plan.start).collect()))
    }

    /// Whether there is enough of everything that entries take.
    pub(crate) fn have(&self, entries: &[Entry]) -> bool {
        let balances = self.0.borrow_mut();
        let all_of = |of: &LedgerId| -> i64 {
            entries.iter().filter(|(other, _)| other == of).map(|(_, amount)| amount).sum()
        };
        let is_there = |of: &LedgerId| balances[of.0 as usize] + all_of(of) >= 0;
        entries.iter().all(|(of, amount)| *amount >= 0 || is_there(of))
    }

    /// Enters.
    pub(crate) fn enter(&self, entries: &[Entry]) {
        let balances = &mut *self.0.borrow_mut();
        entries.iter().for_each(|(LedgerId(of), amount)| balances[*of as usize] += amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_cannot_be_taken() {
        let plan = |start| LedgerPlan { name: String::new(), start };
        let ledgers = Ledgers::new(&[plan(2), plan(-5)]);
        let (stock, money) = (LedgerId(0), LedgerId(1));
        assert!(ledgers.have(&[(stock, -2)]) && !ledgers.have(&[(stock, -1), (stock, -2)]));
        assert!(ledgers.have(&[(money, 1)]), "what adds is always entered");
        ledgers.enter(&[(stock, -1)]);
        assert!(!ledgers.have(&[(stock, -2)]));
    }
}
