//! What is shown of a run, line by line, by where it stands.

use std::collections::BTreeMap;

use cascadia_reports::junit::{Suite, to_junit};
use cascadia_reports::page;
use cascadia_reports::result::RunResult;
use cascadia_reports::summary::{self, Look};

/// Lines by their place: `CAUSE` of the terminal, `What happened` of the page, `junit`.
pub(super) struct Shown(BTreeMap<String, Vec<String>>);

/// The labels of the blocks of a summary begin a line.
const LABEL: usize = 12;
/// Behind these a line of the page ends.
const BLOCKS: [&str; 9] = ["/p", "/li", "/tr", "/h1", "/h2", "/h3", "/dd", "/summary", "/ul"];

impl Shown {
    pub(super) fn of(result: &RunResult) -> Self {
        let mut shown = Self(BTreeMap::new());
        shown.terminal(&summary::run(
            result,
            Look { color: false, unicode: true },
            Some("report.html"),
        ));
        shown.page(&page::run(result, &[]));
        let junit = to_junit([Suite::Run(result)]);
        junit.split("<testcase").for_each(|case| shown.add("junit", unescaped(case)));
        shown
    }

    /// The lines of a place.
    pub(super) fn lines(&self, place: &str) -> &[String] {
        self.0.get(place).map_or(&[], |lines| lines)
    }

    fn add(&mut self, place: &str, line: String) {
        self.0.entry(place.to_owned()).or_default().push(line);
    }

    fn terminal(&mut self, text: &str) {
        let mut place = "head".to_owned();
        for (at, line) in text.lines().enumerate() {
            let label: String = line.chars().take(LABEL).collect();
            let label = label.trim_end();
            let is_label =
                label.len() > 2 && label.chars().all(|letter| letter.is_ascii_uppercase());
            match label {
                _ if at > 0 && is_label => place = label.to_owned(),
                _ if line.starts_with("digest ") => place = "foot".to_owned(),
                _ => {}
            }
            let verdicts = ["PASSED", "FAILED", "INCONCLUSIVE"];
            let place = if verdicts.contains(&&*place) { "verdict" } else { &place };
            // Where a name ends with a space, that is not printed.
            self.add(place, format!("{line} "));
        }
    }

    fn page(&mut self, html: &str) {
        let (mut place, mut line) = ("banner".to_owned(), String::new());
        let body = html.split_once("<body>").map_or("", |(_, body)| body);
        let body = body.split("<script>").next().unwrap_or_default();
        for piece in body.split('<') {
            let Some((tag, text)) = piece.split_once('>') else { continue };
            let tag = tag.split(' ').next().unwrap_or_default();
            if tag == "/h2" {
                place.clone_from(&line);
            }
            if BLOCKS.contains(&tag) {
                let line = std::mem::take(&mut line);
                self.add(&place, line);
            }
            line += &unescaped(text);
        }
    }
}

fn unescaped(text: &str) -> String {
    let marks = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&apos;", "'"),
        ("&#10;", "\n"),
        ("&amp;", "&"),
    ];
    if !text.contains('&') {
        return text.to_owned();
    }
    marks.iter().fold(text.to_owned(), |text, (mark, letter)| text.replace(mark, letter))
}
