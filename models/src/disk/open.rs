use std::io;
use std::sync::Arc;

use cascadia_runtime::{Disk, File};

use super::drive::{Act, Drive};

/// A disk, as one life uses it.
#[derive(Clone, Debug)]
struct Access {
    drive: Arc<Drive>,
    life: u64,
}

impl Drive {
    /// It, for the life that goes on.
    pub(crate) fn open(self: &Arc<Self>) -> Arc<dyn Disk> {
        Arc::new(Access { drive: Arc::clone(self), life: self.lives() })
    }
}

impl Disk for Access {
    fn open(&self, name: &str) -> io::Result<Box<dyn File>> {
        self.drive.at_once(self.life, |platter| platter.open(name))?;
        Ok(Box::new(Open { access: self.clone(), name: name.to_owned() }))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.drive.at_once(self.life, |platter| platter.remove(name))
    }

    fn names(&self) -> io::Result<Vec<String>> {
        self.drive.at_once(self.life, |platter| platter.names())
    }
}

/// A file, held open in one life.
#[derive(Debug)]
struct Open {
    access: Access,
    name: String,
}

impl File for Open {
    fn size(&self) -> io::Result<u64> {
        let Access { drive, life } = &self.access;
        let size = drive.at_once(*life, |platter| platter.bytes(&self.name).map(<[u8]>::len));
        size?.map(|size| size as u64)
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> io::Result<()> {
        let Access { drive, life } = &self.access;
        let act = Act::Read(bytes.len());
        drive.act(*life, act, |platter, _| platter.read(&self.name, offset, bytes))
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let Access { drive, life } = &self.access;
        let act = Act::Write(bytes.len());
        drive.act(*life, act, |platter, done| platter.write(&self.name, offset, bytes, done))
    }

    fn resize(&self, size: u64) -> io::Result<()> {
        let Access { drive, life } = &self.access;
        let act = Act::Write(0);
        drive.act(*life, act, |platter, done| platter.resize(&self.name, size, done))
    }

    fn sync(&self) -> io::Result<()> {
        let Access { drive, life } = &self.access;
        drive.act(*life, Act::Sync, |platter, done| platter.sync(&self.name, done))
    }
}
