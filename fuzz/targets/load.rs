//! Any bytes as a scenario file: it is read, or refused in bounded and harmless words.

#![no_main]

use cascadia::Scenario;
use libfuzzer_sys::fuzz_target;

/// More than fifty problems are counted and not shown, and a line is shown in part.
const MOST_WORDS: usize = 200_000;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let told = match Scenario::parse("fuzzed.json", &text) {
        Ok(scenario) => format!("{:?} {:?}", scenario.bill(), scenario.variants().count()),
        Err(invalid) => invalid.to_string(),
    };
    assert!(told.len() < MOST_WORDS, "{} bytes are said of {}", told.len(), bytes.len());
    let acts = |c: char| c.is_control() && c != '\n';
    assert!(!told.contains(acts), "what is in a file reaches the terminal: {told:?}");
});
