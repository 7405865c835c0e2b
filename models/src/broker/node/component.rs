use std::sync::Arc;

use super::asks;
use super::life::{Alive, Figures};
use super::place::Node;
use crate::broker::words::Word;
use crate::component::{Body, Component, Connection, Death, Envelope, Life, PlaceId, Rows};

/// What an entry takes with what is known of its messages, about.
const ENTRY: u64 = 300;

impl Component for Node {
    fn boot(self: Arc<Self>, life: Life) {
        self.state.borrow_mut().life = Some(life.clone());
        let begin = Arc::clone(&self).begin(life.clone());
        life.spawn(begin);
    }

    fn receive(self: Arc<Self>, envelope: Envelope) {
        match envelope.body {
            Body::Request(exchange) => exchange.fail(),
            Body::Cancel(_) => {}
            Body::Reset => self.with(|alive, _| alive.leave(envelope.from)),
            Body::Message(message) => {
                if let Ok(word) = message.downcast::<Word>() {
                    self.hear(envelope.from, *word);
                }
            }
        }
    }

    fn end(&self, _: Death) {
        let mut state = self.state.borrow_mut();
        state.life = None;
        let alive = state.alive.take();
        if let Some(alive) = &alive {
            state.figures = state.figures.plus(alive.figures);
        }
        state.left = alive.map(|alive| alive.clients.connections()).unwrap_or_default();
    }

    fn ended(&self, death: Death) {
        let left = std::mem::take(&mut self.state.borrow_mut().left);
        if death == Death::Process {
            left.iter().for_each(Connection::reset);
        }
    }

    fn held(&self) -> u64 {
        self.kept.borrow_mut().as_ref().map_or(0, |kept| kept.len() * ENTRY)
    }

    fn rows(&self, rows: &mut Rows) {
        let state = self.state.borrow_mut();
        rows.add("syncs", state.syncs);
        if self.plan.is_replicated() {
            let alive = state.alive.as_ref();
            let own = alive.map(|alive| alive.figures).unwrap_or_default();
            let Figures { elections, refused } = state.figures.plus(own);
            rows.add("elections", elections);
            rows.add("refused", refused);
            rows.add("under_replicated", alive.map_or(0, Alive::under_replicated));
        }
    }
}

impl Node {
    /// Somebody says something.
    fn hear(self: &Arc<Self>, from: PlaceId, word: Word) {
        match word {
            Word::Ask(ask) => {
                let life = {
                    let state = self.state.borrow_mut();
                    state.alive.is_none().then(|| state.life.clone()).flatten()
                };
                match life {
                    Some(life) => asks::refuse(&life, from, ask),
                    None => self.with(|alive, kept| alive.ask(from, ask, kept)),
                }
            }
            Word::Answer(number, answer) => {
                self.with(|alive, kept| alive.answered(number, answer.is_ok(), kept));
            }
            Word::Peer(word) => self.with(|alive, kept| alive.hear_peer(word, kept)),
            Word::Feed(..) | Word::Broken(..) | Word::Group(..) => {}
        }
    }
}
