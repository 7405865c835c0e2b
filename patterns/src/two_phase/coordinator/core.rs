use crate::two_phase::word::{Decision, Reply, What};

/// One transaction, as its coordinator sees it.
///
/// What [`ready`](Self::ready) says is to be done in its order: first a decision to commit is written down, then all are
/// asked.
#[derive(Clone, Debug)]
pub struct Coordinator {
    branches: Vec<Branch>,
    /// What was decided, once it is.
    decision: Option<Decision>,
    /// The decision was given out to be written down.
    is_told: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Branch {
    vote: Option<bool>,
    is_asked: bool,
    is_done: bool,
}

/// What is to be done now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ready {
    /// What was decided just now. A commit must be written down before anything else.
    pub decided: Option<Decision>,
    /// Who is to be asked what, by the places of the participants.
    pub asks: Vec<(usize, What)>,
}

impl Coordinator {
    /// A transaction of so many participants, which begins.
    pub fn begin(participants: usize) -> Self {
        let branches = vec![Branch::default(); participants];
        Self { branches, decision: None, is_told: false }
    }

    /// One of which it was written down that it commits.
    pub fn committing(participants: usize) -> Self {
        let branch = Branch { vote: Some(true), ..Branch::default() };
        let (branches, decision) = (vec![branch; participants], Some(Decision::Commit));
        Self { branches, decision, is_told: true }
    }

    /// What a participant answers to what it was asked.
    pub fn on_reply(&mut self, participant: usize, what: What, reply: Reply) {
        let Some(branch) = self.branches.get_mut(participant) else { return };
        match (what, reply) {
            (What::Prepare, Reply::Yes) => branch.vote = branch.vote.or(Some(true)),
            (What::Prepare, Reply::No) if branch.vote.is_none() => branch.vote = Some(false),
            (What::Decide(_), Reply::Done) => branch.is_done = true,
            // It is asked again.
            _ => branch.is_asked = false,
        }
        self.decide();
    }

    /// The votes are late.
    pub fn on_timeout(&mut self) {
        if self.decision.is_none() {
            self.conclude(Decision::Abort);
        }
    }

    fn decide(&mut self) {
        if self.decision.is_some() {
            return;
        }
        if self.branches.iter().any(|branch| branch.vote == Some(false)) {
            self.conclude(Decision::Abort);
        } else if self.branches.iter().all(|branch| branch.vote == Some(true)) {
            self.conclude(Decision::Commit);
        }
    }

    fn conclude(&mut self, decision: Decision) {
        self.decision = Some(decision);
        self.branches.iter_mut().for_each(|branch| branch.is_asked = false);
    }

    /// The decision could not be written down, as another transaction of the name has committed.
    pub fn on_taken(&mut self) {
        self.conclude(Decision::Abort);
    }

    /// What is to be done now. Who was asked is asked again after its answer, if that was none.
    pub fn ready(&mut self) -> Ready {
        let decided = self.decision.filter(|_| !self.is_told);
        self.is_told |= decided.is_some();
        let what = self.decision.map_or(What::Prepare, What::Decide);
        let is_open = |branch: &Branch| match self.decision {
            None => branch.vote.is_none(),
            // Who has said no has forgotten it already.
            Some(_) => !branch.is_done && branch.vote != Some(false),
        };
        let mut asks = Vec::new();
        for (number, branch) in self.branches.iter_mut().enumerate() {
            if is_open(branch) && !std::mem::replace(&mut branch.is_asked, true) {
                asks.push((number, what));
            }
        }
        Ready { decided, asks }
    }

    /// How it ends, once that is decided.
    pub const fn decision(&self) -> Option<Decision> {
        self.decision
    }

    /// Whether nobody has to be told any more: all have committed. Of an abort nobody has to be told, who asks is.
    pub fn is_over(&self) -> bool {
        match self.decision {
            None => false,
            Some(Decision::Abort) => true,
            Some(Decision::Commit) => self.branches.iter().all(|branch| branch.is_done),
        }
    }
}
