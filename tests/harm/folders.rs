//! Folders that somebody else has made.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::{files, small};
use crate::support::{cascadia, folder, stderr, stdout};

/// A checked-out folder, and beside it what must not be touched.
fn checked_out(name: &str) -> (PathBuf, PathBuf) {
    let folder = folder(name);
    let (outside, inside) = (folder.join("outside"), folder.join("inside"));
    fs::create_dir_all(outside.join("folder")).unwrap();
    fs::create_dir_all(&inside).unwrap();
    fs::write(outside.join("victim"), "mine").unwrap();
    fs::write(outside.join("folder/report.html"), "mine").unwrap();
    fs::write(inside.join("small.json"), small().to_string()).unwrap();
    (outside, inside)
}

fn link(target: &str, at: &Path) {
    fs::create_dir_all(at.parent().unwrap()).unwrap();
    symlink(target, at).unwrap();
}

#[test]
fn nothing_is_written_through_a_link() {
    let results = ["result.json", "report.html", "summary.csv", "charts/goodput.svg", ".writable"];
    let in_results = results.map(|name| format!("cascadia-out/small-1/{name}"));
    let others = ["cascadia-out/small-1/charts", "cascadia-out/small-1", "cascadia-out"];
    let places = in_results.iter().map(String::as_str).chain(others);
    for place in places {
        for target in ["victim", "folder", "nowhere", "new/folder"] {
            let (outside, inside) = checked_out("links");
            let before = files(&outside);
            let up = "../".repeat(place.matches('/').count() + 1);
            link(&format!("{up}outside/{target}"), &inside.join(place));
            let output = cascadia(&inside, &["run", "small.json"]);
            let told = stderr(&output);
            assert_eq!(output.status.code(), Some(2), "{place} → {target}: {told}");
            assert!(told.contains("cannot write") && told.contains("--out DIR"), "{told}");
            assert_eq!(files(&outside), before, "{place} → {target}");
        }
    }
}

