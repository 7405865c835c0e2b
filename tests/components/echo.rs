//! A component that answers whoever asks, and calls out on its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use cascadia::component::{
    Body, Build, Component, Envelope, Invariant, Life, Place, PlaceId, Row, Rows,
};
use cascadia::{Registry, Wrong};
use cascadia_runtime::Runtime as _;
use serde_json::Value;

#[derive(Debug, Default)]
struct Echo {
    shout: Shout,
    echoed: AtomicU64,
    heard: AtomicU64,
    asked: AtomicU64,
    answered: AtomicU64,
    kept: AtomicU64,
}

impl Echo {
    /// Keeps a kilobyte every 50 ms, and counts how often that went well.
    fn write(self: &Arc<Self>, life: &Life) {
        let (echo, disk, host) = (Arc::clone(self), life.disk(), life.host());
        life.spawn(async move {
            loop {
                host.sleep(Duration::from_millis(50)).await;
                let disk = Arc::clone(&disk);
                let keeps = move || {
                    let file = disk.open("heard")?;
                    file.append(&[0; 1_000])?;
                    file.sync()
                };
                let kept = host.blocking(keeps).await;
                echo.kept.fetch_add(u64::from(matches!(kept, Ok(Ok(())))), Relaxed);
            }
        });
    }
}

impl Component for Echo {
    fn boot(self: Arc<Self>, life: Life) {
        if self.shout.writes {
            self.write(&life);
        }
        let own = life.clone();
        let ears: Vec<PlaceId> = self.shout.to.iter().flat_map(|to| life.find(to)).collect();
        own.spawn(async move {
            for ear in ears.into_iter().cycle().filter(|ear| *ear != life.place().id()) {
                life.sleep(Duration::from_millis(self.shout.every_ms)).await;
                life.send(ear, "hello");
                self.asked.fetch_add(1, Relaxed);
                let (echo, answer) = (Arc::clone(&self), life.ask(ear));
                life.spawn(async move {
                    echo.answered.fetch_add(u64::from(answer.await.is_ok()), Relaxed);
                });
            }
        });
    }

    fn receive(self: Arc<Self>, envelope: Envelope) {
        match envelope.body {
            Body::Request(exchange) => {
                self.echoed.fetch_add(1, Relaxed);
                exchange.succeed();
            }
            Body::Message(hello) => {
                self.heard.fetch_add(u64::from(hello.is::<&str>()), Relaxed);
            }
            Body::Cancel(_) | Body::Reset => {}
        }
    }

    fn rows(&self, rows: &mut Rows) {
        rows.add("echoed", self.echoed.load(Relaxed));
        rows.add("heard", self.heard.load(Relaxed));
        rows.add("answered", self.answered.load(Relaxed));
        rows.add("kept", self.kept.load(Relaxed));
    }

    fn invariants(&self) -> Vec<Invariant> {
        let [asked, answered] = [&self.asked, &self.answered].map(|count| count.load(Relaxed));
        let passed = answered <= asked && asked <= self.shout.most;
        let detail = format!("asked {asked}, answered {answered}");
        vec![Invariant { name: "echoes".into(), passed, detail }]
    }
}

/// Whom an echo calls, and how often.
#[derive(Clone, Debug, Default)]
struct Shout {
    to: Option<String>,
    every_ms: u64,
    /// It promises to ask no more often.
    most: u64,
    /// It writes down what it is asked.
    writes: bool,
}

impl Build for Shout {
    fn is_safe(&self) -> bool {
        true
    }

    fn keeps(&self) -> bool {
        self.writes
    }

    fn rows(&self) -> &'static [Row] {
        const {
            &[
                Row::count("echoed", "Requests answered."),
                Row::count("heard", "Messages received."),
                Row::count("answered", "Requests of its own that were answered."),
                Row::count("kept", "Writes that were synced."),
            ]
        }
    }

    fn build(&self, _: &Arc<Place>) -> Arc<dyn Component> {
        Arc::new(Echo { shout: self.clone(), ..Echo::default() })
    }
}

/// A registry of `echo` alone.
pub(super) fn registry() -> Registry {
    Registry::default().with("echo", |settings: &Value| {
        let every_ms = settings.get("every_ms").map_or(Some(100), Value::as_u64);
        let every_ms = every_ms.filter(|every| *every > 0).ok_or_else(|| Wrong {
            key: Some("every_ms".to_owned()),
            message: "`every_ms` is a whole number above 0".to_owned(),
            help: Some("write \"every_ms\": 100".to_owned()),
        })?;
        let to = settings.get("to").and_then(Value::as_str).map(str::to_owned);
        let most = settings.get("most").and_then(Value::as_u64).unwrap_or(u64::MAX);
        let writes = settings.get("writes").and_then(Value::as_bool).unwrap_or(false);
        Ok(Arc::new(Shout { to, every_ms, most, writes }))
    })
}
