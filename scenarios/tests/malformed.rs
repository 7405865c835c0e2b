//! Malformed files and exactly what is said about them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use cascadia_scenarios::{codes, explain};

use crate::common::{self, all, with};

#[test]
fn every_malformed_file_is_explained() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/malformed");
    let entries = fs::read_dir(folder).expect("the folder exists");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    files.retain(|path| path.extension().is_some_and(|ext| ext == "json"));
    files.sort();
    assert!(files.len() >= 34);
    let mut wrong = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("it can be read");
        let problems = with(&text, &[]).expect_err(&file.display().to_string());
        let said = all(&problems);
        let expected = file.with_extension("expected");
        if std::env::var_os("CASCADIA_UPDATE").is_some() {
            fs::write(&expected, &said).expect("it can be written");
        } else if fs::read_to_string(&expected).ok().as_deref() != Some(said.as_str()) {
            wrong.push(format!("{}:\n{said}", file.display()));
        }
    }
    assert!(wrong.is_empty(), "run with CASCADIA_UPDATE=1 if this is meant:\n{}", wrong.join("\n"));
}

#[test]
fn a_million_brackets_are_refused_at_once() {
    for bracket in ["[", "{\"a\":", "[{\"a\":"] {
        let problems = with(&bracket.repeat(1_000_000), &[]).expect_err("it is too deep");
        assert_eq!(problems.diagnostics[0].code, "S002");
    }
    let problems = with(&" ".repeat(5 << 20), &[]).expect_err("it is too large");
    assert_eq!(problems.diagnostics[0].code, "S002");
    let deep = format!("a={}", "[".repeat(1_000_000));
    assert!(with(common::VALID, &[&deep]).is_err());
}

#[test]
fn every_code_is_explained_once() {
    let all: Vec<&str> = codes().map(|(code, _)| code).collect();
    assert!(all.is_sorted_by(|a, b| a < b));
    assert!(all.iter().all(|code| explain(code).is_some()));
    assert_eq!(explain("S999"), None);
}

/// A layer declares the codes that it alone reports, so one may be missing from the list.
#[test]
fn every_code_that_is_reported_is_explained() {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut reported = BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(path).unwrap();
            let words = text.split('"').filter(|word| word.len() == 4 && word.starts_with('S'));
            let codes = words.filter(|word| word[1..].bytes().all(|byte| byte.is_ascii_digit()));
            reported.extend(codes.map(str::to_owned));
        }
    }
    assert!(reported.contains("S037"), "{reported:?}");
    let unknown: Vec<_> = reported.iter().filter(|code| explain(code).is_none()).collect();
    assert_eq!(unknown, [""; 0]);
}

#[test]
fn a_fan_that_doubles_at_every_service_is_refused() {
    let service = |n: usize| {
        let call = format!("{{\"call\":\"s{}\"}}", n + 1);
        let steps = if n < 60 { format!("{call},{call}") } else { String::new() };
        format!("\"s{n}\":{{\"endpoints\":{{\"a\":[{steps}]}}}}")
    };
    let services: Vec<String> = (0..=60).map(service).collect();
    let text = format!(
        "{{\"version\":1,\"name\":\"t\",\"run\":{{\"duration\":\"1s\"}},\"services\":{{{}}},\
         \"load\":{{\"l\":{{\"target\":\"s0\",\"open\":{{\"constant\":\"1/s\"}}}}}}}}",
        services.join(",")
    );
    assert_eq!(common::codes(&text, &[]), ["S065", "S060", "S063"]);
}

#[test]
fn all_that_is_wrong_with_an_element_is_told_at_once() {
    let load = r#"load.more={"targte":"db","priority":-1,"open":{"poisson":5},"policy":3,
        "population":"x"}"#;
    let found = common::codes(common::VALID, &[load]);
    assert_eq!(found, ["S005", "S030", "S007", "S004", "S004"], "`target` is only misspelt");
    let breaker = r#"policies.standard=[{"breaker":{"failure_rate":5,"mode":"opne",
        "half_open":{"permits":1.5,"stuck":7}}}]"#;
    assert_eq!(common::codes(common::VALID, &[breaker]), ["S007", "S010", "S030", "S004"]);
}

#[test]
fn what_is_said_of_unknown_keys_is_bounded() {
    let keys: Vec<String> = (0..10_000).map(|key| format!("\"k{key}\":1")).collect();
    let set = format!("run={{\"duration\":\"60s\",{}}}", keys.join(","));
    let problems = with(common::VALID, &[&set]).expect_err("they are unknown");
    assert!(problems.diagnostics.len() < 20, "{}", problems.diagnostics.len());
}

#[test]
fn descriptions_and_null_stand_for_nothing() {
    for layer in [
        r#"{"retry":{"budget":{"description":"a tenth","ratio":"10%"}}}"#,
        r#"{"description":"as it comes","throttle":{"window":null}}"#,
        r#"{"limit":{"algorithm":{"description":"slow","aimd":{"max":null}}}}"#,
    ] {
        let set = format!("policies.standard=[{layer}]");
        let found = with(common::VALID, &[&set]);
        assert!(found.is_ok(), "{}", all(&found.expect_err("just looked at")));
    }
}
