//! One direction of a connection: a state machine that is handed the time.

mod flight;
mod window;

use std::collections::VecDeque;
use std::io::IoSlice;

use cascadia_runtime::Time;

pub(super) use self::flight::Content;
use self::flight::Flight;
use self::window::Window;
use super::path::Path;
use super::role::Role;
use super::settings::Settings;

/// One direction of a connection.
pub(super) struct Pipe {
    /// What has arrived and is not read, then what is under way.
    bytes: VecDeque<u8>,
    /// How many bytes have arrived and are not read.
    unread: usize,
    pub(super) flight: Flight,
    pub(super) window: Window,
    /// When a reset arrives, if ever.
    pub(super) reset: Time,
    /// The writer has said that nothing more will come.
    pub(super) closing: bool,
    /// The reader has heard it.
    pub(super) ended: bool,
    /// When the world calls next.
    armed: Time,
    segment: usize,
}

impl Pipe {
    pub(super) fn new(settings: &Settings, from: Role) -> Self {
        Self {
            bytes: VecDeque::new(),
            unread: 0,
            flight: Flight::new(from),
            window: Window::new(settings.window, settings.segment),
            reset: Time::MAX,
            closing: false,
            ended: false,
            armed: Time::MAX,
            segment: settings.segment,
        }
    }

    /// Writes what there is room for. Returns how much.
    pub(super) fn write(&mut self, now: Time, slices: &[IoSlice<'_>], path: &mut Path) -> usize {
        let mut room = self.window.room(now);
        let before = self.bytes.len();
        for slice in slices {
            let part = &slice[..room.min(slice.len())];
            self.bytes.extend(part);
            room -= part.len();
        }
        let written = self.bytes.len() - before;
        self.window.take(written);
        let mut left = written;
        while left > 0 {
            let bytes = left.min(self.segment);
            self.flight.send(now, Content::Data(bytes), path);
            left -= bytes;
        }
        written
    }

    /// Says that nothing more will come.
    pub(super) fn close(&mut self, now: Time, path: &mut Path) {
        if !self.closing {
            self.closing = true;
            self.flight.send(now, Content::Fin, path);
        }
    }

    /// Bytes have arrived.
    pub(super) fn arrive(&mut self, bytes: usize) {
        self.unread += bytes;
    }

    /// How many bytes may be read.
    pub(super) fn unread(&self) -> usize {
        self.unread
    }

    /// How many bytes are under way.
    pub(super) fn under_way(&self) -> usize {
        self.bytes.len() - self.unread
    }

    /// Reads as many bytes as have arrived and `sink` takes, which is given at most `most`.
    /// Returns whether the writer is to be told.
    pub(super) fn read(&mut self, most: usize, mut sink: impl FnMut(&[u8])) -> bool {
        let bytes = most.min(self.unread);
        let (front, back) = self.bytes.as_slices();
        let front = &front[..bytes.min(front.len())];
        sink(front);
        sink(&back[..bytes - front.len()]);
        self.bytes.drain(..bytes);
        self.unread -= bytes;
        self.window.free(bytes)
    }

    /// The writer waits for room. Returns whether it asks for it now.
    pub(super) fn stall(&mut self, now: Time) -> bool {
        let flight = &self.flight;
        self.window.stall(now, |tries| flight.backoff(tries)) && flight.is_empty()
    }

    /// When something is to be done, unless the world will have called by then. `waits` says whether
    /// the writer waits for room.
    pub(super) fn arm(&mut self, waits: bool) -> Option<Time> {
        let room = if waits { self.window.due() } else { Time::MAX };
        let due = self.flight.due().min(self.reset).min(room);
        (due < self.armed).then(|| {
            self.armed = due;
            due
        })
    }

    /// The world calls.
    pub(super) fn called(&mut self, now: Time) {
        if self.armed <= now {
            self.armed = Time::MAX;
        }
    }
}
