use std::collections::VecDeque;

use cascadia_runtime::Stream;

use crate::raft::{Hard, Persist, Saved, wal};

/// A file, of which the end is lost in a crash unless it is synced.
#[derive(Default)]
pub(crate) struct Disk {
    file: Vec<u8>,
    synced: usize,
    writes: VecDeque<Write>,
    /// So many of them are on their way.
    syncing: usize,
    /// What a restart would find at least.
    pub(crate) kept: Kept,
}

struct Write {
    end: usize,
    persist: Persist,
}

/// What is synced: the term, the vote and the terms of the log.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) hard: Hard,
    pub(crate) terms: Vec<u64>,
}

impl Disk {
    pub(crate) fn write(&mut self, persist: Persist) {
        self.file.extend(wal::encode(self.file.len() as u64, &persist));
        self.writes.push_back(Write { end: self.file.len(), persist });
    }

    /// Begins to sync all that is written, unless it is at it or there is nothing. What is written
    /// meanwhile has to wait for the next time.
    pub(crate) fn begin_sync(&mut self) -> bool {
        let begins = self.syncing == 0 && !self.writes.is_empty();
        if begins {
            self.syncing = self.writes.len();
        }
        begins
    }

    /// What has been synced: the number of the last write.
    pub(crate) fn on_synced(&mut self) -> u64 {
        let writes = self.writes.drain(..std::mem::take(&mut self.syncing));
        let mut number = 0;
        for Write { end, persist } in writes {
            self.synced = end;
            self.kept.replay(&persist);
            number = persist.number;
        }
        number
    }

    /// Loses some of what is not synced, or all of it, and may spoil what comes last of the rest.
    pub(crate) fn crash(&mut self, stream: &mut Stream) {
        let unsynced = self.file.len() - self.synced;
        let left = match stream.below(3) {
            0 => 0,
            1 => unsynced,
            _ => stream.below(unsynced as u64 + 1) as usize,
        };
        let ends = self.writes.iter().map(|write| write.end);
        let whole = ends.take_while(|end| *end < self.synced + left).last();
        let spoilt = whole.unwrap_or(self.synced);
        self.file.truncate(self.synced + left);
        if stream.below(3) == 0 {
            for byte in &mut self.file[spoilt..] {
                *byte ^= if stream.below(4) == 0 { stream.next_u64() as u8 } else { 0 };
            }
        }
        self.writes.clear();
        self.syncing = 0;
    }

    pub(crate) fn recover(&mut self) -> Result<Saved, wal::Corrupt> {
        let recovered = wal::recover(&self.file)?;
        self.file.truncate(recovered.valid);
        self.synced = recovered.valid;
        let terms = recovered.saved.entries.iter().map(|entry| entry.term).collect();
        self.kept = Kept { hard: recovered.saved.hard, terms };
        Ok(recovered.saved)
    }
}

impl Kept {
    fn replay(&mut self, persist: &Persist) {
        self.hard = persist.hard.unwrap_or(self.hard);
        if let Some(from) = persist.truncate_from {
            self.terms.truncate(from as usize - 1);
        }
        self.terms.extend(persist.append.iter().map(|entry| entry.term));
    }
}
