//! Every policy is everywhere where policies are listed.

use std::collections::BTreeSet;
use std::fs;

use cascadia_patterns::POLICIES;
use serde_json::Value;

use crate::support::root;

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

#[test]
fn the_language_has_the_layers_of_every_policy_and_no_others() {
    let schema: Value = serde_json::from_str(&text("scenarios/scenario.schema.json")).unwrap();
    let variants = schema["$defs"]["Layers"]["oneOf"].as_array().unwrap();
    let keys =
        variants.iter().flat_map(|variant| variant["properties"].as_object().unwrap().keys());
    let known: BTreeSet<&str> =
        keys.map(String::as_str).filter(|key| *key != "description").collect();
    let expected = POLICIES.iter().flat_map(|policy| policy.files().iter().copied());
    assert_eq!(known, expected.collect());
}

#[test]
fn the_tables_have_every_policy() {
    let readme = text("README.md");
    let row = readme.lines().find(|line| line.starts_with("| policy |")).unwrap();
    let tour = text("patterns/src/lib.rs");
    for policy in POLICIES {
        let name = policy.name;
        for file in policy.files() {
            assert!(row.contains(&format!("`{file}`")), "the README does not have {file}");
        }
        assert!(tour.contains(&format!("| [`{name}`] |")), "the tour does not have {name}");
        assert!(!rows(name, ELSEWHERE).is_empty(), "nobody says what {name} is elsewhere");
    }
}

/// The heads of the tables that each policy has in its documentation.
const ELSEWHERE: &str = "| here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |";
const BROKERS: &str = "| here | Kafka | RabbitMQ | JetStream | SQS | Redis Streams | MassTransit |";
const DIFFERENCES: &str = "| what | elsewhere | here | test |";

const HEAD: &str = "# What each policy is called elsewhere, and where it differs

This page is gathered from the documentation of the policies: `CASCADIA_UPDATE=1 cargo test --test
main policies` writes it anew.

Somebody who moves from another library wants to know two things: under what name the same thing is
here, and what it will do that the other did not. The first table answers the one, the second the
other; each difference names the test that shows it.
";

const BESIDE: &str = "
## Beside the way of a call

What is no policy around a call is compared with the services and libraries that do the same.
";

const BETWEEN: &str = "
### What brokers call it
";

const FOOT: &str = "
What is also here: AWS' standard retries (Smithy), the adaptive limits of Netflix'
`concurrency-limits`, CoDel as folly and Facebook have it, `governor`'s GCRA.
";

/// The rows under the head of a table in the documentation of a policy.
fn rows(policy: &str, head: &str) -> Vec<String> {
    let page = text(&format!("patterns/src/{policy}/mod.rs"));
    let lines = page.lines().map(|line| line.strip_prefix("//! ").unwrap_or_default());
    let table = lines.skip_while(|line| *line != head).take_while(|line| line.starts_with('|'));
    table.skip(2).map(str::to_owned).collect()
}

/// All rows of policies under a head.
fn table(head: &str) -> String {
    page_of(head, POLICIES.iter().flat_map(|policy| rows(policy.name, head)))
}

/// A table, without the links of the documentation.
fn page_of(head: &str, rows: impl IntoIterator<Item = String>) -> String {
    let mut table = format!("\n{head}\n{}|\n", "|---".repeat(head.matches(" | ").count() + 1));
    for row in rows {
        let mut parts = row.split("[`");
        table += parts.next().unwrap_or_default();
        for part in parts {
            let (name, rest) = part.split_once("`]").unwrap();
            let target = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
            table += &format!("`{name}`{}", target.map_or(rest, |(_, rest)| rest));
        }
        table += "\n";
    }
    table
}

