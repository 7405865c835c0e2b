use cascadia_models::plan::{Arrivals, Plan};
use cascadia_models::run::RunError;
use cascadia_reports::sinks::line;

use crate::exit;

/// Why a command could not do its work: an exit code and what to tell.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub(crate) code: u8,
    pub(crate) text: String,
}

impl Trouble {
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self { code: exit::USAGE, text: text.into() }
    }

    pub(crate) fn invalid(text: impl Into<String>) -> Self {
        Self { code: exit::INVALID, text: text.into() }
    }

    pub(crate) fn not_deterministic(text: impl Into<String>) -> Self {
        Self { code: exit::NOT_DETERMINISTIC, text: text.into() }
    }

    pub(crate) fn internal(text: impl Into<String>) -> Self {
        Self { code: exit::INTERNAL, text: text.into() }
    }

    /// The same, with something more to tell.
    pub(crate) fn with(mut self, more: &str) -> Self {
        self.text.push_str(&format!("{more}\n"));
        self
    }

    /// A run of `plan` that could not go on.
    pub(crate) fn of_run(error: &RunError, plan: &Plan, reproduce: &str) -> Self {
        let told = error.to_string();
        let told = line(&told);
        if let RunError::Livelock { tasks, .. } = error {
            let named = |name: &str| tasks.iter().any(|task| task.node == name);
            let help = breathe(plan, named);
            return Self::invalid(format!("{told}\nhelp: {help}\nreproduce: {reproduce}\n"));
        }
        if let RunError::Exhausted { .. } = error {
            let help = "requests come faster than they end, something is asked for faster than it \
                        is answered, or brokers keep all that comes; bound the queues, give \
                        callers timeouts and topics a \"retain_for\", or lift the limit with \
                        --force";
            return Self::invalid(format!("{error}\nhelp: {help}\nreproduce: {reproduce}\n"));
        }
        Self::internal(format!(
            "{told}\nthis is a defect of the simulator; please report it with the scenario\n\
             reproduce: {reproduce}\n"
        ))
    }
}

/// What lets time pass between one request and the next, or one try and the next.
fn breathe(plan: &Plan, named: impl Fn(&str) -> bool) -> String {
    let closed = plan.loads.iter().filter(|load| matches!(load.arrivals, Arrivals::Closed { .. }));
    let named =
        closed.filter(|load| named(&load.name)).map(|load| format!("`{}`", line(&load.name)));
    let named: Vec<String> = named.collect();
    let clients = match named.is_empty() {
        true => "the clients of a closed load".to_owned(),
        false => format!("the clients of {}", named.join(", ")),
    };
    format!(
        "requests end in the instant in which they are sent, and are sent again in it; give \
         {clients} think time, the links latency, or retries a backoff"
    )
}
