//! What each policy is called elsewhere, and where it differs.
//!
//! Somebody who moves from another library wants to know two things: under what name the same thing
//! is here, and what it will do that the other did not. The first table answers the one, the second
//! the other; each difference names the test that shows it, and the gate sees that it exists.
//!
//! | here | in a scenario | Envoy | resilience4j | Polly | gRPC | Finagle |
//! |---|---|---|---|---|---|---|
//! | [`BreakerLayer`](crate::breaker::BreakerLayer) | `breaker` | | `CircuitBreaker` | `CircuitBreaker` | | `FailureAccrual` |
//! | [`DocumentLayer`](crate::breaker::document::DocumentLayer) | `breaker: "document"` | | | | | |
//! | [`OutlierLayer`](crate::outlier::OutlierLayer) | `outlier` | `outlier_detection` | | | A50 `outlier_detection` | `FailureAccrual` |
//! | [`ThrottleLayer`](crate::throttle::ThrottleLayer) | `throttle` | `admission_control` | | | | `NackAdmissionFilter` |
//! | [`RetryLayer`](crate::retry::RetryLayer) | `retry` | `retry_policy` | `Retry` | `Retry` | A6 `retryPolicy` | `RetryFilter` |
//! | [`Budget::Ratio`](crate::retry::Budget::Ratio) | `retry.budget` | | | | | `RetryBudget` |
//! | [`Budget::Tokens`](crate::retry::Budget::Tokens) | `retry.budget.tokens` | | | | A6 `retryThrottling` | |
//! | [`Budget::Concurrent`](crate::retry::Budget::Concurrent) | `retry.budget.concurrent` | `retry_budget`, `max_retries` | | | | |
//! | [`Budget::Aws`](crate::retry::Budget::Aws) | `retry.budget.aws` | | | | | |
//! | [`TimeoutLayer`](crate::timeout::TimeoutLayer) | `timeout` | `timeout`, `per_try_timeout` | `TimeLimiter` | `Timeout` | deadline | `TimeoutFilter` |
//! | [`dial_within`](crate::timeout::dial_within), [`Timed`](crate::timeout::Timed) | `timeout.connect`, `timeout.read` | `connect_timeout`, `stream_idle_timeout` | | | | `connectTimeout`, `readTimeout` |
//! | [`DeadlineLayer`](crate::deadline::DeadlineLayer) | `deadline` | | | | `grpc-timeout` at a server | `DeadlineFilter` |
//! | [`BulkheadLayer::new`](crate::bulkhead::BulkheadLayer::new) | `bulkhead` | `circuit_breakers.max_requests` | `SemaphoreBulkhead` | `ConcurrencyLimiter` | `max_concurrent_streams` | `RequestSemaphoreFilter` |
//! | [`BulkheadLayer::pool`](crate::bulkhead::BulkheadLayer::pool) | `thread_pool` | | `ThreadPoolBulkhead` | | | |
//! | [`BulkheadLayer::keyed`](crate::bulkhead::BulkheadLayer::keyed) | `bulkhead.per` | | | `PartitionedRateLimiter` | | |
//! | [`LimitLayer`](crate::limit::LimitLayer) | `limit` | `adaptive_concurrency` | | | | |
//! | [`RateLimitLayer`](crate::rate_limit::RateLimitLayer) | `rate_limit` | `local_ratelimit` | `RateLimiter` | `RateLimiter` | | `RateLimitingFilter` |
//! | [`QueueLayer`](crate::shed::QueueLayer) | `shed.queue` | `circuit_breakers.max_pending_requests` | | | | `RequestSemaphoreFilter` |
//! | [`DagorLayer`](crate::shed::DagorLayer) | `shed.dagor` | overload manager | | | | |
//! | [`HedgeLayer`](crate::hedge::HedgeLayer) | `hedge` | `hedge_policy` | | `Hedging` | A6 `hedgingPolicy` | `BackupRequestFilter` |
//! | [`FallbackLayer`](crate::fallback::FallbackLayer) | `fallback` | | `recover` | `Fallback` | | |
//! | [`SingleflightLayer`](crate::singleflight::SingleflightLayer) | `singleflight` | | | | | |
//! | [`BalanceLayer`](crate::balance::BalanceLayer) | `balance` | `lb_policy` | | | `round_robin` | `Balancers` |
//! | [`trace`](crate::trace) | always on | `tracing`, `x-request-id` | | | | `Trace` |
//!
//! What is also here: AWS' standard retries (Smithy), the adaptive limits of Netflix'
//! `concurrency-limits`, CoDel as folly and Facebook have it, `governor`'s GCRA.
//!
//! # Differences
//!
//! | what | elsewhere | here | test |
//! |---|---|---|---|
//! | breaker: an outcome from before the circuit opened | resilience4j and Polly let it close or open the half-open circuit | it is counted and moves nothing | `a_late_outcome_of_an_earlier_generation_moves_nothing` |
//! | breaker: a call that is dropped, or whose outcome is ignored, as a probe | Polly closes the circuit; resilience4j can mint a permit | the permit comes back, nothing is concluded | `a_dropped_or_panicking_probe_gives_its_permit_back`, `an_ignored_probe_does_not_close_the_circuit`, `an_abandoned_call_of_an_earlier_generation_mints_no_permit` |
//! | breaker: a probe that hangs | resilience4j and Polly refuse everything for ever | the probes have a deadline, then the circuit opens | `probes_that_hang_do_not_hold_the_circuit_half_open` |
//! | breaker: half-open | failsafe and recloser let all calls through | only the probes | `half_open_lets_its_probes_through_and_not_the_whole_load` |
//! | breaker: a window by count | tower-resilience 0.13's never forgets | it slides | `a_million_successes_do_not_hide_a_total_failure` |
//! | breaker: waits | failsafe cuts them to whole seconds | nanoseconds | `an_open_wait_below_a_second_is_not_cut_to_nothing` |
//! | breaker: overload (429) | resilience4j and Polly count it as any failure | in the rate, not in the run (linkerd) | `overload_counts_in_the_rate_but_not_in_the_run_and_fails_a_probe` |
//! | outlier: one bad endpoint of five, at most 10 % ejected | Envoy ejects none, gRPC one | as either | `of_five_hosts_envoy_ejects_none_by_default_and_grpc_one` |
//! | outlier: exactly at the failure percentage | Envoy ejects, gRPC does not | as either | `at_the_threshold_envoy_ejects_and_grpc_does_not` |
//! | outlier: forgiveness | Envoy after an interval in health, gRPC with each sweep | as either | `who_stays_well_is_forgiven_a_step_with_each_sweep`, `grpc_forgives_with_each_sweep_and_restores_only_after_the_time` |
//! | throttle: when a request counts | go-zero counts it when it ends, and does not see a server that hangs | when it is sent | `a_call_to_a_server_that_hangs_counts_when_it_is_sent` |
//! | throttle: a server that accepts nothing | Envoy refuses at most 80 %, Finagle 75 % | at most 90 %, so recovery is seen | `a_server_that_accepts_nothing_is_still_probed` |
//! | retry: the cap of a backoff | resilience4j, Polly, tower and linkerd apply it after the jitter, Finagle drops the jitter there | before the jitter | `the_cap_comes_before_the_jitter`, `a_cap_after_the_jitter_makes_a_herd` |
//! | retry: a base of a second | tower's jitter is cut to whole seconds: there is none | spread over the range | `tower_jitter_is_cut_off_at_whole_seconds`, `a_base_of_a_second_is_jittered_too` |
//! | retry: a ratio of 0.6 or 0.3 | tower and linkerd make it 1 and 1/3 | exact to a millionth | `tower_budget_ratios_are_cut_off_to_whole_requests`, `every_ratio_is_exact` |
//! | retry: an AWS bucket | refills by the wall clock in whole seconds | by what succeeds | `aws_buckets_refill_by_the_wall_clock`, `an_aws_retry_that_succeeds_brings_its_cost_back_and_a_first_try_one` |
//! | retry: a withdrawal that is not used | Finagle leaks it from one of two budgets | is given back | `a_retry_that_is_denied_for_another_reason_is_not_paid_for`, `a_call_dropped_between_two_tries_gives_its_retry_back` |
//! | retry: gRPC throttling | stops while half of the tokens or fewer are left | the same | `tokens_retry_while_more_than_half_is_left` |
//! | retry: Envoy's budget | a share of what is under way | the same, with a least number | `concurrent_retries_are_a_share_of_what_is_under_way` |
//! | retry: near the deadline | others answer "deadline exceeded" | the error there was, and no retry that cannot end in time | `near_the_deadline_the_error_is_the_one_there_was` |
//! | retry: at several layers | all multiply | unless `max_depth` forbids it | `layers_that_all_retry_multiply_unless_depth_forbids_it` |
//! | timeout: response and timeout at the same instant | whichever the runtime sees first | the response | `a_response_exactly_at_the_deadline_wins` |
//! | deadline: over hops | tonic does not hand it on | outbound calls have that of the inbound one | `an_inbound_deadline_is_that_of_the_outbound_calls`, `an_inbound_deadline_is_on_the_wire_of_the_outbound_call` |
//! | bulkhead: a waiter that leaves | | is out of the queue at once, and its permit goes to the next | `a_granted_waiter_that_is_dropped_before_it_runs_hands_its_permit_on` |
//! | thread pool: a full queue | Java grows to the maximum after the queue is full, so the last may overtake | the same | `who_finds_the_queue_full_overtakes_it` |
//! | bulkhead by key | an idle key that is evicted can take its count along | a key in use is never evicted | `a_key_in_use_is_not_forgotten` |
//! | limit: a fast refusal | is a low latency to Netflix' Gradient2 | is none | `a_fast_refusal_is_not_a_fast_answer` |
//! | limit: Vegas under load | learns a latency that is too long, and the limit runs away | the same, as published; probes make it learn anew | `vegas_runs_away_with_a_latency_that_was_learned_under_load`, `vegas_forgets_the_latency_without_load` |
//! | limit: Envoy's gradient | drifts to its maximum where it is hardly used; holds itself at three while it measures | the same | `it_drifts_to_its_maximum_while_it_is_hardly_used`, `every_minute_it_holds_itself_at_three` |
//! | rate limit: fixed cycles | twice the limit passes around a boundary | the same; the other algorithms do not | `a_fixed_cycle_lets_two_bursts_through_at_its_boundary`, `a_sliding_log_does_not` |
//! | rate limit: a waiter that leaves | resilience4j keeps its permit | gives it back | `an_interrupted_waiter_of_a_cycle_gives_its_permit_back` |
//! | rate limit: clones | each of tower's `RateLimit` counts for itself | who shares the layer shares the limit | `whoever_shares_the_layer_shares_the_limit` |
//! | rate limit: GCRA | `governor` | the same decisions, for every history | `gcra_is_governors` |
//! | shed: the start of an interval | folly drops none of its first | the same | `the_first_of_an_interval_is_never_shed` |
//! | shed: a level that admits nobody | DAGOR's steps of 1 % of nothing stay there | it comes back | `a_level_that_admits_nobody_comes_back` |
//! | hedge: who wins | tower: the first to end, even in an error | the first acceptable outcome | `a_failure_does_not_win` |
//! | hedge: losers | Polly awaits them | are dropped | `losers_are_dropped_at_the_win_and_not_awaited` |
//! | hedge: budget | Polly, gRPC and tower have none of its own | 5 % of the calls | `the_budget_pays_for_a_share_of_the_calls_however_slow_they_are` |
//! | hedge: tied copies | in the paper the servers tell each other | the caller is told and cancels the others | `the_copy_that_begins_cancels_the_others`, `of_two_that_begin_together_one_goes_on` |
//! | hedge: where a copy goes | anywhere | to an endpoint that no other copy is at | `every_copy_goes_to_another_endpoint`, `no_copy_goes_to_an_endpoint_whose_breaker_is_open` |
//! | hedge: latency of failures | lowers tower's percentile | is not recorded | `fast_failures_do_not_look_like_low_latency` |
//! | fallback: an answer that reports an error | is an answer to resilience4j's `recover`, which waits for an exception | falls back, if the classifier says so | `an_answer_that_is_a_failure_falls_back` |
//! | fallback: around a retry | a retry may repeat it | never | `a_retry_around_it_does_not_repeat_what_fell_back` |
//! | fallback that calls | Hystrix bounds all of them by 10 | each has a bulkhead of its own, of 10 | `each_step_that_calls_has_a_bulkhead_of_its_own` |
//! | singleflight: the first caller leaves | Go's fails for all with its context | the next goes on with the same call | `when_the_first_leaves_the_next_goes_on_with_the_same_call` |
//! | singleflight: a call that hangs | Go's holds all who come until somebody calls `Forget` | nobody joins a call that is too old, as with nginx | `whoever_comes_long_after_a_call_that_hangs_does_not_wait_for_it` |
//! | singleflight: the deadline of the first | is that of all | who has more time makes another call | `who_has_more_time_than_the_first_does_not_time_out_with_it` |
//! | balance: an endpoint that refuses at once | looks idle to least connections | rests while its circuit is open | `an_open_breaker_does_not_make_an_endpoint_look_idle` |
