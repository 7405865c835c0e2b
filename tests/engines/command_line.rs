//! `--engine`.

use crate::support::{cascadia, folder, root, stderr, stdout};

const HERE: &str = if cfg!(madsim) { "madsim" } else { "own" };
const ELSEWHERE: &str = if cfg!(madsim) { "own" } else { "madsim" };
const FILE: &str = "scenarios/chain-vs-parallel.json";

#[test]
fn the_engine_of_the_build_is_named_where_it_is_not_the_usual_one() {
    let out = folder("engine");
    let run = ["run", FILE, "--engine", HERE, "--out", out.to_str().unwrap()];
    let output = cascadia(&root(), &run);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let result = std::fs::read_to_string(out.join("result.json")).unwrap();
    let result: serde_json::Value = serde_json::from_str(&result).unwrap();
    assert_eq!(result["engine"], HERE);
    let summary = stdout(&output);
    for named in [" · on madsim", " --engine madsim"] {
        assert_eq!(summary.contains(named), cfg!(madsim), "{summary}");
    }
}

#[test]
fn the_other_engine_needs_another_build_and_that_is_told() {
    let build = if cfg!(madsim) {
        "\n  cargo build --release\n  target/release/cascadia"
    } else {
        "\n  RUSTFLAGS=\"--cfg madsim\" cargo build --release --target-dir target/madsim\n  \
         target/madsim/release/cascadia"
    };
    for command in ["run", "check"] {
        let output = cascadia(&root(), &[command, FILE, "--engine", ELSEWHERE]);
        assert_eq!(output.status.code(), Some(2));
        let told = stderr(&output);
        let again = format!("{build} {command} {FILE} --engine {ELSEWHERE}\n");
        assert!(told.contains(&again), "{told}");
    }
    let output = cascadia(&root(), &["run", FILE, "--engine", "mad"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("own, madsim"), "{}", stderr(&output));
}
