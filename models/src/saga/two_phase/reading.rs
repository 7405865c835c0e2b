//! What coordinators and services say, to who looks at one transaction.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::Arc;

use cascadia_patterns::saga::SagaId;
use cascadia_patterns::two_phase::{Decision, What};

use super::hub::Hub;
use crate::capture::{Dissector, Mark, Said};
use crate::effects::{Branch, Word};
use crate::exchange::{Letter, LetterKind};
use crate::ids::PlaceId;
use crate::saga::reading::asked;

/// What was said so far of what is done together for a request.
pub(super) struct Reading {
    hub: Arc<Hub>,
    request: u64,
    /// What it is for, once that was said.
    name: Option<SagaId>,
    /// Who was told last to commit the branch of each step.
    at: BTreeMap<Arc<str>, PlaceId>,
}

impl Reading {
    pub(super) fn new(hub: Arc<Hub>, request: u64) -> Self {
        Self { hub, request, name: None, at: BTreeMap::new() }
    }

    fn is_about(&mut self, branch: &Branch) -> bool {
        let name = match &branch.word {
            Word::Ask(ask) => Some(SagaId::from(Arc::clone(&ask.name))),
            Word::Inquiry(id) => self.hub.kept.name(id),
        };
        let own = format!("{:016x}/", self.request);
        let is_own = name.as_ref().is_some_and(|name| name.as_str().starts_with(&own));
        if is_own {
            self.name = name;
        }
        is_own
    }
}

impl Dissector for Reading {
    fn read(&mut self, (_, to): (PlaceId, PlaceId), sent: &dyn Any) -> Option<Said> {
        let Letter { exchange, kind, word } = sent.downcast_ref()?;
        let Some(branch) = exchange.request.branch() else {
            return asked((kind, word), exchange.request.key == self.request);
        };
        let is_about = self.is_about(branch);
        let (what, of) = match &branch.word {
            Word::Ask(ask) => {
                let what = match ask.what {
                    What::Prepare => "prepare",
                    What::Decide(Decision::Commit) => "commit",
                    What::Decide(Decision::Abort) => "abort",
                };
                if is_about && ask.what == What::Decide(Decision::Commit) {
                    self.at.insert(Arc::clone(&branch.step), to);
                }
                (what, format!("{} of {}", branch.step, ask.transaction))
            }
            Word::Inquiry(id) => ("inquire", id.to_string()),
        };
        let (kind, text) = match kind {
            LetterKind::Request => (what, of),
            LetterKind::Answer => ("answer", format!("{what} {of}: {word}")),
            LetterKind::Other => return None,
        };
        Some(Said { kind, text, is_about })
    }

    fn marks(&self) -> Vec<Mark> {
        let Some(name) = &self.name else { return Vec::new() };
        let deeds = self.hub.witness.deeds(name).into_iter();
        let mark = |(step, at)| Some(Mark { at, place: *self.at.get(&step)?, what: "committed" });
        deeds.map(|deed| (deed.step, deed.work.at)).filter_map(mark).collect()
    }
}
