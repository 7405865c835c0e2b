//! What every world must do, and what every policy must do in every world.
//!
//! A case is written once against [`Runtime`](cascadia_runtime::Runtime) and runs on tokio, in real
//! time, and in the simulation on the engine of the build. A family of cases is a file; a new one
//! is added to the list below.

pub(crate) mod bench;
pub(crate) mod server;

/// Makes a test of each case in each world.
macro_rules! conformance {
    ($($family:ident { $($case:ident),+ $(,)? })+) => {
        $(mod $family;)+
        conformance!(in_world on_tokio $($family { $($case),+ })+);
        conformance!(in_world in_simulation $($family { $($case),+ })+);
    };
    (in_world $world:ident $($family:ident { $($case:ident),+ })+) => {
        mod $world {
            $(mod $family {
                $(#[test]
                fn $case() {
                    use crate::conformance::{bench, $family};
                    bench::$world($family::$case);
                })+
            })+
        }
    };
}

conformance! {
    time {
        it_never_goes_back,
        a_wait_takes_its_time,
        what_has_passed_is_not_waited_for,
        waits_end_in_the_order_of_their_times,
        a_wait_may_move_to_another_task,
        a_dropped_wait_wakes_nobody,
        a_wait_that_is_dropped_with_its_task_wakes_nobody,
    }
    clocks {
        the_wall_clock_shows_a_date_and_goes_on,
        blocking_work_answers_and_holds_up_no_task,
        blocking_work_begins_when_it_is_polled,
    }
    order {
        of_one_instant_the_deadlines_come_last,
        of_one_instant_what_was_armed_first_comes_first,
        what_was_woken_first_runs_first,
    }
    tasks {
        a_task_that_is_awaited_has_ended,
        a_task_runs_beside_its_spawner,
        an_aborted_task_is_dropped_where_it_stands,
        an_aborted_task_that_never_ran_is_dropped_too,
        what_has_ended_cannot_be_aborted,
        a_task_without_a_handle_goes_on,
        tasks_spawn_tasks,
        many_tasks_all_end,
    }
    channels {
        a_bounded_channel_holds_its_sender_back,
        a_oneshot_brings_one_value,
        a_receiver_learns_that_its_sender_has_gone,
        a_lock_is_handed_on,
        a_semaphore_never_gives_more_than_it_has,
        everyone_who_waits_is_notified,
        the_first_that_is_ready_wins,
    }
    timeout {
        a_response_in_time_passes,
        a_response_exactly_at_the_deadline_wins,
        late_work_is_dropped,
        the_nearer_deadline_is_handed_on,
        what_is_late_already_is_not_begun,
        a_timeout_may_be_as_long_as_time_itself,
    }
    deadline {
        what_is_on_time_passes,
        what_is_late_is_refused_before_the_server,
        what_has_too_little_left_is_refused,
        a_deadline_is_carried_through_the_stack,
        a_margin_is_kept_for_the_way_back,
    }
    retry {
        it_tries_until_it_works,
        it_waits_between_the_tries,
        every_backoff_stays_within_its_bounds,
        the_last_error_is_returned,
        what_is_not_safe_is_tried_once,
        a_budget_bounds_the_retries_of_all_calls,
        a_call_dropped_while_it_waits_gives_its_retry_back,
        a_retry_that_would_be_too_late_is_not_made,
        every_budget_denies_before_long,
        a_bound_on_retries_under_way_is_shared_and_given_back,
        only_the_depths_that_are_set_are_retried,
        the_last_try_takes_what_is_left,
    }
    breaker {
        it_opens_and_half_opens_and_closes,
        a_probe_that_fails_opens_it_again,
        it_refuses_while_it_is_open,
        a_dropped_probe_gives_its_permit_back,
        a_rate_of_failures_opens_it,
        a_probe_that_hangs_does_not_hold_it_half_open,
        a_late_outcome_moves_nothing,
        the_one_of_introductions_is_moved_by_a_late_outcome,
    }
    throttle {
        what_is_accepted_is_never_throttled,
        what_accepts_nothing_is_sent_a_tenth,
        a_dropped_call_is_taken_back,
    }
    bulkhead {
        it_refuses_when_it_is_full,
        a_waiter_gets_the_permit_that_comes_back,
        a_waiter_gives_up_in_time,
        waiters_are_served_in_the_order_they_came,
        a_cancelled_waiter_leaves_the_queue,
        a_cancelled_call_gives_its_permit_back,
        a_pool_queues_before_it_grows,
        each_key_has_permits_of_its_own,
    }
    limit {
        every_rule_refuses_over_its_limit,
        errors_and_leavers_move_no_limit,
        answers_move_the_limit_and_it_is_told,
    }
    rate_limit {
        it_refuses_and_says_when_to_come_again,
        who_may_wait_comes_in_turn,
        a_waiter_that_leaves_gives_its_turn_back,
        nobody_waits_beyond_his_deadline,
    }
    shed {
        the_order_is_as_it_says,
        a_queue_that_stands_is_shed,
        a_waiter_that_leaves_takes_nothing_along,
        the_less_important_is_refused_when_waits_are_long,
    }
    balance {
        every_kind_uses_every_endpoint,
        every_kind_forgets_what_is_dropped,
        every_kind_avoids_an_endpoint_whose_breaker_is_open,
        every_kind_refuses_where_there_is_no_endpoint,
        round_robin_takes_each_in_turn,
        the_fewest_under_way_are_preferred,
    }
    outlier {
        a_sick_endpoint_is_ejected,
        an_ejected_endpoint_comes_back,
        an_ejected_endpoint_keeps_the_calls_it_has,
    }
    hedge {
        of_tied_copies_only_the_one_that_begins_goes_on,
        a_slow_call_is_sent_again,
        a_quick_call_is_not,
        a_failure_does_not_win,
        a_failure_sends_the_next_at_once,
        losers_are_dropped_at_the_win,
        a_dropped_call_drops_its_copies,
        what_is_not_safe_is_sent_once,
        a_budget_bounds_the_copies_of_all_calls,
        every_copy_goes_to_another_endpoint,
    }
    fallback {
        what_works_is_passed_on,
        an_answer_of_the_chain_is_marked,
        the_first_failure_is_returned,
        a_step_that_calls_is_bounded,
        within_a_time_or_empty,
    }
    messaging {
        what_is_published_comes_in_its_order,
        what_is_not_settled_comes_again,
        what_is_refused_rests,
        what_fails_too_often_is_a_dead_letter,
        a_broker_goes_on_from_its_store,
        each_member_has_partitions_of_its_own,
        a_producer_knows_the_fate_of_each_message,
        a_consumer_does_what_it_has_before_it_ends,
        who_acknowledges_before_loses_what_it_had,
        a_request_ends_once,
        what_a_transaction_tells_is_published_if_it_commits,
        what_comes_twice_is_done_once,
    }
    sagas {
        it_is_done_whole_or_undone_and_begun_once,
        sagas_that_want_the_same_have_it_one_after_the_other,
        who_takes_over_goes_on_where_the_other_one_stopped,
        a_timeout_is_met_by_whoever_goes_on,
        together_all_commit_or_none_does,
    }
    idempotency {
        of_many_at_the_same_time_one_is_done,
        what_is_under_way_or_asks_for_something_else_is_told_so,
        who_dies_at_it_is_taken_over_and_conflicts_when_it_wakes_up,
        after_its_time_a_key_is_a_new_one,
    }
    stack {
        it_works_over_a_server_that_works,
        it_recovers_with_its_server,
        it_gives_a_hanging_server_up,
        it_leaks_nothing_when_callers_leave,
        limits_in_a_row_leak_nothing_when_callers_leave,
    }
}
