//! The reference page is the one that the language has.

use cascadia_scenarios::reference;

#[test]
fn the_reference_is_the_committed_one() {
    let text = reference();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/reference.md");
    if std::env::var_os("CASCADIA_UPDATE").is_some() {
        std::fs::write(path, &text).expect("it can be written");
    }
    let committed = std::fs::read_to_string(path).expect("it is committed");
    assert!(committed == text, "run the tests with CASCADIA_UPDATE=1");
}
