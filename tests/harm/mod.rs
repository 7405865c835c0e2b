//! What a stranger's scenario, a stranger's repository, and another run at the same time cannot do.

mod bounds;
#[cfg(unix)]
mod folders;
#[cfg(unix)]
mod kills;
mod markers;
mod pairs;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};

/// Every file in a folder, with what it says; what is no regular file is `None`.
fn files(folder: &Path) -> BTreeMap<String, Option<String>> {
    fn walk(folder: &Path, before: &str, found: &mut BTreeMap<String, Option<String>>) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let name = format!("{before}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                walk(&entry.path(), &format!("{name}/"), found);
            } else {
                let text = kind.is_file().then(|| fs::read(entry.path()).unwrap());
                found.insert(name, text.map(|text| String::from_utf8_lossy(&text).into_owned()));
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, "", &mut found);
    found
}

/// A scenario that takes no time, with a variant that has other charts.
fn small() -> Value {
    json!({
        "version": 1, "name": "small", "run": { "duration": "2s", "seed": 1 },
        "services": { "shop": { "workers": 4, "endpoints": { "get": [ { "compute": "5ms" } ] } } },
        "policies": { "usual": [ { "limit": { "algorithm": "aimd" } } ] },
        "load": { "users": { "target": "shop.get", "policy": "usual", "open": { "constant": "100/s" } } },
        "checks": { "users": [ "ok > 10%" ] },
        "variants": { "bare": { "set": { "policies.usual": [] } } },
    })
}