/// What others do is said of whatever is no policy, too, in a table of its own.
fn others() -> String {
    let mut page = String::new();
    let mut paths = crate::tidy::sources();
    paths.sort();
    for path in paths {
        let own = path.strip_prefix(root().join("patterns/src")).ok();
        let name = own.and_then(|path| path.to_str()?.strip_suffix("/mod.rs"));
        let is_policy = |name: &str| POLICIES.iter().any(|policy| policy.name == name);
        let Some(name) = name.filter(|name| !is_policy(name)) else { continue };
        let docs = fs::read_to_string(&path).unwrap();
        let lines = docs.lines().filter_map(|line| line.strip_prefix("//! "));
        for head in lines.filter(|line| line.starts_with("| others |")) {
            page += &format!("\n### `{}`\n", name.replace('/', "::"));
            page += &page_of(head, rows(name, head));
        }
    }
    page
}

#[test]
fn the_page_of_equivalents_is_what_the_policies_say() {
    let path = root().join("docs/equivalents.md");
    let (elsewhere, differences, others) = (table(ELSEWHERE), table(DIFFERENCES), others());
    let brokers = page_of(BROKERS, rows("messaging", BROKERS));
    let page = format!(
        "{HEAD}{elsewhere}{FOOT}\n## Differences\n{differences}{BESIDE}{BETWEEN}{brokers}{others}"
    );
    if std::env::var_os("CASCADIA_UPDATE").is_some() {
        fs::write(&path, &page).unwrap();
    }
    assert!(fs::read_to_string(path).unwrap() == page, "run the tests with CASCADIA_UPDATE=1");
}

/// The rows of the tables of a page whose last column names tests.
fn naming(page: &str) -> Vec<String> {
    let (mut found, mut names) = (Vec::new(), false);
    for line in page.lines() {
        names = line.starts_with('|') && (names || line.ends_with("| test |"));
        found.extend(names.then(|| line.to_owned()));
    }
    found
}

/// The systems between which messages are, with which this is compared.
const COMPARED: [&str; 7] =
    ["Kafka", "RabbitMQ", "JetStream", "NATS", "SQS", "Redis Streams", "MassTransit"];

/// Who is called the first cell of a row that says in its last cell in what those differ, and no test.
fn unfounded(page: &str, is_test: impl Fn(&str) -> bool) -> Vec<String> {
    let (mut found, mut differ) = (Vec::new(), false);
    for line in page.lines() {
        differ = line.starts_with('|') && (differ || line.ends_with("| differ |"));
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        let [_, who, .., what, _] = cells[..] else { continue };
        let is_compared = differ && COMPARED.iter().any(|system| who.contains(system));
        let is_founded = what.is_empty() || what.split('`').any(&is_test);
        found.extend((is_compared && !is_founded).then(|| who.to_owned()));
    }
    found
}

/// Whatever is said of a system in which it differs.
#[test]
fn a_test_is_named_for_each_difference_of_brokers() {
    let sources = crate::tidy::sources();
    let code: String = sources.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let is_test = |name: &str| name.contains('_') && code.contains(&format!("fn {name}("));
    assert_eq!(unfounded(&text("docs/equivalents.md"), is_test), [""; 0]);
    let brokers = text("docs/brokers.md");
    let bare =
        naming(&brokers).into_iter().filter(|row| row.ends_with("| |") || row.ends_with("|  |"));
    assert_eq!(bare.collect::<Vec<_>>(), [""; 0]);
    let planted =
        "| others | differ |\n|---|---|\n| Kafka | nothing is shown (`no_test_at_all`) |\n";
    assert_eq!(unfounded(planted, is_test), ["Kafka"]);
}

/// What the documentation says a test shows is shown by a test.
#[test]
fn the_tests_that_are_named_exist() {
    let pages = ["docs/equivalents.md", "docs/brokers.md"].map(text);
    let rows: Vec<_> = pages.iter().flat_map(|page| naming(page)).collect();
    let cells = rows.iter().filter_map(|row| row.trim_end_matches(" |").rsplit_once("| "));
    let named: Vec<_> = cells.flat_map(|(_, cell)| cell.split('`').skip(1).step_by(2)).collect();
    assert!(named.len() > 100, "{named:?}");
    let text: String =
        crate::tidy::sources().iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    let missing: Vec<_> =
        named.into_iter().filter(|name| !text.contains(&format!("fn {name}("))).collect();
    assert_eq!(missing, [""; 0]);
}