#[test]
fn links_with_names_of_temporaries_lead_nowhere() {
    let (outside, inside) = checked_out("temporaries");
    let before = files(&outside);
    let out = inside.join("cascadia-out");
    for number in 0..50 {
        link("../../outside/victim", &out.join(format!(".cascadia-{number}-0.partial")));
    }
    link("../../outside/folder", &out.join("latest"));
    link("../outside/folder", &inside.join(".small-1.partial"));
    let output = cascadia(&inside, &["run", "small.json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(files(&outside), before);
    let latest = fs::read_link(out.join("latest")).unwrap();
    assert_eq!(latest, Path::new("../../outside/folder"), "a link that is not ours stays");
}

#[test]
fn other_files_of_a_folder_are_not_lost() {
    for (name, is_folder) in
        [("notes.txt", false), ("charts/notes.txt", false), ("result.json", true)]
    {
        let (_, inside) = checked_out("others");
        let path = inside.join("out").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        match is_folder {
            true => fs::create_dir(&path).unwrap(),
            false => fs::write(&path, "mine").unwrap(),
        }
        let before = files(&inside);
        let output = cascadia(&inside, &["run", "small.json", "--out", "out"]);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains("would be lost"), "{}", stderr(&output));
        assert_eq!(files(&inside), before);
    }
    for out in [".", "..", "/", "small.json", "out/.."] {
        let (_, inside) = checked_out("others");
        let output = cascadia(&inside, &["run", "small.json", "--out", out]);
        assert_eq!(output.status.code(), Some(2), "{out}");
        assert!(stderr(&output).contains("cannot write"), "{}", stderr(&output));
    }
}

#[test]
fn a_report_replaces_nothing_but_a_report() {
    for place in ["junit.xml", "reports/junit.xml"] {
        let (outside, inside) = checked_out("junit");
        let arguments = ["check", "small.json", "--junit", place];
        for _ in 0..2 {
            let output = cascadia(&inside, &arguments);
            assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
            let report = fs::read_to_string(inside.join(place)).unwrap();
            assert!(report.ends_with("</testsuites>\n"), "{report}");
        }
        let path = inside.join(place);
        let before = files(&outside);
        let refused = |what: &str| {
            let output = cascadia(&inside, &arguments);
            assert_eq!(output.status.code(), Some(2), "{what}");
            assert!(stderr(&output).contains("cannot write"), "{}", stderr(&output));
            assert_eq!(stdout(&output), "", "nothing is run");
            assert_eq!(files(&outside), before, "{what}");
        };
        fs::write(&path, "<?xml version=\"1.0\"?><mine/>").unwrap();
        refused("a file of mine");
        assert!(fs::read_to_string(&path).unwrap().contains("mine"));
        for target in ["/dev/null", "/dev/stdout", "nowhere"] {
            fs::remove_file(&path).unwrap();
            symlink(target, &path).unwrap();
            refused(target);
            assert!(path.is_symlink());
        }
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        refused("a folder");
    }
    let (_, inside) = checked_out("junit");
    for device in ["/dev/null", "/dev/full", "/dev/stdout", "/dev/tty"] {
        let output = cascadia(&inside, &["check", "small.json", "--junit", device]);
        assert_eq!(output.status.code(), Some(2), "{device}");
    }
}

#[test]
fn a_starter_replaces_only_what_it_is_told_to() {
    let (outside, inside) = checked_out("starter");
    let before = files(&outside);
    symlink("../outside/victim", inside.join("shop.json")).unwrap();
    symlink("../outside/nowhere", inside.join("other.json")).unwrap();
    for arguments in [vec!["new", "shop"], vec!["new", "shop", "--force"], vec!["new", "other"]] {
        assert_eq!(cascadia(&inside, &arguments).status.code(), Some(2), "{arguments:?}");
        assert_eq!(files(&outside), before);
    }
    fs::write(inside.join("mine.json"), "mine").unwrap();
    assert_eq!(cascadia(&inside, &["new", "mine"]).status.code(), Some(2));
    assert_eq!(fs::read_to_string(inside.join("mine.json")).unwrap(), "mine");
    assert_eq!(cascadia(&inside, &["new", "mine", "--force"]).status.code(), Some(0));
}

#[test]
fn what_a_link_leads_to_is_not_quoted() {
    let (outside, inside) = checked_out("quoted");
    let secrets = ["root:secret:0:0\nother:secret", "{ \"secret\": 1 }", "[\"secret\"]", "secret"];
    for secret in secrets {
        fs::write(outside.join("victim"), secret).unwrap();
        let _ = fs::remove_file(inside.join("linked.json"));
        symlink("../outside/victim", inside.join("linked.json")).unwrap();
        for command in [
            vec!["run", "linked.json"],
            vec!["check", "linked.json"],
            vec!["validate", "linked.json"],
            vec!["validate", "linked.json", "--format", "json"],
            vec!["validate", "linked.json", "--format", "github"],
        ] {
            let output = cascadia(&inside, &command);
            assert_eq!(output.status.code(), Some(3), "{command:?}");
            let told = stderr(&output) + &stdout(&output);
            assert!(!told.contains("secret") && told.contains("symbolic link"), "{told}");
        }
    }
}

#[test]
fn what_is_no_regular_file_is_not_read() {
    let (_, inside) = checked_out("devices");
    symlink("/dev/zero", inside.join("zero.json")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(inside.join("pipe.json")).status();
    assert!(made.is_ok_and(|made| made.success()));
    let sparse = fs::File::create(inside.join("sparse.json")).unwrap();
    sparse.set_len(1 << 40).unwrap();
    for (name, code) in [("zero.json", 2), ("pipe.json", 2), ("/dev/zero", 2), ("sparse.json", 3)] {
        for command in ["run", "check", "validate"] {
            let output = cascadia(&inside, &[command, name]);
            let told = stderr(&output);
            assert_eq!(output.status.code(), Some(code), "{command} {name}: {told}");
            assert!(told.contains(name) && told.len() < 500, "{told}");
        }
    }
}
