use std::collections::BTreeMap;
use std::io;

use crate::{Stream, Time};

/// What a crash leaves of writes that were not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// Nothing.
    All,
    /// Those before one of them, and a part of that one.
    Tail,
    /// Sectors here and there, in no order.
    Sectors,
    /// Those that were done: the process died, and the machine, which did not, has them still.
    None,
}

/// What is on a disk, and what a crash would leave of it: the state of every disk that is not real.
///
/// A sector of 512 bytes is written whole or not at all; nothing else is. Removing a file, and making
/// one, is kept at once. Each change has a time at which it is done, so that one that a
/// machine had no time for can be taken back.
#[derive(Clone, Debug, Default)]
pub struct Platter {
    files: BTreeMap<String, Content>,
    size: u64,
}

#[derive(Clone, Debug, Default)]
struct Content {
    /// What a reader sees.
    bytes: Vec<u8>,
    /// What is kept, whatever happens.
    synced: Vec<u8>,
    /// What has been done since, in order.
    changes: Vec<(Time, Change)>,
}

#[derive(Clone, Debug)]
enum Change {
    Write(usize, Vec<u8>),
    Resize(usize),
    Sync,
}

/// The most that is written whole or not at all.
const SECTOR: usize = 512;

impl Change {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Write(offset, written) => {
                let end = offset + written.len();
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[*offset..end].copy_from_slice(written);
            }
            Self::Resize(size) => bytes.resize(*size, 0),
            Self::Sync => {}
        }
    }

    /// The sectors of a write, or the change as it is.
    fn parts(&self) -> Vec<Self> {
        let Self::Write(offset, written) = self else { return vec![self.clone()] };
        let (mut at, mut rest, mut parts) = (*offset, written.as_slice(), Vec::new());
        while !rest.is_empty() {
            let (part, later) = rest.split_at(rest.len().min(SECTOR - at % SECTOR));
            parts.push(Self::Write(at, part.to_vec()));
            (at, rest) = (at + part.len(), later);
        }
        parts
    }
}

impl Content {
    fn change(&mut self, done: Time, change: Change) {
        change.apply(&mut self.bytes);
        self.changes.push((done, change));
    }

    /// Lets go of what has been synced by `now`.
    fn settle(&mut self, now: Time) {
        let kept = self
            .changes
            .iter()
            .rposition(|(done, change)| matches!(change, Change::Sync) && *done <= now);
        for (_, change) in self.changes.drain(..kept.map_or(0, |kept| kept + 1)) {
            change.apply(&mut self.synced);
        }
    }

    /// A process has died. What it had begun is done to the end, and may yet be lost with the machine.
    fn leave(&mut self, mut changes: Vec<(Time, Change)>, begun: usize, now: Time) {
        changes.truncate(begun);
        self.bytes.clone_from(&self.synced);
        for (done, change) in &mut changes {
            *done = now.min(*done);
            change.apply(&mut self.bytes);
        }
        self.changes = changes;
    }

    fn crash(&mut self, now: Time, loss: Loss, draws: &mut Stream) {
        self.settle(now);
        let changes = std::mem::take(&mut self.changes);
        let begun =
            changes.iter().position(|(done, _)| *done > now).map_or(changes.len(), |at| at + 1);
        if loss == Loss::None {
            return self.leave(changes, begun, now);
        }
        let parts: Vec<_> =
            changes[..begun].iter().flat_map(|(_, change)| change.parts()).collect();
        let kept = match loss {
            Loss::All => 0,
            Loss::Tail => draws.below(parts.len() as u64 + 1) as usize,
            Loss::Sectors | Loss::None => parts.len(),
        };
        for part in &parts[..kept] {
            if loss != Loss::Sectors || draws.unit() < 0.5 {
                part.apply(&mut self.synced);
            }
        }
        self.bytes.clone_from(&self.synced);
    }
}

impl Platter {
    /// An empty one that holds `size` bytes.
    pub fn new(size: u64) -> Self {
        Self { files: BTreeMap::new(), size }
    }

