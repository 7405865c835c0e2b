//! Stores as services: what their endpoints do, as far as others can tell.

use serde_json::{Value, json};

use super::{Call, Endpoint, Law, Service, Status, Step, members, text};

/// A store. Who writes may wait for a row, and may find it changed. Where one is elected, whoever asks
/// may wait for others, and another may lead.
pub(super) fn store(name: &str, file: &Value) -> Service {
    let replicas = file["replicas"].as_u64().unwrap_or(1);
    let quorum = !file["keeps"]["quorum"].is_null();
    let elected = file["keeps"] == "elected" || !file["keeps"]["elected"].is_null();
    let law = |key: &str| Law::read(&file[key]);
    let answer = || (!file["answer"].is_null()).then(|| Step::Compute(law("answer")));
    let read = || Step::Compute(law("read"));
    let write = || Step::Compute(Law { max: None, ..law("write") });
    let endpoint = |name: &str, steps: Vec<Step>| {
        let steps = steps.into_iter().chain(answer()).collect();
        (name.to_owned(), Endpoint { steps })
    };
    let own = [("read a replica", read()), ("write a replica", write())];
    let conflict = || Step::MayFail(Status(json!(409)));
    let endpoints = if elected {
        let any = |key: &str| Step::Compute(Law { max: None, ..law(key) });
        let other = || Step::MayFail(Status(json!("UNAVAILABLE")));
        [
            endpoint("read", vec![other(), any("read")]),
            endpoint("write", vec![other(), any("write")]),
            endpoint("compare_and_set", vec![other(), any("write"), conflict()]),
            endpoint(
                "transaction",
                vec![other(), Step::Compute(Law { min: 0, max: None }), conflict()],
            ),
        ]
        .into()
    } else if quorum {
        let asked = |act: &str| {
            let endpoint = format!("{act} a replica");
            let call =
                || Call { service: name.to_owned(), endpoint: endpoint.clone(), policy: None };
            let branch = |_| vec![Step::Call(call())];
            let steps = vec![Step::Parallel((0..replicas).map(branch).collect())];
            (act.to_owned(), Endpoint { steps })
        };
        let own = own.map(|(name, step)| endpoint(name, vec![step]));
        [asked("read"), asked("write")].into_iter().chain(own).collect()
    } else {
        let unknown = || Step::Compute(Law { min: 0, max: None });
        [
            endpoint("read", vec![read()]),
            endpoint("write", vec![write()]),
            endpoint("compare_and_set", vec![write(), conflict()]),
            endpoint("transaction", vec![unknown(), conflict()]),
        ]
        .into()
    };
    let labels = members(&file["labels"]);
    let labels = labels.map(|(name, value)| (name.clone(), text(value).into_iter().collect()));
    Service {
        replicas,
        ever: replicas,
        workers: file["workers"].as_u64(),
        queue: file["queue"].clone(),
        refuses_slowly: file["refusal"].is_string(),
        on_cancel: text(&file["on_cancel"]).unwrap_or_else(|| "ignore".to_owned()),
        inbound: text(&file["inbound"]),
        labels: labels.collect(),
        endpoints,
    }
}
