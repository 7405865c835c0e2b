//! Retries around retries, and around a balancer.

use std::sync::Arc;

use cascadia_runtime::Runtime;

use crate::balance::{BalanceConfig, BalanceKind, BalanceLayer};
use crate::call::Failure;
use crate::endpoints::{Endpoint, SetChange};
use crate::retry::{Backoff, RetryConfig, RetryLayer};
use crate::testing::{Server, Step, TestCall, TestWorld, at, env, key, ms, safe};

fn tries(attempts: u16) -> RetryConfig {
    RetryConfig { attempts, backoff: Backoff::None, ..RetryConfig::default() }
}

fn retry(config: RetryConfig, inner: TestCall) -> TestCall {
    RetryLayer::new(config, env(TestWorld::new(), &Arc::default()), inner)
}

#[tokio::test(start_paused = true)]
async fn no_two_tries_of_a_request_are_called_the_same() {
    let server = Server::new(TestWorld::new(), &[Step::Fail]);
    let layer = retry(tries(2), retry(tries(3), retry(tries(1), server.clone())));
    assert_eq!(layer.call(safe()).await, Err(Failure::Service("down")));
    let seen: Vec<_> = server.seen().iter().map(|context| context.attempt.number).collect();
    assert_eq!(seen, [0, 1, 2, 3, 4, 5]);
}

/// How often each of some endpoints was asked by a call whose first endpoints fail.
async fn asked(kind: BalanceKind, endpoints: usize, config: RetryConfig) -> Vec<usize> {
    let world = TestWorld::new();
    let servers: Vec<_> = (0..endpoints).map(|_| Server::new(world, &[Step::Fail])).collect();
    let routes = servers.iter().map(|server| Arc::clone(server) as TestCall).collect();
    let balance = BalanceLayer::new(BalanceConfig { kind }, env(world, &Arc::default()), routes);
    let _ = retry(config, balance).call(safe()).await;
    servers.iter().map(|server| server.seen().len()).collect()
}

#[tokio::test(start_paused = true)]
async fn another_try_goes_to_another_endpoint_by_every_rule() {
    for kind in [
        BalanceKind::RoundRobin,
        BalanceKind::Random,
        BalanceKind::LeastConnections,
        BalanceKind::P2c,
    ] {
        assert_eq!(asked(kind, 4, tries(4)).await, [1; 4], "{kind:?}");
        let mut two = asked(kind, 2, tries(5)).await;
        two.sort_unstable();
        assert_eq!(two, [2, 3], "{kind:?}: they take turns where there are no others");
    }
}

#[tokio::test(start_paused = true)]
async fn it_does_not_where_that_is_not_asked_for() {
    let here = RetryConfig { elsewhere: false, ..tries(64) };
    let asked = asked(BalanceKind::Random, 64, here).await;
    assert!(asked.contains(&0), "64 draws from 64 endpoints miss one, or they are no draws");
}

/// The endpoint that a try has failed at leaves, and another takes its position: that one has not
/// been tried, while the one that was tried and stays has.
#[tokio::test(start_paused = true)]
async fn a_retry_knows_by_name_where_it_was_though_endpoints_leave_and_join() {
    let world = TestWorld::new();
    let servers = [(); 3].map(|()| Server::new(world, &[Step::Fail]));
    let [first, second, late] = servers.each_ref().map(|server| Arc::clone(server) as TestCall);
    let kind = BalanceConfig { kind: BalanceKind::LeastConnections };
    let routes = vec![first, second];
    let balance = BalanceLayer::new(kind, env(world, &Arc::default()), routes);
    let config = RetryConfig { backoff: Backoff::Fixed { delay: ms(10) }, ..tries(3) };
    let call = tokio::spawn(retry(config, balance.clone()).call(safe()));
    world.sleep_until(at(15)).await;
    assert_eq!([0, 1].map(|server| servers[server].seen().len()), [1, 1], "both were tried");
    balance.change(SetChange::Leave(key(0)));
    balance.change(SetChange::Join { endpoint: Endpoint::new(key(2)), way: late });
    assert_eq!(call.await.unwrap(), Err(Failure::Service("down")));
    assert_eq!(servers.map(|server| server.seen().len()), [1, 1, 1]);
    assert_eq!(balance.outstanding(), [0, 0]);
}
