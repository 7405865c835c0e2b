//! The engine that a build runs on.

use cascadia_reports::result::Engine;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::reproduce::quoted;
use crate::trouble::Trouble;

/// The engine of this build.
pub(crate) const ENGINE: Engine = if cfg!(madsim) { Engine::Madsim } else { Engine::Own };

/// Takes the name of an engine.
pub(crate) fn parser() -> impl TypedValueParser<Value = Engine> {
    let named = |name: String| {
        let found = Engine::ALL.into_iter().find(|engine| engine.name() == name);
        found.expect("only names of engines are possible")
    };
    PossibleValuesParser::new(Engine::ALL.map(Engine::name)).map(named)
}

/// Refuses an engine that this build does not have, and says how to get the build that has it.
pub(crate) fn require(wanted: Option<Engine>) -> Result<(), Trouble> {
    match wanted {
        Some(engine) if engine != ENGINE => Err(Trouble::usage(elsewhere(engine))),
        _ => Ok(()),
    }
}

fn elsewhere(engine: Engine) -> String {
    let words: Vec<String> = std::env::args().skip(1).map(|word| quoted(&word)).collect();
    let (here, build, folder) = match engine {
        Engine::Own => ("madsim", "cargo build --release", "target"),
        Engine::Madsim => (
            "its own engine",
            "RUSTFLAGS=\"--cfg madsim\" cargo build --release --target-dir target/madsim",
            "target/madsim",
        ),
    };
    format!(
        "this build runs on {here}; in the repository, build the other one and run that:\n  \
         {build}\n  {folder}/release/cascadia {}",
        words.join(" ")
    )
}
