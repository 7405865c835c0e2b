use cascadia_reports::sinks::line;
use cascadia_scenarios::{codes, explain};

use super::run::shown;
use crate::terminal::print;
use crate::trouble::Trouble;

/// `cascadia explain`.
pub(crate) fn run(code: &str) -> Result<u8, Trouble> {
    let wanted = code.to_uppercase();
    let Some(text) = explain(&wanted) else {
        let known: Vec<_> = codes().map(|(code, title)| format!("  {code}  {title}")).collect();
        let known = known.join("\n");
        return Err(Trouble::usage(format!(
            "there is no code {}; there are\n{known}\n",
            line(&wanted)
        )));
    };
    let title = codes().find(|(known, _)| *known == wanted).map_or("", |(_, title)| title);
    shown(print(&format!("{wanted}: {title}\n\n{}\n", text.trim_end())))
}
