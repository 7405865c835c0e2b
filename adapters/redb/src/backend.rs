use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cascadia_runtime::File;
use redb::StorageBackend;

/// What redb keeps its pages in: a file of any disk.
///
/// redb writes when it is dropped, too. A process that dies does not, and nobody should block
/// where something is merely dropped; so what is not closed is cut off instead, and the next one to open
/// the file finds what a crash would have left.
#[derive(Debug)]
pub(crate) struct Backend {
    file: Box<dyn File>,
    cut: Cut,
}

/// Cuts a backend off from its file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cut(Arc<AtomicBool>);

impl Cut {
    pub(crate) fn off(&self) {
        self.0.store(true, Ordering::Release);
    }
}

impl Backend {
    pub(crate) fn new(file: Box<dyn File>, cut: Cut) -> Self {
        Self { file, cut }
    }

    fn file(&self) -> io::Result<&dyn File> {
        match self.cut.0.load(Ordering::Acquire) {
            false => Ok(&*self.file),
            true => Err(io::Error::other("it was dropped, and not closed")),
        }
    }
}

impl StorageBackend for Backend {
    fn len(&self) -> io::Result<u64> {
        self.file()?.size()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file()?.read_at(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file()?.resize(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.file()?.sync()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.file()?.write_at(offset, data)
    }
}
