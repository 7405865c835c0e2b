use std::fs;
use std::path::Path;

use cascadia_reports::sinks::line;
use cascadia_scenarios::shipped;

use super::run::shown;
use crate::cli::NewArgs;
use crate::output;
use crate::reproduce::quoted;
use crate::terminal::print;
use crate::trouble::Trouble;

/// `cascadia new`.
pub(crate) fn run(args: &NewArgs) -> Result<u8, Trouble> {
    let template = shipped::ALL.iter().find(|scenario| scenario.name == args.template);
    let Some(template) = template else {
        let names: Vec<_> = shipped::ALL.iter().map(|scenario| scenario.name).collect();
        let (name, names) = (&args.template, names.join(", "));
        return Err(Trouble::usage(format!("there is no template {name}; there are {names}")));
    };
    let path = format!("{}.json", args.name.trim_end_matches(".json"));
    let named = format!("\"name\": {}", serde_json::Value::from(stem(&path)));
    let text = template.text.replacen(&format!("\"name\": \"{}\"", template.name), &named, 1);
    let schema = "\"$schema\": \"./scenario.schema.json\",";
    let text = text.replacen(&format!("  {schema}\n"), "", 1);
    let (file, shown_path) = (Path::new(&path), line(&path));
    if !args.force && fs::symlink_metadata(file).is_ok() {
        return Err(Trouble::usage(format!(
            "{shown_path} is there already; --force overwrites it"
        )));
    }
    let written = output::may_be_written(file, |_| args.force);
    let written = written.and_then(|()| output::write(file, &text));
    written.map_err(|error| Trouble::usage(format!("cannot write {shown_path}: {error}")))?;
    shown(print(&format!("wrote {shown_path}\nnext: cascadia run {}\n", quoted(&path))))
}

fn stem(path: &str) -> String {
    Path::new(path).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
