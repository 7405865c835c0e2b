//! A place writes down what its partitions have to keep, one group after the other.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use cascadia_runtime::{Disk, Ended, File, Runtime as _};

use super::life::Alive;
use super::place::Node;
use crate::broker::kept::Kept;
use crate::broker::settings::Flush;
use crate::component::Life;

/// It writes to one of them until that is long, and then to the other one, anew.
const FILES: [&str; 2] = ["log.0", "log.1"];

/// So many groups are in a file.
const LONG: u64 = 4_096;

/// The number of a group, twice, so that a half of it is known.
const RECORD: usize = 16;

/// How long it rests when the disk does not take what it has.
const REST: Duration = Duration::from_millis(100);

/// How many groups the disk has.
pub(super) async fn read(life: &Life) -> Result<u64, Ended> {
    let disk = life.disk();
    let read = life.host().blocking(move || newest(&*disk)).await?;
    Ok(read.unwrap_or(0))
}

/// The newest group of which there is a whole record.
fn newest(disk: &dyn Disk) -> io::Result<u64> {
    let [one, other] = FILES.map(|name| last(&*disk.open(name)?));
    Ok(one?.max(other?))
}

fn last(file: &dyn File) -> io::Result<u64> {
    let mut records = file.size()? / RECORD as u64;
    while records > 0 {
        let mut record = [0; RECORD];
        file.read_at((records - 1) * RECORD as u64, &mut record)?;
        let (one, other) = record.split_at(RECORD / 2);
        if one == other && one != [0; RECORD / 2] {
            return Ok(u64::from_le_bytes(one.try_into().expect("eight bytes")));
        }
        records -= 1;
    }
    Ok(0)
}

/// The file of a group.
fn file(disk: &dyn Disk, group: u64) -> io::Result<Box<dyn File>> {
    disk.open(FILES[(group / LONG % 2) as usize])
}

/// Appends a group, behind another one that was written last.
fn append(disk: &dyn Disk, group: u64, last: u64) -> io::Result<()> {
    let to = file(disk, group)?;
    if group / LONG != last / LONG {
        // What was in it is needed until the other one is safe.
        sync(disk, last)?;
        to.resize(0)?;
    }
    let end = to.size()? / RECORD as u64 * RECORD as u64;
    let group = group.to_le_bytes();
    to.write_at(end, &[group, group].concat())
}

/// Syncs the file of a group.
fn sync(disk: &dyn Disk, group: u64) -> io::Result<()> {
    file(disk, group)?.sync()
}

impl Node {
    /// Writes what there is, and goes on as long as more comes.
    pub(super) fn write(self: &Arc<Self>) {
        let Some(life) = self.state.borrow_mut().life.clone() else { return };
        let node = Arc::clone(self);
        let task = node.write_all(life.clone());
        life.spawn(task);
    }

    async fn write_all(self: Arc<Self>, life: Life) {
        let host = life.host();
        loop {
            let mut closed = None;
            self.with_alive(|alive, kept| {
                alive.is_dirty = false;
                closed = Some((kept.close(), alive.written));
            });
            let Some(((group, upto), last)) = closed else { return };
            let always = self.plan.flush == Flush::Always;
            loop {
                let disk = life.disk();
                let written = host.blocking(move || {
                    append(&*disk, group, last)?;
                    if always { sync(&*disk, group) } else { Ok(()) }
                });
                match written.await {
                    Ok(Ok(())) => break,
                    Ok(Err(error)) => {
                        self.with_alive(|alive, _| alive.trouble = Some(error.to_string()));
                        life.sleep(REST).await;
                    }
                    Err(_) => return,
                }
            }
            if always {
                self.synced();
            }
            self.with(|alive, kept| {
                alive.trouble = None;
                alive.written = group;
                if always {
                    kept.on_safe(group);
                }
                alive.on_safe(&upto, kept);
            });
            let mut goes_on = false;
            self.with_alive(|alive, _| {
                goes_on = alive.is_dirty;
                alive.is_writing = goes_on;
            });
            if !goes_on {
                return;
            }
        }
    }

    /// Looks at the life that goes on, without doing what follows.
    pub(super) fn with_alive(&self, does: impl FnOnce(&mut Alive, &mut Kept)) {
        let alive = &mut self.state.borrow_mut().alive;
        let kept = &mut *self.kept.borrow_mut();
        if let (Some(alive), Some(kept)) = (alive, kept) {
            does(alive, kept);
        }
    }

    /// Syncs now and then, where nobody waits for that.
    pub(super) async fn sync_now_and_then(self: Arc<Self>, life: Life, every: Duration) {
        loop {
            life.sleep(every).await;
            let mut written = 0;
            self.with_alive(|alive, _| written = alive.written);
            let disk = life.disk();
            if let Ok(Ok(())) = life.host().blocking(move || sync(&*disk, written)).await {
                self.synced();
                self.with_alive(|_, kept| kept.on_safe(written));
            }
        }
    }
}
