use std::io;
use std::sync::Arc;

use cascadia_patterns::raft::{Persist, Saved, wal};
use cascadia_runtime::{File, Runtime as _};

use crate::component::Life;

/// What a member of a replicated log writes to its disk, one record at a time. What comes while one is written becomes
/// one record more: a disk that loses sectors in no order could keep the second of two and lose the
/// first.
pub(crate) struct Journal {
    file: Arc<dyn File>,
    /// Where it ends.
    end: u64,
    /// What is written next.
    next: Option<Persist>,
    is_writing: bool,
}

/// A record on its way to the disk.
pub(crate) struct Record {
    /// The last write that it holds.
    pub(crate) number: u64,
    file: Arc<dyn File>,
    at: u64,
    bytes: Vec<u8>,
}

impl Journal {
    /// Reads what earlier lives have left in a file, and cuts off half a record at its end. A process that died
    /// may have left a record that was never synced: nobody acts on it before it is.
    ///
    /// # Errors
    ///
    /// Those of the disk, and when a record is damaged that others rely on.
    pub(crate) async fn open(life: &Life, name: &'static str) -> io::Result<(Self, Saved)> {
        let (disk, host) = (life.disk(), life.host());
        let opens = host.blocking(move || {
            let file = disk.open(name)?;
            let mut bytes = vec![0; usize::try_from(file.size()?).map_err(io::Error::other)?];
            if !bytes.is_empty() {
                file.read_at(0, &mut bytes)?;
            }
            let recovered = wal::recover(&bytes).map_err(io::Error::other)?;
            if recovered.valid < bytes.len() {
                file.resize(recovered.valid as u64)?;
            }
            if !bytes.is_empty() {
                file.sync()?;
            }
            let end = recovered.valid as u64;
            Ok((Self { file: file.into(), end, next: None, is_writing: false }, recovered.saved))
        });
        opens.await.map_err(io::Error::other)?
    }

    /// Something is to be written. Whether somebody has to begin to.
    pub(crate) fn push(&mut self, persist: Persist) -> bool {
        self.next = Some(match self.next.take() {
            Some(before) => before.then(persist),
            None => persist,
        });
        !std::mem::replace(&mut self.is_writing, true)
    }

    /// The next record; when there is none, nobody writes any more.
    pub(crate) fn next(&mut self) -> Option<Record> {
        let Some(persist) = self.next.take() else {
            self.is_writing = false;
            return None;
        };
        let bytes = wal::encode(self.end, &persist);
        let (number, at, file) = (persist.number, self.end, Arc::clone(&self.file));
        self.end += bytes.len() as u64;
        Some(Record { number, file, at, bytes })
    }
}

impl Record {
    /// Writes it, and waits until it cannot be lost any more.
    ///
    /// # Errors
    ///
    /// Those of the disk.
    pub(crate) async fn write(self, life: &Life) -> io::Result<()> {
        let host = life.host();
        let writes = host.blocking(move || {
            self.file.write_at(self.at, &self.bytes)?;
            self.file.sync()
        });
        writes.await.map_err(io::Error::other)?
    }
}
