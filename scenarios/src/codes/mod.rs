//! The codes of all diagnostics: those that several places report, and those of layers.

mod examples;

pub use self::examples::{Example, SHOP, example};

use cascadia_models::measure::metrics::{Metric, Of};

use crate::diagnostics::Code;
use crate::layers;

macro_rules! entries {
    ($($code:literal $title:literal $text:literal;)*) => {
        const SHARED: &[Code] = &[$(Code { code: $code, title: $title, text: $text }),*];
    };
}

entries! {
    "S001" "not JSON" "A scenario is JSON. Comments and trailing commas are allowed; single quotes, bare words and missing commas are not.";
    "S002" "too large or too deep" "A file has at most 4 MiB and its brackets nest at most 64 deep.";
    "S003" "a key given twice" "An object has each key once. Elsewhere the last one would silently win.";
    "S004" "a value of the wrong shape" "Another kind of value belongs here, such as a list in place of a string.";
    "S005" "an unknown key" "Keys that nobody reads would be silently without effect, so they are refused.";
    "S006" "a missing key" "This object needs a key that has no default.";
    "S007" "a quantity without a unit" "Quantities are strings with units: \"250ms\", \"1200/s\", \"20%\". A bare number would leave open what is meant. In a check of requests a number of them is `900 requests`, or 0.";
    "S008" "a quantity that cannot be read" "Durations take ns, us, ms, s, m, h or d; rates /ms, /s, /m or /h; shares %. None is negative.";
    "S009" "not exactly one choice" "Here is a choice between several keys, of which exactly one is to be given.";
    "S010" "an unknown choice" "The word is none of those that are possible here. Of components there are the kinds that the program brings.";
    "S011" "not supported yet" "The word is known from elsewhere, but the simulator cannot do it yet.";
    "S012" "another version" "This program reads version 1 of the language.";
    "S013" "an empty part" "This part must contain at least one element.";
    "S020" "an unknown service" "The name is that of no service and no component of the file.";
    "S021" "an unknown endpoint" "The service has no endpoint of this name. \"service.endpoint\", \"service endpoint with spaces\" and, where there is only one, \"service\" are understood.";
    "S022" "an unknown policy" "The name is that of no policy of the file.";
    "S023" "an unknown fault" "The name is that of no fault of the file.";
    "S024" "an unknown party" "The name is that of no load, service or component of the file.";
    "S025" "calls in a circle" "An endpoint calls itself through others, so its requests would never end.";
    "S026" "a selector that matches nothing" "A selector is a row of conditions that all must hold: a service, a replica such as db/3, or a label such as zone=a.";
    "S027" "one name for two things" "Loads, services, components and faults are told apart by their names.";
    "S030" "a number out of range" "The number makes no sense here, such as zero workers.";
    "S031" "a policy that cannot be built" "The settings of a policy contradict each other or are out of range.";
    "S032" "a law that does not exist" "The parameters of a law of durations are out of range.";
    "S035" "a time outside the run" "Faults, loads, windows and the warm-up lie within the run.";
    "S039" "a fallback that cannot be one" "A fallback is asked once: its policy neither retries nor hedges nor falls back. In an inbound stack it calls nobody.";
    "S040" "a check that cannot be read" "A check is `metric op value [over window]`, `metric within P of baseline [over window]`, `recovered within D after FAULT` or `metastable = no`.";
    "S041" "an unknown metric" "What can be asked depends on whom it is asked of.";
    "S042" "a value of the wrong unit" "The unit of the value decides what is compared, and not every metric has every unit.";
    "S043" "a window that cannot be used" "A window is `a..b`, `during FAULT` or `after FAULT [DURATION]` and lies within what is measured: from the warm-up to the end of the run.";
    "S044" "no baseline" "The baseline is measured from the warm-up to the first fault, so there must be time between them, in which the load is there.";
    "S045" "an unknown layer" "A layer of a policy is named `policy.layer`, as in `standard.retry`, or `policy[i].layer` where there are several of the kind, counted from 0.";
    "S046" "settings of a component that cannot be" "Whoever builds the component refuses its settings.";
    "S047" "a store that cannot be" "Rows are kept by one replica. Of a quorum there are no more to be asked than there are replicas, all of them take what comes, and nothing is compared. Whoever elects who leads waits for longer than a leader is silent. Only a store is read and written.";
    "S048" "a broker that cannot do that" "What is published, consumed or kept so makes no sense, or is not of a broker: topics are named `broker.topic`.";
    "S049" "a saga that cannot be" "A saga either completes or goes back: what can fail for good comes before the pivot and has an undo. What is entered is entered in a ledger of the file. What goes by events has a topic of its own, and nobody who looks at a clock for all of it.";
    "S050" "a path that cannot be read" "Paths are written a.b, [\"POST /orders\"] and [0].";
    "S051" "a path that leads nowhere" "Every part of a path but the last must exist, and what is removed must exist.";
    "S052" "a path that is ambiguous" "Two elements of the list have this key; [i] says which is meant.";
    "S053" "an unknown variant" "The name is that of no variant of the file.";
    "S058" "a recovery that cannot be seen" "Only loads recover, from a fault that ends within the run, and nothing else may begin or end before the time is over.";
    "S060" "too many events" "What a run costs is worked out before it is made: requests, and what they cause, tries included. There may be five thousand million events; --force lifts the limit.";
    "S061" "too many replicas" "A run may have 100 000 replicas; --force lifts the limit.";
    "S062" "too long a run" "A run may last 30 days of simulated time; --force lifts the limit.";
    "S063" "too much memory" "Every caller has a copy of a stack for each replica that it calls, requests wait, and everything is measured over time. A run may take 1 GB at a time; --force lifts the limit.";
    "S064" "too much to write" "Everything is measured in up to 600 windows of time. Results may have 250 MB; --force lifts the limit.";
    "S065" "a request that becomes too many" "Calls multiply: those of a service, those of whom it calls, and each of them is tried as often as its policy allows. One request may become a million; --force lifts the limit.";
    "S080" "a service that nobody calls" "No load reaches the service, so it does nothing.";
    "S081" "more work than workers" "The rate of work times its mean is at least what all workers can do, so queues grow without bound even in calm weather.";
    "S082" "retries that multiply" "Retries at several levels multiply: three tries at three levels are 27 tries.";
    "S083" "a retry that never happens" "Only idempotent requests are retried or hedged. Names beginning with POST or PATCH are taken for not idempotent.";
    "S084" "a timeout below the work" "Half of the calls or more run into the timeout even when nothing is wrong.";
    "S085" "a hedge with nowhere to go" "A copy goes to another replica than the call before it, so a service with one replica never gets any.";
    "S086" "a shedder that never sheds" "Shedding by importance goes by how long requests wait for a worker, which only an inbound policy can see.";
    "S087" "tied copies that nobody cancels" "Of tied copies the one that begins cancels the others. A service that ignores cancellations does all of the work all the same.";
    "S088" "an inbox that forgets too early" "Who does a message once knows it again for a window of time. A message that may come again after that is done twice then.";
    "S089" "a policy that nothing passes" "No call, load, service or variant names the policy, so it changes nothing.";
    "S090" "a layer that never sees a timeout" "What is inside of a timeout is cut off with the call when that ends, and learns nothing of it. A layer that judges the server needs a timeout inside of it.";
    "S091" "an outer timeout that is too short" "An outer timeout ends first, so what is inside of it never comes to its own, or not to all of its tries.";
    "S092" "retries without a bound" "While everything fails, retries multiply the load by the number of tries. Where that is more than whoever is called can do, it keeps down what would otherwise recover. A budget bounds the retries of all calls together; a breaker ends them.";
    "S093" "a breaker outside of a bulkhead" "What a bulkhead refuses has not been to the server. A breaker outside of it is told of it all the same, and its probes may be refused.";
    "S094" "a fault without an effect" "What the fault changes is not there: work that takes no time, or latency of links that have none.";
    "S095" "a call that may wait for ever" "A machine that dies and a message that is lost answer nothing. Who waits without a timeout keeps a worker for good.";
}

