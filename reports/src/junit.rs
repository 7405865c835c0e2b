//! Results as JUnit XML, for continuous integration.

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};

use crate::format;
use crate::result::{
    CheckResult, CheckStatus, CheckTally, Invariant, RunResult, SweepResult, Verdict,
};
use crate::sinks::{line, markup};
use crate::story::main_cause;

/// What becomes one test suite.
#[derive(Clone, Copy, Debug)]
pub enum Suite<'a> {
    /// One run: a test case per check and per invariant.
    Run(&'a RunResult),
    /// A sweep: a test case for its seeds, and one per check over all seeds.
    Sweep(&'a SweepResult),
}

/// A JUnit report with one suite per result.
///
/// It holds no time and no random identity, so that equal results give equal bytes. A check that
/// decides nothing is a skipped test.
pub fn to_junit<'a>(suites: impl IntoIterator<Item = Suite<'a>>) -> String {
    let mut report = Report::new("cascadia");
    for suite in suites {
        report.add_test_suite(match suite {
            Suite::Run(result) => run(result),
            Suite::Sweep(result) => sweep(result),
        });
    }
    markup(report.to_string().expect("writing to memory cannot fail"))
}

/// Whether a file that begins so is such a report.
pub fn is_junit(head: &str) -> bool {
    head.contains("<testsuites name=\"cascadia\"")
}

fn run(result: &RunResult) -> TestSuite {
    let name = suite_name(&result.scenario, result.variant.as_deref());
    let mut suite = TestSuite::new(name.as_str());
    suite.add_property(Property::new("seed", result.seed.to_string()));
    suite.add_property(Property::new("digest", result.digest.as_str()));
    suite.add_property(Property::new("reproduce", result.reproduce.as_str()));
    suite.add_test_cases(result.checks.iter().map(|check| {
        let status = check_status(check, result);
        case(&name, &format!("{} {}", check.subject, check.expression), status)
    }));
    suite.add_test_cases(
        result
            .invariants
            .iter()
            .map(|invariant| case(&name, &invariant.name, invariant_status(invariant))),
    );
    suite
}

fn sweep(result: &SweepResult) -> TestSuite {
    let name = suite_name(&result.scenario, result.variant.as_deref());
    let mut suite = TestSuite::new(name.as_str());
    let tally = &result.seeds_passed;
    let message = format!("{} of {} seeds passed", tally.passed, tally.of);
    let status = match result.verdict {
        Verdict::Passed => TestCaseStatus::success(),
        Verdict::Failed => {
            let worst = result.worst.as_ref().map_or("", |worst| worst.reproduce.as_str());
            failure(&message, &format!("Reproduce the worst seed: {worst}"))
        }
        Verdict::Inconclusive => skipped(&message),
    };
    suite.add_test_case(case(&name, "seeds", status));
    suite.add_test_cases(result.checks.iter().map(|check| {
        case(&name, &format!("{} {}", check.subject, check.expression), tally_status(check, result))
    }));
    suite
}

fn suite_name(scenario: &str, variant: Option<&str>) -> String {
    let variant = variant.map_or_else(String::new, |variant| format!("/{variant}"));
    line(&format!("{scenario}{variant}")).into_owned()
}

fn case(class: &str, name: &str, status: TestCaseStatus) -> TestCase {
    // What XML has no room for would be left out.
    let mut case = TestCase::new(&*line(name), status);
    case.set_classname(class);
    case
}

fn check_status(check: &CheckResult, result: &RunResult) -> TestCaseStatus {
    let reproduce = &result.reproduce;
    let load = result.loads.get(&check.subject);
    let why = load.and_then(|load| main_cause(&check.subject, load));
    let why = why.map_or_else(String::new, |why| format!("{}\n", line(&why)));
    let window = format::span(check.window_start_ns, check.window_end_ns);
    let message =
        format!("measured {}, bound {}, over {window}", check.measured_text, check.bound_text);
    match check.status {
        CheckStatus::Passed => TestCaseStatus::success(),
        CheckStatus::Failed => failure(&message, &format!("{why}Reproduce: {reproduce}")),
        CheckStatus::Inconclusive => skipped(&format!("{}, over {window}", check.measured_text)),
    }
}

fn invariant_status(invariant: &Invariant) -> TestCaseStatus {
    if invariant.passed {
        TestCaseStatus::success()
    } else {
        failure(&invariant.detail, "A broken invariant is a defect of the simulator.")
    }
}

/// A check of a sweep fails where the sweep does and some seed failed it.
fn tally_status(check: &CheckTally, result: &SweepResult) -> TestCaseStatus {
    let tally = &check.tally;
    let message = format!(
        "{} of {} seeds passed, {} inconclusive",
        tally.passed, tally.of, check.inconclusive
    );
    let failed = tally.of - tally.passed > check.inconclusive;
    match (failed, result.verdict) {
        (true, Verdict::Failed) => failure(&message, ""),
        _ if check.inconclusive == tally.of && tally.of > 0 => skipped(&message),
        _ => TestCaseStatus::success(),
    }
}

fn failure(message: &str, description: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(message).set_type("check").set_description(description);
    status
}

fn skipped(message: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(message);
    status
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn a_case_per_check_and_invariant() {
        let text = to_junit([Suite::Run(&fixture::storm())]);
        assert!(text.contains(
            r#"<testsuite name="retry-storm/no-budget" tests="6" skipped="1" errors="0" failures="2">"#
        ), "{text}");
        assert!(text.contains(r#"message="measured 1.41 s, bound 800 ms, over 10.0–130.0 s""#));
        assert!(text.contains("shoppers p99 &lt; 800ms"));
        for forbidden in ["timestamp", "uuid", "time="] {
            assert!(!text.contains(forbidden), "{forbidden}");
        }
        assert_eq!(text, to_junit([Suite::Run(&fixture::storm())]));
        assert!(is_junit(&text[..200]) && !is_junit("<?xml"));
    }

    #[test]
    fn a_sweep_tells_how_many_seeds() {
        let text = to_junit([Suite::Sweep(&fixture::sweep())]);
        assert!(text.contains(r#"message="4 of 20 seeds passed""#), "{text}");
        assert!(text.contains("--seed 19"));
        assert!(text.contains(r#"message="3 of 20 seeds passed, 1 inconclusive""#));
    }

    #[test]
    fn a_broken_invariant_fails() {
        let mut run = fixture::storm();
        run.invariants[0].passed = false;
        assert!(to_junit([Suite::Run(&run)]).contains(r#"failures="3""#));
    }

    #[test]
    fn names_keep_what_xml_has_no_room_for() {
        let mut run = fixture::storm();
        let load = run.loads.remove("shoppers").expect("the fixture has this load");
        run.loads.insert("tab\there".to_owned(), load);
        run.checks.iter_mut().for_each(|check| check.subject = "tab\there".to_owned());
        let text = to_junit([Suite::Run(&run)]);
        assert!(text.contains("of the failures of tab\\there have this cause"), "{text}");
        assert!(text.contains("name=\"tab\\there p99"), "{text}");
    }
}
