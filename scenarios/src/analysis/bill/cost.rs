use crate::diagnostics::Label;
use crate::text::Span;
use crate::units::short;

/// What a run is expected to cost.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bill {
    /// Events of the model, as results count them.
    pub events: Cost,
    /// Bytes that one run takes at most at a time.
    pub memory: Cost,
    /// Bytes that are written.
    pub output: Cost,
    /// Calls that one request may become at most.
    pub depth: Cost,
}

impl Bill {
    /// What is billed, by name, with its sum for people.
    pub fn rows(&self) -> [(&'static str, String, &Cost); 4] {
        let Self { events, memory, output, depth } = self;
        [
            ("events", number(events.total), events),
            ("memory", bytes(memory.total), memory),
            ("output", bytes(output.total), output),
            ("depth", number(depth.total), depth),
        ]
    }
}

/// A sum, and the greatest part of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cost {
    /// All of it.
    pub total: f64,
    /// What most of it is for, if it is for anything.
    pub most: Option<Item>,
}

/// A part of a cost.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// How much it is.
    pub amount: f64,
    /// The place that causes it, and what it is.
    pub place: Label,
}

impl Cost {
    /// Adds a part, which is for something at a place.
    pub(super) fn add(&mut self, amount: f64, span: Span, text: impl FnOnce() -> String) {
        self.total += amount;
        self.consider(amount, span, text);
    }

    /// Of parts that do not come together, the greatest is all of it.
    pub(super) fn greatest(&mut self, amount: f64, span: Span, text: impl FnOnce() -> String) {
        self.total = self.total.max(amount);
        self.consider(amount, span, text);
    }

    fn consider(&mut self, amount: f64, span: Span, text: impl FnOnce() -> String) {
        if self.most.as_ref().is_none_or(|most| amount > most.amount) {
            let Span { source, start, end } = span;
            let place = Label { source, start, end, text: text(), primary: true };
            self.most = Some(Item { amount, place });
        }
    }
}

/// A number of things, for people.
pub(super) fn number(things: f64) -> String {
    if things < 1e6 { short(libm::round(things)) } else { format!("{things:.2e}") }
}

/// Bytes, for people.
pub(super) fn bytes(all: f64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let (mut count, mut unit) = (all, 0);
    while count >= 1e3 && unit + 1 < UNITS.len() {
        count /= 1e3;
        unit += 1;
    }
    format!("{} {}", short(count), UNITS[unit])
}
