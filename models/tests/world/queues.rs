//! Queues against closed forms.

use cascadia_models::measure::{Count, Measured};
use cascadia_models::plan::*;

use crate::world::plans::{constant, exponential, ms, plan, run, service};

/// The mean of a statistic over eight seeds and its 99 % half width.
fn over_seeds(mut plan: Plan, statistic: impl Fn(&Measured) -> f64) -> (f64, f64) {
    let values: Vec<f64> = (1..=8)
        .map(|seed| {
            plan.seed = seed;
            statistic(&run(plan.clone()))
        })
        .collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let square = values.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>();
    const T_99: f64 = 3.499;
    (mean, T_99 * libm::sqrt(square / (n - 1.0) / n))
}

fn assert_holds((mean, half): (f64, f64), exact: f64, what: &str) {
    assert!((mean - exact).abs() <= half, "{what}: {mean} ± {half}, exact {exact}");
    assert!(half < 0.05 * exact, "{what}: the interval ± {half} is too wide to mean anything");
}

fn mean_wait(measured: &Measured) -> f64 {
    measured.services[0].measured.mean_wait().unwrap() / 1e6
}

fn mean_sojourn(measured: &Measured) -> f64 {
    measured.loads[0].measured.ok.mean().unwrap() / 1e6
}

#[test]
fn exponential_work_waits_like_m_m_1() {
    let server = service("server", 1, vec![Step::Compute(exponential(1))]);
    let mut plan = plan(vec![server], Arrivals::Poisson(700.0), ms(200_000));
    plan.warmup = ms(1_000);
    assert_holds(over_seeds(plan.clone(), mean_wait), 0.7 / 0.3, "wait");
    assert_holds(over_seeds(plan, mean_sojourn), 1.0 / 0.3, "sojourn");
}

#[test]
fn constant_work_waits_half_as_long() {
    let server = service("server", 1, vec![Step::Compute(constant(1))]);
    let mut plan = plan(vec![server], Arrivals::Poisson(700.0), ms(200_000));
    plan.warmup = ms(1_000);
    assert_holds(over_seeds(plan, mean_wait), 0.7 / 0.3 / 2.0, "wait (Pollaczek and Khinchine)");
}

#[test]
fn four_workers_wait_like_erlang_c() {
    let server = service("server", 4, vec![Step::Compute(exponential(4))]);
    let mut plan = plan(vec![server], Arrivals::Poisson(800.0), ms(200_000));
    plan.warmup = ms(1_000);
    let erlang_c = 0.596_409;
    assert_holds(over_seeds(plan, mean_wait), erlang_c * 4.0 / (4.0 - 3.2), "wait");
}

#[test]
fn a_full_queue_refuses_like_m_m_1_k() {
    let mut server = service("server", 1, vec![Step::Compute(exponential(1))]);
    server.queue.capacity = Some(4);
    let mut plan = plan(vec![server], Arrivals::Poisson(900.0), ms(200_000));
    plan.warmup = ms(1_000);
    let refused = |measured: &Measured| {
        let load = &measured.loads[0].measured;
        load.outcomes[3] as f64 / load.counts[Count::Offered] as f64
    };
    let rho: f64 = 0.9;
    let sum: f64 = (0..=5).map(|n| libm::pow(rho, f64::from(n))).sum();
    assert_holds(over_seeds(plan, refused), libm::pow(rho, 5.0) / sum, "refused");
}

#[test]
fn unlimited_workers_only_delay() {
    let mut server = service("server", 1, vec![Step::Compute(exponential(50))]);
    server.workers = Workers::Unlimited;
    let mut plan = plan(vec![server], Arrivals::Poisson(1_000.0), ms(50_000));
    plan.warmup = ms(1_000);
    let present = |measured: &Measured| {
        measured.services[0].measured.in_service as f64 / ms(49_000).as_nanos() as f64
    };
    assert_holds(over_seeds(plan, present), 50.0, "requests present in M/M/∞");
}

#[test]
fn closed_clients_follow_the_machine_repair_model() {
    let server = service("server", 1, vec![Step::Compute(exponential(1))]);
    let arrivals = Arrivals::Closed { clients: 5, think: exponential(4) };
    let mut plan = plan(vec![server], arrivals, ms(100_000));
    plan.warmup = ms(1_000);
    let busy = |measured: &Measured| measured.services[0].measured.utilisation().unwrap();
    let mut terms = vec![1.0];
    for n in 1..=5 {
        terms.push(terms[n - 1] * (6 - n) as f64 / 4.0);
    }
    let exact = 1.0 - 1.0 / terms.iter().sum::<f64>();
    assert_holds(over_seeds(plan, busy), exact, "utilisation");
}
