//! A consumer of a test's own, in a scenario.

use std::time::Duration;

use cascadia::{Fault, Handed, Scenario};

const SHOP: &str = r#"{
  "version": 1, "name": "own", "run": { "duration": "30s", "warmup": "0s" },
  "services": {
    "shop": { "endpoints": { "order": [{ "publish": "bus.orders" }] } },
    "desk": { "replicas": 2, "workers": 4, "consume": { "bus.orders": {
      "attempts": 3, "dead_letter": "bus.dead", "do": [{ "call": "stock" }]
    } } },
    "stock": { "workers": "unlimited", "endpoints": { "take": [{ "compute": "2ms" }] } }
  },
  "brokers": { "bus": { "topics": { "orders": {}, "dead": {} } } },
  "load": { "users": {
    "target": "shop", "open": { "constant": "20/s" }, "until": "20s", "keys": { "uniform": { "of": 10 } }
  } },
  "checks": {}
}"#;

/// What one gets who sells everything but the thing 0, and thing 1 at the second try only.
async fn sell(message: Handed) -> Result<(), Fault> {
    match (message.about, message.delivery.attempt) {
        (0, _) => Err(Fault::poison("nobody sells that")),
        (1, 1) => Err(Fault::Later(Duration::from_secs(1), "not yet".into())),
        _ => {
            message.rest(Duration::from_millis(5)).await;
            message.work().await
        }
    }
}

#[test]
fn what_it_returns_is_what_becomes_of_a_message() {
    let shop = Scenario::parse("own", SHOP).unwrap().consumer("desk", sell).unwrap();
    let results = [0, 1].map(|_| shop.run(1).unwrap().result().clone());
    assert_eq!(results[0].digest, results[1].digest);
    let rows = &results[0].components["bus.orders desk"].rows;
    assert!(rows["dead"] > 20 && rows["redelivered"] > 20, "{rows:?}");
    assert_eq!(rows["done"] + rows["dead"], rows["published"], "{rows:?}");
    assert_eq!((rows["lost"], rows["doubled"]), (0, 0), "{rows:?}");
    assert!(results[0].invariants.iter().all(|law| law.passed));
    let calm = Scenario::parse("own", SHOP).unwrap().run(1).unwrap();
    assert_eq!(calm.result().components["bus.orders desk"].rows["dead"], 0, "the steps do it");
}

#[test]
fn who_consumes_nothing_has_no_consumer() {
    for (service, what) in [("stock", "consumes nothing"), ("none", "consumes nothing")] {
        let wrong = Scenario::parse("own", SHOP).unwrap().consumer(service, sell).unwrap_err();
        assert_eq!(wrong.codes().collect::<Vec<_>>(), ["S048"]);
        assert!(wrong.to_string().contains(what), "{wrong}");
    }
}
