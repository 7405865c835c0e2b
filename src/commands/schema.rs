use super::run::shown;
use crate::cli::SchemaKind;
use crate::terminal::print;
use crate::trouble::Trouble;

/// `cascadia schema`.
pub(crate) fn run(which: SchemaKind) -> Result<u8, Trouble> {
    let schema = match which {
        SchemaKind::Scenario => cascadia_scenarios::schema(),
        SchemaKind::Results => cascadia_reports::json::schema(),
    };
    shown(print(&format!("{schema:#}\n")))
}
