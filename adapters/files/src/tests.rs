use std::io::ErrorKind;
use std::path::PathBuf;
use std::{env, fs, process};

use cascadia_runtime::{Disk, MemoryDisk};

use super::Files;

/// A folder that is gone when the test is over.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let path = env::temp_dir().join(format!("cascadia-files-{}-{name}", process::id()));
        let _ = fs::remove_dir_all(&path);
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What any disk does: this runs on the one in memory as well.
fn behaves(disk: &dyn Disk) {
    assert!(disk.names().unwrap().is_empty());
    let file = disk.open("b").unwrap();
    assert_eq!(file.size().unwrap(), 0);
    file.append(b"abc").unwrap();
    file.write_at(5, b"f").unwrap();
    file.sync().unwrap();
    let mut bytes = [9; 6];
    disk.open("b").unwrap().read_at(0, &mut bytes).unwrap();
    assert_eq!(bytes, *b"abc\0\0f");
    assert_eq!(file.read_at(1, &mut bytes).unwrap_err().kind(), ErrorKind::UnexpectedEof);
    file.resize(2).unwrap();
    file.resize(4).unwrap();
    file.read_at(0, &mut bytes[..4]).unwrap();
    assert_eq!(bytes[..4], *b"ab\0\0");
    drop(disk.open("a").unwrap());
    assert_eq!(disk.names().unwrap(), ["a", "b"]);
    disk.remove("b").unwrap();
    disk.remove("b").unwrap();
    assert_eq!(disk.names().unwrap(), ["a"]);
    assert_eq!(disk.open("b").unwrap().size().unwrap(), 0);
}

#[test]
fn it_is_a_disk_like_the_one_in_memory() {
    let scratch = Scratch::new("disk");
    behaves(&Files::open(&scratch.0).unwrap());
    behaves(&MemoryDisk::new(1 << 20));
}

#[test]
fn what_is_in_it_is_there_when_it_is_opened_again() {
    let scratch = Scratch::new("again");
    Files::open(&scratch.0).unwrap().open("a").unwrap().append(b"kept").unwrap();
    assert_eq!(Files::open(&scratch.0).unwrap().open("a").unwrap().size().unwrap(), 4);
}

#[test]
fn one_at_a_time_has_the_folder() {
    let scratch = Scratch::new("lock");
    let first = Files::open(&scratch.0).unwrap();
    assert_eq!(Files::open(&scratch.0).unwrap_err().kind(), ErrorKind::ResourceBusy);
    let file = first.open("a").unwrap();
    drop(first);
    assert_eq!(Files::open(&scratch.0).unwrap_err().kind(), ErrorKind::ResourceBusy);
    drop(file);
    assert!(Files::open(&scratch.0).is_ok());
}

#[test]
fn no_name_leads_out_of_the_folder() {
    let scratch = Scratch::new("names");
    let outside = Scratch::new("outside");
    fs::create_dir_all(&outside.0).unwrap();
    fs::write(outside.0.join("secret"), "untouched").unwrap();
    let files = Files::open(&scratch.0).unwrap();
    let long = "x".repeat(256);
    let target = outside.0.join("secret");
    for name in ["", ".", "..", "../secret", "a/b", "a\\b", "a\0b", "/etc/passwd", &long] {
        assert_eq!(files.open(name).unwrap_err().kind(), ErrorKind::InvalidInput, "{name:?}");
        assert_eq!(files.remove(name).unwrap_err().kind(), ErrorKind::InvalidInput, "{name:?}");
    }
    std::os::unix::fs::symlink(&target, scratch.0.join("link")).unwrap();
    std::os::unix::fs::symlink(outside.0.join("new"), scratch.0.join("dangling")).unwrap();
    fs::create_dir(scratch.0.join("folder")).unwrap();
    for name in ["link", "dangling", "folder"] {
        assert_eq!(files.open(name).unwrap_err().kind(), ErrorKind::InvalidInput, "{name}");
        assert!(files.remove(name).is_err(), "{name}");
    }
    assert!(files.names().unwrap().is_empty());
    assert_eq!(fs::read_to_string(target).unwrap(), "untouched");
    assert!(!outside.0.join("new").exists());
}
