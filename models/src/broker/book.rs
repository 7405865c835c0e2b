//! What is known of the requests that clients make, in each of their lives.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use cascadia_patterns::messaging::request_reply::{RequestCounts, Requester};
use cascadia_runtime::Time;
use cascadia_sim_core::Local;

use crate::component::{Invariant, Row, Rows};
use crate::tcp::Host;

/// The figures of the requests to a topic.
pub(super) const ROWS: &[Row] = &[
    Row::count("requests", "Requests that were made."),
    Row::count("replied", "Requests whose reply came in time, and was no fault."),
    Row::count("faults", "Requests whose reply came in time, and said that they had failed."),
    Row::count("timed_out", "Requests that no reply came to in time. They may have been done."),
    Row::count("not_sent", "Requests that could not be published. Nobody does them."),
    Row::count("dropped", "Requests that nobody waited for any more, such as of a dead process."),
    Row::count(
        "late",
        "Replies when nobody waited: the time was over, or the process that had asked.",
    ),
    Row::count("doubled", "Replies to what was replied to."),
    Row::level("waiting", "Requests that wait for their reply."),
];

/// How a request ended, as who made it sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Replied,
    Fault,
    TimedOut,
    NotSent,
    Dropped,
}

/// The requests of a client in one life, and what came back.
#[derive(Default)]
pub(super) struct Book {
    requester: Weak<Requester<Host>>,
    /// What the requester has counted, once it is no more.
    last: RequestCounts,
    next: u64,
    /// Until when those wait that wait, and whether the requester knows of them.
    waiting: BTreeMap<u64, (Time, bool)>,
    /// How many ended how.
    ends: [u64; 5],
    /// Those that ended after their time, or were seen to wait then.
    overdue: u64,
    /// Entries of the requester that were seen when nobody waited for them.
    astray: u64,
}

impl Book {
    /// The requester is there.
    pub(super) fn opened(&mut self, requester: &Arc<Requester<Host>>) {
        self.requester = Arc::downgrade(requester);
    }

    /// The requester will be no more.
    pub(super) fn closed(&mut self) {
        self.last = self.counts();
        self.requester = Weak::new();
    }

    fn counts(&self) -> RequestCounts {
        self.requester.upgrade().map_or(self.last, |requester| requester.counts())
    }

    /// Compares what the requester has with who waits.
    fn look(&mut self, now: Time) {
        let entries = self.requester.upgrade().map_or(0, |requester| requester.pending() as u64);
        let sent = self.waiting.values().filter(|(_, is_sent)| *is_sent).count() as u64;
        // Whoever was replied to at this very moment may not know yet.
        self.astray += entries.saturating_sub(sent);
        self.overdue += self.waiting.values().filter(|(until, _)| now > *until).count() as u64;
    }
}

/// A request, from its begin to its end.
pub(super) struct Page {
    book: Arc<Local<Book>>,
    number: u64,
    end: End,
}

impl Page {
    /// A request begins that waits until then.
    pub(super) fn new(book: &Arc<Local<Book>>, until: Time) -> Self {
        let number = {
            let book = &mut *book.borrow_mut();
            book.next += 1;
            book.waiting.insert(book.next, (until, false));
            book.next
        };
        Self { book: Arc::clone(book), number, end: End::Dropped }
    }

    /// The requester is told of it.
    pub(super) fn sent(&self) {
        if let Some((_, is_sent)) = self.book.borrow_mut().waiting.get_mut(&self.number) {
            *is_sent = true;
        }
    }

    /// It has ended so.
    pub(super) fn ends(mut self, end: End, now: Time) {
        self.end = end;
        let book = &mut *self.book.borrow_mut();
        let until = book.waiting.get(&self.number).map(|(until, _)| *until);
        book.overdue += u64::from(until.is_some_and(|until| now > until));
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        let book = &mut *self.book.borrow_mut();
        book.waiting.remove(&self.number);
        book.ends[self.end as usize] += 1;
    }
}

/// Adds the figures of some books.
pub(super) fn figures(books: &[Arc<Local<Book>>], now: Time, rows: &mut Rows) {
    for book in books {
        let book = &mut *book.borrow_mut();
        book.look(now);
        let (counts, waiting) = (book.counts(), book.waiting.len() as u64);
        let [replied, faults, timed_out, not_sent, dropped] = book.ends;
        rows.add("requests", book.next);
        rows.add("replied", replied);
        rows.add("faults", faults);
        rows.add("timed_out", timed_out);
        rows.add("not_sent", not_sent);
        rows.add("dropped", dropped);
        rows.add("late", counts.late + counts.stray);
        rows.add("doubled", counts.duplicate);
        rows.add("waiting", waiting);
    }
}

/// No request is forgotten: at every look, whatever a requester keeps an entry for waits, and nothing waits
/// longer than it is to. So when all load has ended and its time, too, nothing is left.
pub(super) fn law(name: &str, books: &[Arc<Local<Book>>]) -> Invariant {
    let sum = |of: fn(&Book) -> u64| books.iter().map(|book| of(&book.borrow_mut())).sum::<u64>();
    let (astray, overdue) = (sum(|book| book.astray), sum(|book| book.overdue));
    Invariant {
        name: format!("no-request-forgotten {name}"),
        passed: astray == 0 && overdue == 0,
        detail: format!(
            "{astray} entries that nobody waited for, {overdue} requests that waited too long"
        ),
    }
}
