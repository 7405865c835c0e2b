use crate::charts;
use crate::fixture;
use crate::palette;
use crate::result::{CheckStatus, ComponentResult, OutcomeKind, RunResult, SweepResult};

fn run(result: &RunResult) -> String {
    super::run(result, &charts::all(result))
}

fn sweep(result: &SweepResult) -> String {
    super::sweep(result, &charts::sweep(result))
}

/// Every element that is opened is closed, in order.
fn assert_well_formed(page: &str) {
    const VOID: [&str; 3] = ["meta", "!DOCTYPE", "br"];
    let mut open: Vec<&str> = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        let tag = &rest[start + 1..];
        let end = tag.find('>').expect("a tag ends");
        let name = tag[..end].split([' ', '/', '\n']).next().unwrap_or("");
        rest = &tag[end + 1..];
        if let Some(closed) = tag.strip_prefix('/') {
            let closed = &closed[..closed.find('>').expect("a tag ends")];
            assert_eq!(open.pop(), Some(closed), "closed out of order");
        } else if name == "script" {
            rest = &rest[rest.find("</script>").expect("scripts end") + "</script>".len()..];
        } else if !tag[..end].ends_with('/') && !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
}

#[test]
fn pages_are_well_formed_and_reproducible() {
    for page in [run(&fixture::storm()), sweep(&fixture::sweep())] {
        assert_well_formed(&page);
    }
    assert_eq!(run(&fixture::storm()), run(&fixture::storm()));
    assert_eq!(sweep(&fixture::sweep()), sweep(&fixture::sweep()));
}

#[test]
fn nothing_is_fetched() {
    for page in [run(&fixture::storm()), sweep(&fixture::sweep())] {
        let local = page.replace("xmlns=\"http://www.w3.org/2000/svg\"", "");
        for fetch in ["http:", "https:", "src=", "href=", "url(", "@import", "fetch("] {
            assert!(!local.contains(fetch), "{fetch}");
        }
    }
}

#[test]
fn everything_from_the_scenario_is_escaped() {
    const EVIL: &str = "</script><script>alert('x')</script>\"&";
    let mut result = fixture::storm();
    let evil = || EVIL.to_owned();
    result.scenario = evil();
    result.question = Some(evil());
    result.variant = Some(evil());
    result.reproduce = evil();
    result.resolved = evil();
    result.warnings = vec![evil()];
    result.checks[0].expression = format!("p99 < {EVIL}");
    result.checks[0].subject = evil();
    result.invariants[0].detail = evil();
    result.faults[0].name = evil();
    result.faults[0].description = evil();
    result.states[0].name = evil();
    let load = result.loads.remove("shoppers").expect("a load of the fixture");
    result.loads.insert(evil(), load);
    let load = result.series.loads.remove("shoppers").expect("a load of the fixture");
    result.series.loads.insert(evil(), load);
    let db = result.series.services.remove("db").expect("a service of the fixture");
    result.series.services.insert(evil(), db);
    let retry = result.policies.remove("standard.retry → orders").expect("a layer");
    result.policies.insert(evil(), retry);
    let breaker = result.policies.get_mut("standard.breaker → orders").expect("a layer");
    breaker.rejected.insert(evil(), 1);
    let mut retry = result.series.policies.remove("standard.retry → orders").expect("a layer");
    let budget = retry.levels["budget"].clone();
    retry.levels.insert(evil(), budget);
    retry.rejected.insert(evil(), vec![1; 60]);
    result.series.policies.insert(evil(), retry);
    let page = run(&result);
    assert!(!page.contains("<script>alert"));
    assert_eq!(page.matches("</script>").count(), 1);
    assert_well_formed(&page);
}

#[test]
fn the_order_is_that_of_an_analysis() {
    let result = fixture::storm();
    let page = run(&result);
    let before = [
        "<header class=\"banner failed\">",
        "--variant no-budget --seed 42",
        "<h2>Checks</h2>",
        "<h2>What happened</h2>",
    ];
    let drawn: Vec<String> =
        charts::all(&result).iter().map(|chart| format!("id=\"chart-{}\"", chart.id)).collect();
    let after = [
        "<h2>Services</h2>",
        "<h2>Components</h2>",
        "<h2>Policies</h2>",
        "<h2>Loads</h2>",
        "<h2>Errors</h2>",
        "<h2>Scenario</h2>",
        "<h2>Method</h2>",
        "<h2>Provenance</h2>",
    ];
    let order = before.into_iter().chain(drawn.iter().map(String::as_str)).chain(after);
    let places: Vec<Option<usize>> = order.map(|part| page.find(part)).collect();
    assert!(places.iter().all(Option::is_some), "{places:?}");
    assert!(places.is_sorted(), "{places:?}");
}

