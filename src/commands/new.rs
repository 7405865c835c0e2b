use std::fs;
use std::io::Write;
use std::path::Path;

use cascadia_scenarios::shipped;

use super::run::shown;
use crate::cli::NewArgs;
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
    let mut options = fs::OpenOptions::new();
    options.write(true).create(args.force).truncate(args.force).create_new(!args.force);
    let written = options.open(&path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Trouble::usage(format!("{path} is there already; --force overwrites it"))
        }
        _ => Trouble::usage(format!("cannot write {path}: {error}")),
    })?;
    shown(print(&format!("wrote {path}\nnext: cascadia run {path}\n")))
}

fn stem(path: &str) -> String {
    Path::new(path).file_stem().unwrap_or_default().to_string_lossy().into_owned()
}
