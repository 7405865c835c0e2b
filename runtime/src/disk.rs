//! What outlives a process: files of bytes.

mod memory;
mod platter;

use std::fmt::Debug;
use std::io;

pub use self::memory::MemoryDisk;
pub use self::platter::{Loss, Platter};

/// A disk, as far as code needs one that keeps something: a folder of files.
///
/// What was written and not yet [synced](File::sync) may be lost when the machine dies, in whole or
/// in part, whatever its order; what was synced is kept. All calls block: they belong into
/// [`Runtime::blocking`](crate::Runtime::blocking), where a simulated disk takes its time.
///
/// # Errors
///
/// Those of the real ones, by their kind: [`StorageFull`](io::ErrorKind::StorageFull) where nothing
/// more fits, [`NotFound`](io::ErrorKind::NotFound), and others where the disk is at fault. After
/// an error, what is on the disk is unknown until it is read anew.
pub trait Disk: Debug + Send + Sync {
    /// The file of this name, which is made if it is not there.
    ///
    /// # Errors
    ///
    /// As above.
    fn open(&self, name: &str) -> io::Result<Box<dyn File>>;

    /// Removes a file, at once and for good. It is no error if there is none.
    ///
    /// # Errors
    ///
    /// As above.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// The names of all files, in order.
    ///
    /// # Errors
    ///
    /// As above.
    fn names(&self) -> io::Result<Vec<String>>;
}

/// A file of a [`Disk`].
///
/// # Errors
///
/// Those of its disk, for every method.
pub trait File: Debug + Send + Sync {
    /// How many bytes it has.
    #[expect(clippy::missing_errors_doc, reason = "said once, above")]
    fn size(&self) -> io::Result<u64>;

    /// Fills `bytes` with what stands from `offset` on.
    #[expect(clippy::missing_errors_doc, reason = "said once, above")]
    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()>;

    /// Writes `bytes` from `offset` on. What lies between the end and `offset` becomes zeros.
    #[expect(clippy::missing_errors_doc, reason = "said once, above")]
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;

    /// Cuts it off, or fills it up with zeros.
    #[expect(clippy::missing_errors_doc, reason = "said once, above")]
    fn resize(&self, size: u64) -> io::Result<()>;

    /// Keeps what was written so far, whatever happens.
    #[expect(clippy::missing_errors_doc, reason = "said once, above")]
    fn sync(&self) -> io::Result<()>;

    /// Writes `bytes` at its end.
    #[expect(clippy::missing_errors_doc, reason = "said once, above")]
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        self.write_at(self.size()?, bytes)
    }
}