#[test]
fn margins_say_how_far_and_on_which_side() {
    let page = run(&fixture::storm());
    for cell in ["76.5 % beyond", "68.7 points beyond", "58 % inside", "too few samples"] {
        assert!(page.contains(&format!("<td>{cell}</td>")), "{cell}");
    }
}

#[test]
fn every_group_of_components_has_a_row_with_its_own_counts() {
    let mut result = fixture::storm();
    let rows = [("sent_alone".to_owned(), 1_234)].into();
    result.components.insert(
        "caller".to_owned(),
        ComponentResult { places: 3, rows, ..ComponentResult::default() },
    );
    let page = run(&result);
    let section = page.split_once("<h2>Components</h2>").expect("a section").1;
    let section = section.split_once("</section>").expect("it ends").0;
    for head in ["Component", "Places", "Echoed", "Sent alone"] {
        assert!(section.contains(&format!("<th scope=\"col\">{head}</th>")), "{head}");
    }
    let (caller, parrot) = section.split_once(">parrot<").expect("a row each, by name");
    let caller = caller.split_once(">caller<").expect("the first of them").1;
    let figures = "<td data-value=\"3\">3</td><td data-value=\"1234\">1 234</td><td>—</td>";
    assert!(caller.contains(figures), "in the order in which they come: {caller}");
    assert!(parrot.contains("143 952") && parrot.contains("<td>—</td>"), "{parrot}");
    result.components.clear();
    assert!(!run(&result).contains("<h2>Components</h2>"));
}

#[test]
fn every_layer_has_a_row_with_what_it_did() {
    let page = run(&fixture::storm());
    let section = page.split_once("<h2>Policies</h2>").expect("a section").1;
    let section = section.split_once("</section>").expect("it ends").0;
    for head in ["Rejected: open", "Rejected: probes taken", "Denied: budget", "Retries: 1"] {
        assert!(section.contains(&format!("<th scope=\"col\">{head}</th>")), "{head}");
    }
    assert!(section.contains("<th scope=\"row\">standard.timeout → db</th>"), "it did nothing");
    assert!(section.contains(">6 148</td>"), "{section}");
}

#[test]
fn a_sweep_shows_each_seed_and_the_worst_ones_command() {
    let page = sweep(&fixture::sweep());
    assert!(page.contains("4 of 20 seeds passed · worst seed 19"));
    assert!(page.contains("<td>8.07 % – 41.6 %</td>"));
    assert_eq!(page.matches("<tr><th scope=\"row\" data-value=").count(), 20);
}

#[test]
fn a_failed_verdict_is_not_the_colour_of_a_failed_request() {
    let page = run(&fixture::storm());
    for (variable, color) in
        [("--failed", palette::FAILED), ("--outcome-failed", OutcomeKind::Failed.color())]
    {
        assert!(page.contains(&format!("{variable}:{};", color.hex())), "{variable}");
        assert_eq!(page.matches(&format!("{variable}:")).count(), 2, "light and dark");
    }
}

#[test]
fn the_script_is_short() {
    assert!(include_str!("script.js").lines().count() <= 100);
}

#[test]
fn whose_latencies_are_those_of_few_is_told_with_those_of_all() {
    let mut result = fixture::storm();
    let said = "The latencies of shoppers are only of the 33.3 % of its requests that ended in ok. Of all, until they \
                were told: max 2 s.";
    assert!(run(&result).contains(said));
    let load = result.loads.get_mut("shoppers").expect("the fixture has this load");
    load.outcomes.insert(OutcomeKind::Ok, load.offered);
    assert!(!run(&result).contains("that ended in ok. Of all"));
}

#[test]
fn what_fell_and_the_one_cause_of_it_are_told() {
    let mut result = fixture::storm();
    let causes = |page: &str| page.matches("<p class=\"storm\">").count();
    let page = run(&result);
    assert!(page.contains("In which order: db falls at 44.0 s; db is not back before the end."));
    assert_eq!(causes(&page), 1, "the storm sustains itself, and nothing else is said");
    result.recoveries.iter_mut().for_each(|recovery| recovery.sustained = None);
    let page = run(&result);
    assert!(page.contains("db stays down until the end of the run") && causes(&page) == 1);
    result.series.services.values_mut().for_each(|service| service.useful.fill(2400));
    let page = run(&result);
    assert!(!page.contains("In which order"));
    assert!(
        page.contains("of the failures of shoppers have this cause: the timeout")
            && causes(&page) == 1
    );
    result.checks.iter_mut().for_each(|check| check.status = CheckStatus::Passed);
    assert_eq!(causes(&run(&result)), 0);
}

#[test]
fn requests_that_were_followed_have_a_picture_each() {
    let mut result = fixture::storm();
    assert_eq!(run(&result).matches("id=\"chart-waterfall-").count(), 1);
    result.exemplars.clear();
    assert!(!run(&result).contains("chart-waterfall"));
}
