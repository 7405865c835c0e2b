/// What each figure of the summary means, for `--help-metrics`.
pub const METRICS_HELP: &str = "\
All figures cover the run from the end of the warm-up to its end, in simulated time.

offered         Requests that the load was to send. The load does not wait for answers, so an
                overloaded system does not slow its callers down and hide its own delay.
ok              Requests answered with success.
failed          Requests that a service answered with an error.
timeout         Requests for which somebody on the way stopped waiting.
rejected        Requests refused by a full queue, a bulkhead, a limit, a shedder, a throttle, an
                ejection or a deadline check.
short-circuit   Requests refused by an open circuit breaker.
unfinished      Requests that the end of the run cut off.
                Every request ends in exactly one of these; they sum to offered.
degraded        Those of ok in whose answer a fallback has a part. Shown where there are any.
attempts/req    Tries sent over the network for each offered request: the first one, and every
                retry and copy at any depth. What exceeds 1 is load that the policies made
                themselves; below 1, they refused requests before they were sent.
goodput         Requests that ended in ok, per second.
latency         From the moment at which a request was to be sent to its answer, so waiting to be
                sent counts. Only requests that ended in ok.
p99             99 of 100 are no slower. A percentile is shown only where at least ten samples lie
                beyond it.
utilisation     Busy worker time divided by all worker time while up.
queue           Mean number of requests that wait, those in service excluded.
wait            Mean time from arrival to the beginning of service.
wasted          Share of busy worker time spent for callers that had gone.
refusing        Share of busy worker time spent on refusing, where a service says that it takes any.
policies        Calls that a layer of a policy refused and retries that it was denied, by
                reason, all instances of the layer on the way to one target together. A call
                that is tried again may be refused again.
recovery        Time from the end of a fault until goodput, averaged over 5 s, is no longer
                measurably below 95 % of its mean before the first fault: not now, and not later.
                Measurably means by more than three standard deviations of a Poisson count.
k of n          Seeds that passed, of all seeds, with the 95 % interval of Wilson (1927).
";
