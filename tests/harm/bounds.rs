//! What diagnostics may cost.

use std::fs;
use std::time::{Duration, Instant};

use crate::support::{cascadia, folder, stderr, stdout};

/// A scenario with so many loads whose targets are wrong, in one line or in many.
fn wrong_loads(count: usize, between: &str) -> String {
    let load = |at| format!(r#""u{at}": {{ "target": "q.e", "open": {{ "constant": "1/s" }} }}"#);
    let loads: Vec<String> = (0..count).map(load).collect();
    format!(
        r#"{{ "version": 1, "name": "x", "run": {{ "duration": "1s" }}, "services": {{ "db": {{ "endpoints": {{
  "get": [ {{ "compute": "1ms" }} ] }} }} }}, "load": {{ {} }} }}"#,
        loads.join(&format!(",{between}"))
    )
}

/// A valid one with so many services that nobody calls.
fn unused_services(count: usize) -> String {
    let service =
        |at| format!(r#""s{at}": {{ "endpoints": {{ "e": [ {{ "compute": "1ms" }} ] }} }}"#);
    let services: Vec<String> = (0..count).map(service).collect();
    format!(
        r#"{{ "version": 1, "name": "x", "run": {{ "duration": "1s" }}, "services": {{ {} }},
  "load": {{ "u": {{ "target": "s0.e", "open": {{ "constant": "1/s" }} }} }} }}"#,
        services.join(", ")
    )
}

/// A valid one with so many variants, each of which is warned of the same.
fn variants(count: usize) -> String {
    let variant =
        |at| format!(r#""v{at}": {{ "set": {{ "load.u.open.constant": "{}/s" }} }}"#, at + 1);
    let variants: Vec<String> = (0..count).map(variant).collect();
    let file = unused_services(2);
    format!(r#"{}, "variants": {{ {} }} }}"#, &file[..file.len() - 1], variants.join(", "))
}

/// What compares each with each takes minutes for so many.
const LONG: Duration = Duration::from_secs(30);

#[test]
fn thousands_of_problems_are_told_soon_and_in_a_page() {
    let folder = folder("bounds");
    let cases = [
        (wrong_loads(15_000, ""), 3),
        (wrong_loads(15_000, "\n"), 3),
        (unused_services(1_000), 0),
        (variants(4_000), 0),
    ];
    for (text, code) in cases {
        fs::write(folder.join("x.json"), text).unwrap();
        for arguments in [
            vec!["validate", "x.json"],
            vec!["validate", "x.json", "--format", "github"],
            vec!["validate", "x.json", "--format", "json"],
        ] {
            let began = Instant::now();
            let output = cascadia(&folder, &arguments);
            let took = began.elapsed();
            assert_eq!(output.status.code(), Some(code));
            assert!(took < LONG, "{took:?}: {arguments:?}");
            let told = stderr(&output).len() + stdout(&output).len();
            assert!(arguments.contains(&"json") || told < 60_000, "{told} bytes: {arguments:?}");
        }
    }
}
