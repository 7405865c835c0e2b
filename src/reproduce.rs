//! The command that repeats a run.

use std::path::Path;

use cascadia_reports::result::Engine;

/// A run as a command line.
pub(crate) struct Recipe<'a> {
    pub(crate) file: &'a Path,
    pub(crate) variant: Option<&'a str>,
    pub(crate) sets: &'a [String],
    pub(crate) force: bool,
    pub(crate) engine: Engine,
}

impl Recipe<'_> {
    pub(crate) fn command(&self, seed: u64) -> String {
        let mut words = vec!["cascadia run".to_owned(), quoted(&self.file.display().to_string())];
        words.push(format!("--seed {seed}"));
        words.extend(self.variant.map(|variant| format!("--variant {}", quoted(variant))));
        words.extend(self.sets.iter().map(|set| format!("--set {}", quoted(set))));
        words.extend(self.force.then(|| "--force".to_owned()));
        let other = self.engine != Engine::Own;
        words.extend(other.then(|| format!("--engine {}", self.engine.name())));
        words.join(" ")
    }
}

/// A word as a shell takes it.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:+,@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_where_a_shell_needs_it() {
        let recipe = Recipe {
            file: Path::new("my shop.json"),
            variant: Some("naive"),
            sets: &["run.duration=\"5s\"".to_owned(), "a=it's".to_owned()],
            force: false,
            engine: Engine::Own,
        };
        assert_eq!(
            recipe.command(7),
            r#"cascadia run 'my shop.json' --seed 7 --variant naive --set 'run.duration="5s"' --set 'a=it'\''s'"#
        );
    }
}