    /// It holds `size` bytes from now on. What it has already, it keeps.
    pub fn hold(&mut self, size: u64) {
        self.size = size;
    }

    /// How many bytes are on it.
    pub fn used(&self) -> u64 {
        self.files.values().map(|file| file.bytes.len() as u64).sum()
    }

    /// Makes a file if it is not there.
    pub fn open(&mut self, name: &str) {
        self.files.entry(name.to_owned()).or_default();
    }

    /// Removes a file.
    pub fn remove(&mut self, name: &str) {
        self.files.remove(name);
    }

    /// The names of all files, in order.
    pub fn names(&self) -> Vec<String> {
        self.files.keys().cloned().collect()
    }

    /// What a file has in it.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn bytes(&self, name: &str) -> io::Result<&[u8]> {
        let file = self.files.get(name).ok_or(io::ErrorKind::NotFound)?;
        Ok(&file.bytes)
    }

    /// Copies what stands in a file from `offset` on.
    ///
    /// # Errors
    ///
    /// When there is no such file, or less in it.
    pub fn read(&self, name: &str, offset: u64, into: &mut [u8]) -> io::Result<()> {
        let from = usize::try_from(offset).map_err(io::Error::other)?;
        let read = self.bytes(name)?.get(from..).and_then(|bytes| bytes.get(..into.len()));
        into.copy_from_slice(read.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    /// Writes into a file, which is done at `done`.
    ///
    /// # Errors
    ///
    /// When there is no such file, or nothing more fits.
    pub fn write(&mut self, name: &str, offset: u64, bytes: &[u8], done: Time) -> io::Result<()> {
        let end = offset.checked_add(bytes.len() as u64).ok_or(io::ErrorKind::StorageFull)?;
        self.make_room(name, end)?;
        self.change(name, done, Change::Write(offset as usize, bytes.to_vec()))
    }

    /// Cuts a file off or fills it up, which is done at `done`.
    ///
    /// # Errors
    ///
    /// When there is no such file, or nothing more fits.
    pub fn resize(&mut self, name: &str, size: u64, done: Time) -> io::Result<()> {
        self.make_room(name, size)?;
        self.change(name, done, Change::Resize(size as usize))
    }

    /// From `done` on, what was written to a file is kept.
    ///
    /// # Errors
    ///
    /// When there is no such file.
    pub fn sync(&mut self, name: &str, done: Time) -> io::Result<()> {
        self.change(name, done, Change::Sync)
    }

    /// Lets go of what was done by `now`, of which nothing can be lost any more.
    pub fn settle(&mut self, now: Time) {
        self.files.values_mut().for_each(|file| file.settle(now));
    }

    /// The machine dies, or only the process. What was not done by then has not happened, but for a
    /// part of what was being done.
    pub fn crash(&mut self, now: Time, loss: Loss, draws: &mut Stream) {
        self.files.values_mut().for_each(|file| file.crash(now, loss, draws));
    }

    /// Spoils a byte of the last sector of a file that has any.
    pub fn corrupt(&mut self, name: &str, draws: &mut Stream) {
        let Some(file) = self.files.get_mut(name) else { return };
        let Some(last) = file.bytes.len().checked_sub(1) else { return };
        let at = last - draws.below((last % SECTOR) as u64 + 1) as usize;
        for bytes in [&mut file.bytes, &mut file.synced] {
            bytes.get_mut(at).into_iter().for_each(|byte| *byte ^= 0x55);
        }
    }

    /// Nothing is written to a file beyond what the disk holds.
    fn make_room(&self, name: &str, end: u64) -> io::Result<()> {
        let more = end.saturating_sub(self.bytes(name)?.len() as u64);
        match more > 0 && self.used().saturating_add(more) > self.size {
            true => Err(io::ErrorKind::StorageFull.into()),
            false => Ok(()),
        }
    }

    fn change(&mut self, name: &str, done: Time, change: Change) -> io::Result<()> {
        let file = self.files.get_mut(name).ok_or(io::ErrorKind::NotFound)?;
        file.change(done, change);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "file";

    fn at(nanos: u64) -> Time {
        Time::from_nanos(nanos)
    }

    /// Two sectors of ones, kept at 10; two of twos, done at 20; two of threes, done at 30.
    fn platter() -> Platter {
        let mut platter = Platter::new(1 << 20);
        platter.open(NAME);
        platter.write(NAME, 0, &[1; 1024], at(5)).unwrap();
        platter.sync(NAME, at(10)).unwrap();
        platter.write(NAME, 0, &[2; 1024], at(20)).unwrap();
        platter.write(NAME, 0, &[3; 1024], at(30)).unwrap();
        platter
    }

    fn left(now: u64, loss: Loss, seed: u64) -> Vec<u8> {
        let mut platter = platter();
        platter.crash(at(now), loss, &mut Stream::from_seed(seed));
        platter.bytes(NAME).unwrap().to_vec()
    }

    /// What a crash at `now` may leave, sector by sector.
    fn seen(now: u64, loss: Loss) -> std::collections::BTreeSet<(u8, u8)> {
        let ends = |bytes: &[u8]| (*bytes.first().unwrap_or(&0), *bytes.get(512).unwrap_or(&0));
        (0..200).map(|seed| ends(&left(now, loss, seed))).collect()
    }

    #[test]
    fn what_was_synced_is_kept_and_the_rest_may_be_lost_in_parts() {
        assert_eq!(seen(30, Loss::All), [(1, 1)].into());
        assert_eq!(seen(30, Loss::Tail), [(1, 1), (2, 1), (2, 2), (3, 2), (3, 3)].into());
        let any = [1, 2, 3].map(|first| [1, 2, 3].map(|second| (first, second)));
        assert_eq!(seen(30, Loss::Sectors), any.into_iter().flatten().collect());
        assert_eq!(seen(30, Loss::None), [(3, 3)].into());
    }

    #[test]
    fn what_there_was_no_time_for_has_not_happened() {
        assert_eq!(seen(9, Loss::All), [(0, 0)].into(), "the sync was not done");
        assert_eq!(seen(10, Loss::All), [(1, 1)].into());
        assert!(!seen(15, Loss::Sectors).contains(&(3, 3)), "the second was not begun");
    }

    #[test]
    fn what_a_dead_process_had_written_may_still_be_lost_with_the_machine() {
        let mut draws = Stream::from_seed(1);
        let mut platter = platter();
        platter.crash(at(25), Loss::None, &mut draws);
        assert_eq!(platter.bytes(NAME).unwrap(), [3; 1024], "it was under way");
        platter.crash(at(50), Loss::All, &mut draws);
        assert_eq!(platter.bytes(NAME).unwrap(), [1; 1024]);
    }

    #[test]
    fn nothing_is_written_beyond_what_it_holds() {
        let mut platter = platter();
        platter.hold(1500);
        let full = platter.write(NAME, 1024, &[4; 1024], at(40)).unwrap_err();
        assert_eq!(full.kind(), io::ErrorKind::StorageFull);
        platter.write(NAME, 1024, &[4; 476], at(40)).unwrap();
        let far = platter.write(NAME, u64::MAX, &[4], at(40)).unwrap_err();
        assert_eq!(far.kind(), io::ErrorKind::StorageFull);
    }

    #[test]
    fn a_corrupt_byte_is_in_the_last_sector() {
        for seed in 0..100 {
            let mut platter = platter();
            let before = platter.bytes(NAME).unwrap().to_vec();
            platter.corrupt(NAME, &mut Stream::from_seed(seed));
            let after = platter.bytes(NAME).unwrap();
            let wrong = (0..1024).filter(|at| before[*at] != after[*at]).collect::<Vec<_>>();
            assert!(matches!(wrong[..], [at] if at >= 512), "{wrong:?}");
        }
    }
}