/// All codes, in order.
fn all() -> Vec<&'static Code> {
    let mut all: Vec<_> = SHARED.iter().chain(layers::codes()).collect();
    all.sort_by_key(|code| code.code);
    all
}

/// What a code means, in a few sentences, with what is wrong and what is right.
pub fn explain(code: &str) -> Option<String> {
    let code = all().into_iter().find(|known| known.code == code)?;
    let text = match code.code {
        "S041" => format!("{} {}", code.text, metrics()),
        _ => code.text.to_owned(),
    };
    let indented =
        |lines: &str| lines.lines().map(|line| format!("    {line}\n")).collect::<String>();
    let shown = example(code.code).map(|Example { wrong, right }| {
        format!("\n\nWrong:\n{}\nRight:\n{}", indented(wrong), indented(right))
    });
    Some(format!("{text}{}", shown.unwrap_or_default()))
}

/// Every metric of everybody, in a sentence.
fn metrics() -> String {
    let of_each = Of::ALL.map(|of| {
        let forms: Vec<String> = of.metrics().iter().map(Metric::form).collect();
        format!("{} have {}", of.name(), forms.join(", "))
    });
    format!("Here {}.", of_each.join("; "))
}

/// Every code and its title.
pub fn codes() -> impl Iterator<Item = (&'static str, &'static str)> {
    all().into_iter().map(|code| (code.code, code.title))
}
