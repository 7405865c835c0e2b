/// The compartments that nobody uses, in the order in which they fell idle.
///
/// A list threaded through their numbers: whoever is used again leaves from the middle, and nothing
/// is allocated for either.
#[derive(Debug)]
pub(super) struct Idle(Vec<Link>);

/// The neighbours of a compartment, itself where it is not in the list. Those of compartment `n`
/// are at `n + 1`; at 0 are the last and the first of the list.
#[derive(Clone, Copy, Debug)]
struct Link {
    before: usize,
    after: usize,
}

impl Idle {
    pub(super) fn new() -> Self {
        Self(vec![Link { before: 0, after: 0 }])
    }

    /// There is one more compartment, and it is used.
    pub(super) fn grow(&mut self) {
        let own = self.0.len();
        self.0.push(Link { before: own, after: own });
    }

    /// A compartment is used.
    pub(super) fn remove(&mut self, number: u32) {
        let own = number as usize + 1;
        let Link { before, after } = self.0[own];
        self.0[before].after = after;
        self.0[after].before = before;
        self.0[own] = Link { before: own, after: own };
    }

    /// A compartment is not used any more.
    pub(super) fn push(&mut self, number: u32) {
        let (own, last) = (number as usize + 1, self.0[0].before);
        self.0[own] = Link { before: last, after: 0 };
        self.0[last].after = own;
        self.0[0].before = own;
    }

    /// Takes the compartment that has been idle for the longest.
    pub(super) fn pop(&mut self) -> Option<u32> {
        let number = self.0[0].after.checked_sub(1)? as u32;
        self.remove(number);
        Some(number)
    }
}
