//! Where sentences are made: every text of the sources that puts words together.

use std::fs;
use std::path::Path;

use crate::support::root;
use crate::tidy::sources;

/// What is said of runs is said here and nowhere else.
const FOLDERS: [&str; 4] =
    ["reports/src/story", "reports/src/summary", "reports/src/page", "reports/src/junit.rs"];

/// Each of them with its file.
pub(super) fn texts() -> Vec<(String, String)> {
    let made = |path: &Path| FOLDERS.iter().any(|folder| path.starts_with(root().join(folder)));
    let is_test = |path: &Path| path.file_name().is_some_and(|name| name == "tests.rs");
    let mut found = Vec::new();
    for path in sources().iter().filter(|path| made(path) && !is_test(path)) {
        let source = fs::read_to_string(path).unwrap();
        let code = source.split("#[cfg(test)]\n").next().unwrap();
        let file = path.strip_prefix(root()).unwrap().display().to_string();
        found.extend(
            literals(code)
                .into_iter()
                .filter(|text| is_prose(text))
                .map(|text| (file.clone(), text)),
        );
    }
    found
}

/// Two words or more, or a word that is put to others; what stands in braces is none.
fn is_prose(text: &str) -> bool {
    let mut depth = 0_usize;
    let fixed = text.chars().filter(|letter| {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    });
    let fixed: String = fixed.collect();
    let has_word = fixed.split(|letter: char| !letter.is_alphabetic()).any(|word| word.len() > 1);
    has_word && fixed.contains(' ') && !fixed.contains('<')
}

/// The texts in quotes, as they are when the program runs. Those that no user sees are left out.
fn literals(code: &str) -> Vec<String> {
    let letters: Vec<char> = code.chars().collect();
    let (mut at, mut found) = (0, Vec::new());
    while at < letters.len() {
        let is_comment = letters[at] == '/' && letters.get(at + 1) == Some(&'/');
        match letters[at] {
            _ if is_comment => at += letters[at..].iter().position(|one| *one == '\n').unwrap_or(1),
            '\'' if letters.get(at + 2) == Some(&'\'') => at += 3,
            '\'' if letters.get(at + 1) == Some(&'\\') => at += 4,
            '"' => {
                let before: String = letters[at.saturating_sub(8)..at].iter().collect();
                let text = literal(&letters, &mut at);
                found.extend((!before.ends_with(".expect(")).then_some(text));
            }
            _ => at += 1,
        }
    }
    found
}

/// The text that begins with the quote at `at`, which is moved behind it.
fn literal(letters: &[char], at: &mut usize) -> String {
    let mut text = String::new();
    *at += 1;
    while letters[*at] != '"' {
        if letters[*at] != '\\' {
            text.push(letters[*at]);
            *at += 1;
            continue;
        }
        match letters[*at + 1] {
            '\n' => {
                let blank = letters[*at + 1..].iter().take_while(|one| one.is_whitespace()).count();
                *at += 1 + blank;
                continue;
            }
            'n' => text.push('\n'),
            other => text.push(other),
        }
        *at += 2;
    }
    *at += 1;
    text
}
