//! The command that repeats a run.

use std::path::Path;

use cascadia_reports::result::Engine;
use cascadia_reports::sinks::acts;

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

/// A word as a shell takes it, in letters that do nothing where they are shown.
pub(crate) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:+,@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) && !word.starts_with("::") {
        word.to_owned()
    } else if word.contains(acts) || word.contains("##") {
        let piece = |c: char| match acts(c) || c == '#' || c == '\'' || c == '\\' {
            true => c.to_string().bytes().map(|byte| format!("\\x{byte:02x}")).collect(),
            false => c.to_string(),
        };
        format!("$'{}'", word.chars().map(piece).collect::<String>())
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_with_characters_that_act_are_spelt_out() {
        assert_eq!(quoted("a\u{1b}[2J'ß\\"), r"$'a\x1b[2J\x27ß\x5c'");
        assert_eq!(quoted("##[error]"), r"$'\x23\x23[error]'");
        assert_eq!(quoted("\u{202e}b"), r"$'\xe2\x80\xaeb'");
    }

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
