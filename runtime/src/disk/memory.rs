use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Disk, File, Loss, Platter};
use crate::{Stream, Time};

/// A disk in memory, which can lose its power.
///
/// ```
/// use cascadia_runtime::{Disk, Loss, MemoryDisk, Stream};
///
/// let disk = MemoryDisk::new(1 << 20);
/// let file = disk.open("log")?;
/// file.append(b"kept")?;
/// file.sync()?;
/// file.append(b"lost")?;
/// disk.crash(Loss::All, &mut Stream::from_entropy());
///
/// assert!(file.size().is_err(), "who held it has died, too");
/// assert_eq!(disk.open("log")?.size()?, 4);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct MemoryDisk(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    platter: Platter,
    /// Crashes so far.
    crashes: u64,
    /// Changes so far.
    changes: u64,
    /// The change at which the power goes.
    last: u64,
}

impl MemoryDisk {
    /// An empty one that holds `size` bytes.
    pub fn new(size: u64) -> Self {
        let state = State { platter: Platter::new(size), crashes: 0, changes: 0, last: u64::MAX };
        Self(Arc::new(Mutex::new(state)))
    }

    /// The power goes, and comes back. Whoever had a file open has died.
    pub fn crash(&self, loss: Loss, draws: &mut Stream) {
        let mut state = self.state();
        state.platter.crash(Time::ZERO, loss, draws);
        state.crashes += 1;
        state.last = u64::MAX;
    }

    /// After `changes` more writes, cuts and syncs the power goes: what comes then fails, until
    /// [`crash`](Self::crash) says what is left.
    pub fn stop_after(&self, changes: u64) {
        let mut state = self.state();
        state.last = state.changes.saturating_add(changes);
    }

    /// How many writes, cuts and syncs there have been.
    pub fn changes(&self) -> u64 {
        self.state().changes
    }

    /// It holds `size` bytes from now on.
    pub fn hold(&self, size: u64) {
        self.state().platter.hold(size);
    }

    /// Spoils a byte at the end of a file.
    pub fn corrupt(&self, name: &str, draws: &mut Stream) {
        self.state().platter.corrupt(name, draws);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Something is to be changed.
    fn change(&mut self) -> io::Result<&mut Platter> {
        if self.changes >= self.last {
            return Err(io::Error::other("the power is gone"));
        }
        self.changes += 1;
        Ok(&mut self.platter)
    }
}

impl Disk for MemoryDisk {
    fn open(&self, name: &str) -> io::Result<Box<dyn File>> {
        let mut state = self.state();
        state.platter.open(name);
        Ok(Box::new(Open { disk: self.clone(), name: name.to_owned(), crashes: state.crashes }))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.state().change()?.remove(name);
        Ok(())
    }

    fn names(&self) -> io::Result<Vec<String>> {
        Ok(self.state().platter.names())
    }
}

/// A file, held open.
#[derive(Debug)]
struct Open {
    disk: MemoryDisk,
    name: String,
    crashes: u64,
}

impl Open {
    fn state(&self) -> io::Result<MutexGuard<'_, State>> {
        let state = self.disk.state();
        match state.crashes == self.crashes {
            true => Ok(state),
            false => Err(io::Error::other("the machine has died since this was opened")),
        }
    }
}

impl File for Open {
    fn size(&self) -> io::Result<u64> {
        Ok(self.state()?.platter.bytes(&self.name)?.len() as u64)
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        self.state()?.platter.read(&self.name, offset, bytes)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.state()?.change()?.write(&self.name, offset, bytes, Time::ZERO)
    }

    fn resize(&self, size: u64) -> io::Result<()> {
        self.state()?.change()?.resize(&self.name, size, Time::ZERO)
    }

    fn sync(&self) -> io::Result<()> {
        let mut state = self.state()?;
        state.change()?.sync(&self.name, Time::ZERO)?;
        state.platter.settle(Time::ZERO);
        Ok(())
    }
}
