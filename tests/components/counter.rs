//! A component that counts out loud over a connection, and listens to the others.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use cascadia::Registry;
use cascadia::component::{Body, Build, Component, Envelope, Life, Place, Row, Rows};
use serde_json::Value;

#[derive(Debug, Default)]
struct Counter {
    to: Option<String>,
    said: AtomicU64,
    heard: AtomicU64,
    newest: AtomicU64,
    disordered: AtomicU64,
    gaps: AtomicU64,
    resets: AtomicU64,
}

impl Component for Counter {
    fn boot(self: Arc<Self>, life: Life) {
        let Some(to) = self.to.as_ref().and_then(|to| life.find(to).first().copied()) else {
            return;
        };
        let connection = life.connect(to);
        let own = life.clone();
        own.spawn(async move {
            while life.now().as_nanos() < 15_000_000_000 {
                life.sleep(Duration::from_millis(10)).await;
                connection.send(self.said.fetch_add(1, Relaxed) + 1);
            }
        });
    }

    fn receive(self: Arc<Self>, envelope: Envelope) {
        match envelope.body {
            Body::Message(number) => {
                let number = *number.downcast::<u64>().unwrap();
                self.heard.fetch_add(1, Relaxed);
                let newest = self.newest.fetch_max(number, Relaxed);
                self.disordered.fetch_add(u64::from(number < newest), Relaxed);
                self.gaps.fetch_add(u64::from(number > newest + 1), Relaxed);
            }
            Body::Reset => drop(self.resets.fetch_add(1, Relaxed)),
            Body::Request(_) | Body::Cancel(_) => {}
        }
    }

    fn rows(&self, rows: &mut Rows) {
        rows.add("said", self.said.load(Relaxed));
        rows.add("heard", self.heard.load(Relaxed));
        rows.add("disordered", self.disordered.load(Relaxed));
        rows.add("gaps", self.gaps.load(Relaxed));
        rows.add("resets", self.resets.load(Relaxed));
    }
}

#[derive(Clone, Debug)]
struct Counters(Option<String>);

impl Build for Counters {
    fn rows(&self) -> &'static [Row] {
        const {
            &[
                Row::count("said", "Numbers said."),
                Row::count("heard", "Numbers heard."),
                Row::count("disordered", "Numbers heard after a greater one."),
                Row::count("gaps", "Numbers heard before one that is less by one."),
                Row::count("resets", "Connections that were reset."),
            ]
        }
    }

    fn build(&self, _: &Arc<Place>) -> Arc<dyn Component> {
        Arc::new(Counter { to: self.0.clone(), ..Counter::default() })
    }
}

/// A registry of `counter` alone.
pub(super) fn registry() -> Registry {
    Registry::default().with("counter", |settings: &Value| {
        let to = settings.get("to").and_then(Value::as_str).map(str::to_owned);
        Ok(Arc::new(Counters(to)))
    })
}
