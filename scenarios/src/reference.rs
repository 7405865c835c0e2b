//! The reference page of the language, from the forms that read it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use cascadia_models::plan::DiskPlan;
use cascadia_patterns::call::{Class, Kind, Pushback};

use crate::checks;
use crate::decode::{Absent, Case, Decode, Field, Shape};
use crate::disciplines::Discipline;
use crate::elements::{Endpoint, Link, Run, Scenario, Service, Variant};
use crate::faults::Fault;
use crate::laws::Law;
use crate::layers::Layers;
use crate::loads::Load;
use crate::status::{FailureKind, Status};
use crate::steps::Steps;

const HEAD: &str = "# Reference of the scenario language

This page is generated from the forms that read scenario files. Every object may have a
`description`, which is for people. Quantities are strings with a unit: a duration such as
`\"250ms\"` (ns, us, ms, s, m, h, d), a rate such as `\"1200/s\"` (/ms, /s, /m, /h), a share such as
`\"20%\"`.
";

/// A title, and what may be written under it.
type Section = (&'static str, fn() -> Shape);

/// The sections, with what may be written in each.
const SECTIONS: [Section; 15] = [
    ("The file", Scenario::shape),
    ("Run", Run::shape),
    ("Services", Service::shape),
    ("Endpoints", Endpoint::shape),
    ("Steps", Steps::shape),
    ("Disciplines", Discipline::shape),
    ("Links", Link::shape),
    ("Laws", Law::shape),
    ("Loads", Load::shape),
    ("Layers", Layers::shape),
    ("Disks", DiskPlan::shape),
    ("Faults", Fault::shape),
    ("Variants", Variant::shape),
    ("Statuses", Status::shape),
    ("Kinds", FailureKind::shape),
];

/// The reference page of the language, in Markdown.
pub fn reference() -> String {
    let mut page = Page { text: HEAD.to_owned(), places: BTreeMap::new(), next: Vec::new() };
    page.places.insert("Step", "Steps".to_owned());
    for (title, shape) in SECTIONS {
        page.places.insert(shape().name(), title.to_owned());
    }
    for (title, shape) in SECTIONS {
        page.section("##", title, "", &shape());
    }
    page.kinds();
    page.text + &checks::page()
}

/// Whether another try helps, whether it speaks against the server, and whether it is overload; where
/// a code of gRPC is judged otherwise than a status of HTTP, both.
fn said(kind: Kind) -> [String; 3] {
    let of = |class| match class {
        Class::Success => ["", "", ""],
        Class::Ignore => ["", "says nothing", ""],
        Class::Failure { retryable, overload } => {
            [if retryable { "yes" } else { "no" }, "yes", if overload { "yes" } else { "" }]
        }
    };
    let (http, grpc) = (of(kind.class()), of(kind.grpc_class(Pushback::Silent)));
    let both = |at: usize| match (http[at], grpc[at]) {
        (http, grpc) if http == grpc || kind.grpc().is_empty() => http.to_owned(),
        (http, grpc) => {
            let [http, grpc] = [http, grpc].map(|said| if said.is_empty() { "no" } else { said });
            format!("{http}; gRPC: {grpc}")
        }
    };
    [both(0), both(1), both(2)]
}

/// A page while it is written.
struct Page {
    text: String,
    /// The titles under which named shapes stand.
    places: BTreeMap<&'static str, String>,
    /// What was mentioned and must still be described, by the path of its first mention.
    next: Vec<(String, Shape)>,
}

impl Page {
    /// What may be written, and then what it mentions.
    fn section(&mut self, level: &str, title: &str, path: &str, shape: &Shape) {
        self.add(format_args!("\n{level} {title}\n"));
        let about = shape.about().trim();
        if !about.is_empty() {
            self.add(format_args!("\n{about}\n"));
        }
        if let Shape::Any(def) = shape {
            let takes = self.any(path, &(def.parts)(), true);
            self.add(format_args!("\nWritten as {takes}.\n"));
        }
        self.tables(path, shape);
        for (path, shape) in std::mem::take(&mut self.next) {
            self.section("###", &format!("`{path}`"), &path, &shape);
        }
    }

    /// What every kind of answer says to those who judge.
    fn kinds(&mut self) {
        self.add(format_args!(
            "\n| kind | HTTP | gRPC | another try helps | against the server | overload | a cache may keep it | meaning |\n|---|---|---|---|---|---|---|---|\n"
        ));
        let list = |codes: &[u32]| codes.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
        for kind in Kind::ALL {
            let http: Vec<u32> = kind.http().iter().map(|status| u32::from(*status)).collect();
            let [again, against, overload] = said(kind);
            let kept = if kind.is_cacheable() { "yes" } else { "" };
            let (http, grpc) = (list(&http), list(kind.grpc()));
            let name = format!("`{}`", kind.name());
            self.row(&[&name, &http, &grpc, &again, &against, &overload, kept, kind.help()]);
        }
    }

    fn add(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = self.text.write_fmt(text);
    }

    fn tables(&mut self, path: &str, shape: &Shape) {
        match shape {
            Shape::Object(def) => self.fields(path, &(def.parts)()),
            Shape::Choice(def) => self.cases(path, &(def.parts)()),
            Shape::Any(def) => {
                let mut here = (def.parts)();
                here.retain(|shape| !self.places.contains_key(shape.name()));
                here.iter().for_each(|shape| self.tables(path, shape));
            }
            _ => {}
        }
    }

    fn fields(&mut self, path: &str, fields: &[Field]) {
        if fields.is_empty() {
            return;
        }
        self.add(format_args!("\n| key | takes | default | meaning |\n|---|---|---|---|\n"));
        for Field { key, about, shape, absent } in fields {
            let takes = self.takes(&below(path, key), shape, false);
            let default = match absent {
                Absent::Wrong => "must be given",
                Absent::Means(text) => text,
                Absent::Defaults => "all defaults",
                Absent::Another => "exactly one of these",
            };
            let words = words(shape);
            let about = about.trim();
            self.row(&[&format!("`{key}`"), &takes, default, &format!("{about}{words}")]);
        }
    }

    fn cases(&mut self, path: &str, cases: &[Case]) {
        self.add(format_args!("\n| key | takes | meaning |\n|---|---|---|\n"));
        for Case { key, about, word, under } in cases {
            let alone = word.then(|| "the word alone".to_owned());
            let under = under.as_ref();
            let takes = under.map(|under| self.takes(&below(path, key), under, false));
            let takes: Vec<String> = alone.into_iter().chain(takes).collect();
            let words = under.map(words).unwrap_or_default();
            let about = about.trim();
            self.row(&[&format!("`{key}`"), &takes.join(" or "), &format!("{about}{words}")]);
        }
    }

    fn row(&mut self, cells: &[&str]) {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        self.add(format_args!("| {} |\n", cells.join(" | ")));
    }

    /// What may be written, in a few words. What they do not say is described elsewhere, unless it
    /// is described `here`.
    fn takes(&mut self, path: &str, shape: &Shape, here: bool) -> String {
        let is_elsewhere = self.places.contains_key(shape.name());
        match shape {
            Shape::Anything => "any value".to_owned(),
            Shape::Flag => "true or false".to_owned(),
            Shape::Text => "text".to_owned(),
            Shape::Number => "a number".to_owned(),
            Shape::Whole { .. } => "a whole number".to_owned(),
            Shape::Quantity(quantity) => format!("a {}", quantity.name.to_lowercase()),
            Shape::List(items) => format!("a list of: {}", self.takes(path, &items(), here)),
            Shape::Map(values) => {
                format!("names, each with: {}", self.takes(&below(path, "*"), &values(), here))
            }
            Shape::Choice(def) if (def.parts)().iter().all(|case| case.under.is_none()) => {
                let words = (def.parts)();
                let words: Vec<String> =
                    words.iter().map(|case| format!("`\"{}\"`", case.key)).collect();
                words.join(", ")
            }
            Shape::Any(_) if is_elsewhere && !here => self.link(path, shape),
            Shape::Any(def) if is_plain(shape) || here && !is_elsewhere => {
                self.any(path, &(def.parts)(), here)
            }
            Shape::Object(_) | Shape::Choice(_) if here && !is_elsewhere => "an object".to_owned(),
            Shape::Object(_) | Shape::Choice(_) | Shape::Any(_) => self.link(path, shape),
        }
    }

    fn any(&mut self, path: &str, shapes: &[Shape], here: bool) -> String {
        let takes = shapes.iter().map(|shape| self.takes(path, shape, here));
        takes.collect::<Vec<_>>().join(" or ")
    }

    fn link(&mut self, path: &str, shape: &Shape) -> String {
        let title = match self.places.get(shape.name()) {
            Some(title) => title.clone(),
            None => {
                let title = format!("`{path}`");
                self.places.insert(shape.name(), title.clone());
                self.next.push((path.to_owned(), *shape));
                title
            }
        };
        let anchor = title.to_lowercase().replace(' ', "-");
        let anchor: String = anchor.chars().filter(|c| !matches!(c, '`' | '.' | '*')).collect();
        format!("[{title}](#{anchor})")
    }
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Whether a few words say all of a shape.
fn is_plain(shape: &Shape) -> bool {
    match shape {
        Shape::Object(_) => false,
        Shape::Choice(def) => (def.parts)().iter().all(|case| case.under.is_none()),
        Shape::Any(def) => (def.parts)().iter().all(is_plain),
        Shape::List(items) | Shape::Map(items) => is_plain(&items()),
        _ => true,
    }
}

/// What the words of a choice of words mean.
fn words(shape: &Shape) -> String {
    let mut text = String::new();
    match shape {
        Shape::Choice(def) if is_plain(shape) => {
            let cases = (def.parts)().into_iter();
            for Case { key, about, .. } in cases.filter(|case| !case.about.trim().is_empty()) {
                text += &format!(" `{key}`: {}", about.trim());
            }
        }
        Shape::Any(def) => text.extend((def.parts)().iter().map(words)),
        _ => {}
    }
    text
}
