use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The files of a crate by the paths of their modules, with what they import.
pub(super) struct Source(BTreeMap<Vec<String>, Vec<Use>>);

/// A name that a file imports, or re-exports.
struct Use {
    is_public: bool,
    path: Vec<String>,
}

impl Source {
    /// Reads a crate. What is only for its tests is left out: they may look at everything.
    pub(super) fn read(folder: &Path) -> Self {
        let (mut files, mut for_tests) = (BTreeMap::new(), Vec::new());
        walk(folder, &mut Vec::new(), &mut |module, text| {
            let inside = |name: &str| [module, &[name.to_owned()]].concat();
            for_tests.extend(modules_for_tests(text).map(inside));
            files.insert(module.to_vec(), uses(text));
        });
        files.retain(|module, _| !for_tests.iter().any(|folder| module.starts_with(folder)));
        Self(files)
    }

    /// Which file imports which, by the paths of their modules.
    pub(super) fn imports(&self) -> BTreeSet<(String, String)> {
        let files = self.0.iter();
        let imports = files.flat_map(|(module, uses)| {
            let own = uses.iter().filter(|used| !used.is_public);
            let targets = own.filter_map(|used| self.target(module, &used.path));
            targets.map(|target| (module.join("/"), target.join("/")))
        });
        imports.collect()
    }

    /// The module where what `module` calls `path` is written, if that is in this crate.
    fn target(&self, module: &[String], path: &[String]) -> Option<Vec<String>> {
        let ups = path.iter().take_while(|part| *part == "super").count();
        let (mut at, path) = match path.first()?.as_str() {
            "crate" => (Vec::new(), &path[1..]),
            "self" => (module.to_vec(), &path[1..]),
            "super" => (module[..module.len() - ups].to_vec(), &path[ups..]),
            _ => return None,
        };
        for name in path {
            let mut inner = at.clone();
            inner.push(name.clone());
            if !self.0.contains_key(&inner) {
                return self.re_exported(&at, name).or(Some(at));
            }
            at = inner;
        }
        Some(at)
    }

    fn re_exported(&self, module: &[String], name: &String) -> Option<Vec<String>> {
        let mut uses = self.0.get(module)?.iter().filter(|used| used.is_public);
        uses.find_map(|used| {
            let is_it = used.path.last() == Some(name) && used.path.first()? == "self";
            is_it.then(|| self.target(module, &used.path))?
        })
    }
}

/// Shows the modules of a folder with their texts.
fn walk(folder: &Path, module: &mut Vec<String>, show: &mut impl FnMut(&[String], &str)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let is_root = matches!(name.as_str(), "mod" | "lib" | "main");
        if !path.is_dir() && path.extension().is_none_or(|end| end != "rs") {
            continue;
        }
        if !is_root {
            module.push(name);
        }
        if path.is_dir() {
            walk(&path, module, show);
        } else {
            show(module, &fs::read_to_string(&path).unwrap());
        }
        if !is_root {
            module.pop();
        }
    }
}

const FOR_TESTS: &str = "#[cfg(test)]\n";

/// The modules that the text of a file has only for tests.
fn modules_for_tests(text: &str) -> impl Iterator<Item = &str> {
    let after = text.match_indices(FOR_TESTS).map(|(at, mark)| &text[at + mark.len()..]);
    after.filter_map(|text| {
        let line = text.lines().next()?.trim_start_matches("pub(crate) ");
        line.strip_prefix("mod ")?.strip_suffix(';')
    })
}

/// What the text of a file imports at its top, and not only for tests.
fn uses(text: &str) -> Vec<Use> {
    let uses = text.match_indices("use ").flat_map(|(at, word)| {
        let before = text[..at].rsplit('\n').next().unwrap_or_default();
        let for_tests = text[..at - before.len()].ends_with(FOR_TESTS);
        let is_public = before.starts_with("pub") && before.ends_with(' ');
        let tree = text[at + word.len()..].split(';').next();
        let paths = tree.filter(|_| !for_tests && (is_public || before.is_empty())).map(paths);
        paths.into_iter().flatten().map(move |path| Use { is_public, path })
    });
    uses.collect()
}

/// The paths of a tree such as `a::{b, c::d as e}`.
fn paths(tree: &str) -> Vec<Vec<String>> {
    let Some((before, branches)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default().split("::");
        return vec![path.map(|part| part.trim().to_owned()).collect()];
    };
    let (branches, _) = branches.rsplit_once('}').unwrap();
    let before: Vec<_> =
        before.split("::").map(str::trim).filter(|part| !part.is_empty()).collect();
    let mut depth = 0;
    let branches = branches.split(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        c == ',' && depth == 0
    });
    let branches = branches.filter(|branch| !branch.trim().is_empty());
    let whole =
        |rest: Vec<String>| before.iter().map(|part| (*part).to_owned()).chain(rest).collect();
    branches.flat_map(|branch| paths(branch).into_iter().map(whole)).collect()
}

#[test]
fn a_tree_is_as_many_paths_as_it_has_leaves() {
    let paths: Vec<_> =
        paths("a::{b, c::{d as e, f}}").iter().map(|path| path.join("::")).collect();
    assert_eq!(paths, ["a::b", "a::c::d", "a::c::f"]);
    let text =
        "use a::b;\npub(crate) use c;\n    use d;\n#[cfg(test)]\nuse e;\nfn reuse() { x; }\n";
    let found: Vec<_> =
        uses(text).iter().map(|used| (used.is_public, used.path.join("::"))).collect();
    assert_eq!(found, [(false, "a::b".to_owned()), (true, "c".to_owned())]);
    let modules: Vec<_> = modules_for_tests("mod a;\n#[cfg(test)]\nmod b;\nmod c;\n").collect();
    assert_eq!(modules, ["b"]);
}
