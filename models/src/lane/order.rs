use std::collections::VecDeque;
use std::time::Duration;

use cascadia_runtime::Time;

use super::post::Post;

/// How long a connection waits at least before it sends again what was lost: else two round trips (RFC 8985, the
/// probe for a lost tail).
const SOON: Duration = Duration::from_millis(10);

/// How long it waits when that was lost, too, and twice as long each time after that (RFC 6298, with the
/// least of Linux).
const AGAIN: Duration = Duration::from_millis(200);

/// So often something is sent before the connection is given up, with all that waits behind it: some 13 s.
const TRIES: u32 = 8;

/// What a connection knows.
#[derive(Default)]
pub(super) struct Order {
    /// How many connections were given up or reset before this one.
    pub(super) epoch: u64,
    /// How many things were sent over it.
    sent: u64,
    /// The life at the other end, once something has come there.
    pub(super) peer: Option<u64>,
    /// When the last of what was sent arrives.
    last: Time,
    /// What is on its way, in the order in which it arrives.
    on_the_way: VecDeque<Post>,
    /// What was lost, and what waits behind it, as it was sent.
    waiting: VecDeque<Post>,
    /// How often the first of these was sent.
    tries: u32,
    /// How often nobody was there since somebody was.
    unheard: u32,
    /// How long the last way took.
    way: Duration,
}

/// What to do about something that was lost.
pub(super) enum Loss {
    /// Wait so long, and send it again.
    Again(Duration),
    /// That is being waited for already.
    Waits,
    /// Give up, with all of this.
    GivenUp(VecDeque<Post>),
}

impl Order {
    /// Something is to be sent. It is returned if it may leave at once; else it waits.
    pub(super) fn begin(&mut self, mut post: Post) -> Option<Post> {
        (post.epoch, post.number) = (self.epoch, self.sent);
        self.sent += 1;
        if self.waiting.is_empty() {
            return Some(post);
        }
        self.waiting.push_back(post);
        None
    }

    /// The first of those that wait, and how often it was sent.
    pub(super) fn next(&mut self) -> Option<(Post, u32)> {
        let post = self.waiting.pop_front()?;
        Some((post, std::mem::take(&mut self.tries)))
    }

    /// A link has lost something, for the so-manieth time.
    pub(super) fn lost(&mut self, post: Post, tries: u32) -> Loss {
        if tries >= TRIES {
            let mut given_up = self.renew();
            given_up.push_front(post);
            return Loss::GivenUp(given_up);
        }
        let is_first = self.waiting.is_empty();
        self.wait(post);
        if !is_first && tries <= self.tries {
            return Loss::Waits;
        }
        self.tries = tries;
        Loss::Again(match tries {
            1 => SOON.max(4 * self.way),
            _ => AGAIN * (1 << (tries - 2)),
        })
    }

    /// Something has come where nobody was.
    pub(super) fn unheard(&mut self, post: Post) -> Loss {
        if !self.waiting.is_empty() {
            self.wait(post);
            return Loss::Waits;
        }
        self.unheard += 1;
        self.lost(post, self.unheard)
    }

    /// When something arrives that leaves now and would be on its way so long.
    pub(super) fn due(&mut self, at: Time, way: Duration) -> Time {
        (self.last, self.way) = (at.max(self.last), way);
        self.last
    }

    /// Something leaves, and does not overtake anything.
    pub(super) fn leave(&mut self, post: Post) {
        self.on_the_way.push_back(post);
    }

    /// What arrives next.
    pub(super) fn land(&mut self) -> Option<Post> {
        self.on_the_way.pop_front()
    }

    /// Something arrives at somebody in one of its lives. It is returned if it is received now, and not
    /// behind others that are on their way again.
    pub(super) fn arrive(&mut self, post: Post, life: u64, overtaken: bool) -> Option<Post> {
        (self.peer, self.unheard) = (Some(life), 0);
        let is_next = self.waiting.front().is_none_or(|first| post.number < first.number);
        if is_next || overtaken {
            return Some(post);
        }
        self.wait(post);
        None
    }

    /// It is another connection from now on; what waited is lost.
    pub(super) fn renew(&mut self) -> VecDeque<Post> {
        let before = std::mem::take(self);
        (self.epoch, self.last, self.way) = (before.epoch + 1, before.last, before.way);
        self.on_the_way = before.on_the_way;
        before.waiting
    }

    fn wait(&mut self, post: Post) {
        let at = self.waiting.partition_point(|other| other.number < post.number);
        self.waiting.insert(at, post);
    }
}
