use std::collections::VecDeque;
use std::time::Duration;

use cascadia_runtime::Time;

use crate::tcp::path::Path;
use crate::tcp::role::Role;

/// What a segment carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tcp) enum Content {
    /// The wish to connect, or the consent to it.
    Syn,
    /// The answer to the consent.
    Ack,
    /// So many bytes.
    Data(usize),
    /// Nothing more will come.
    Fin,
    /// A writer asks for room.
    Probe,
}

/// Segments under way in one direction, oldest first. They are taken out in the order in which they
/// were sent: one that is late or lost holds up all behind it.
pub(in crate::tcp) struct Flight {
    /// Who sends them.
    from: Role,
    segments: VecDeque<Segment>,
    /// How often the oldest was sent again.
    tries: u32,
    /// The retransmission timeout, before it is doubled.
    rto: Duration,
}

struct Segment {
    content: Content,
    sent: Time,
    /// Never, once it is lost.
    arrives: Time,
}

/// Before a round trip was measured (RFC 6298, 2.1).
const INITIAL_RTO: Duration = Duration::from_secs(1);
/// That of Linux, below the second of RFC 6298.
const MIN_RTO: Duration = Duration::from_millis(200);
const MAX_RTO: Duration = Duration::from_secs(120);

impl Flight {
    pub(super) const fn new(from: Role) -> Self {
        Self { from, segments: VecDeque::new(), tries: 0, rto: INITIAL_RTO }
    }

    /// Sets the timeout to that after the first measured round trip (RFC 6298, 2.2).
    pub(in crate::tcp) fn measured(&mut self, round_trip: Duration) {
        self.rto = (round_trip * 3).clamp(MIN_RTO, MAX_RTO);
    }

    /// The timeout after `tries` doublings.
    pub(in crate::tcp) fn backoff(&self, tries: u32) -> Duration {
        let factor = 1u32.checked_shl(tries).unwrap_or(u32::MAX);
        self.rto.saturating_mul(factor).min(MAX_RTO)
    }

    pub(in crate::tcp) fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }

    /// Sends a segment.
    pub(in crate::tcp) fn send(&mut self, now: Time, content: Content, path: &mut Path) {
        let mut segment = Segment { content, sent: now, arrives: Time::MAX };
        segment.launch(now, self.from, path);
        self.segments.push_back(segment);
    }

    /// When the oldest arrives or is sent again.
    pub(super) fn due(&self) -> Time {
        match self.segments.front() {
            Some(oldest) if oldest.is_lost() => oldest.sent + self.backoff(self.tries),
            Some(oldest) => oldest.arrives,
            None => Time::MAX,
        }
    }

    /// The oldest and when it was sent, once it has arrived.
    pub(in crate::tcp) fn arrived(&self, now: Time) -> Option<(Content, Time)> {
        let oldest = self.segments.front()?;
        (oldest.arrives <= now).then_some((oldest.content, oldest.sent))
    }

    /// Takes the oldest out.
    pub(in crate::tcp) fn take(&mut self) {
        self.segments.pop_front();
        self.tries = 0;
    }

    /// The oldest arrived where nobody takes it.
    pub(in crate::tcp) fn lose(&mut self) {
        if let Some(oldest) = self.segments.front_mut() {
            oldest.arrives = Time::MAX;
        }
    }

    /// Whether the oldest is lost, and it is time to send it again.
    pub(in crate::tcp) fn is_overdue(&self, now: Time) -> bool {
        self.is_stuck() && self.due() <= now
    }

    /// Sends the oldest again, and if that gets through, what else is lost up to the next loss.
    /// Returns how often in a row that was done.
    pub(in crate::tcp) fn retry(&mut self, now: Time, path: &mut Path) -> u32 {
        self.tries += 1;
        let lost = self.segments.iter_mut().filter(|segment| segment.is_lost());
        for segment in lost {
            segment.launch(now, self.from, path);
            if segment.is_lost() {
                break;
            }
        }
        self.tries
    }

    /// Gives up what is lost, and what lies behind it.
    pub(in crate::tcp) fn abandon(&mut self) {
        let lost = self.segments.iter().position(Segment::is_lost);
        self.segments.truncate(lost.unwrap_or(self.segments.len()));
    }

    /// When the last arrives of those that will.
    pub(in crate::tcp) fn latest(&self) -> Time {
        let arrive = self.segments.iter().filter(|segment| !segment.is_lost());
        arrive.map(|segment| segment.arrives).max().unwrap_or_default()
    }

    /// Whether the oldest is lost.
    fn is_stuck(&self) -> bool {
        self.segments.front().is_some_and(Segment::is_lost)
    }
}

impl Segment {
    fn launch(&mut self, now: Time, from: Role, path: &mut Path) {
        let payload = if let Content::Data(bytes) = self.content { bytes } else { 0 };
        self.sent = now;
        self.arrives = path.send(now, from, payload).unwrap_or(Time::MAX);
    }

    fn is_lost(&self) -> bool {
        self.arrives == Time::MAX
    }
}
