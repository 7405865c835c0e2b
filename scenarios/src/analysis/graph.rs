use cascadia_models::laws::Law;
use cascadia_models::plan::{EndpointId, Plan, ServiceId, StackId, Step, Times, Visit};

use crate::diagnostics::{Diagnostic, Report};
use crate::names::Names;
use crate::read::File;
use crate::steps::{StepEl, calls};
use crate::text::Span;

/// How often a layer asks its store for one request, unless others come first again and again: what is known, to begin, and
/// to end.
const MOST_ASKED: f64 = 4.0;

/// Who calls whom, endpoint by endpoint.
pub(crate) struct Graph {
    /// The service and the endpoint of each vertex.
    pub(super) vertices: Vec<(ServiceId, EndpointId)>,
    /// The calls of each vertex.
    pub(super) calls: Vec<Vec<Call>>,
    /// The vertices, those that are called before those that call.
    pub(super) order: Vec<usize>,
    first: Vec<usize>,
}

/// A call of one endpoint to another.
#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    pub(super) to: usize,
    pub(super) policy: Option<StackId>,
    /// It is made only when another one fails, or by a layer of its own accord.
    pub(super) beside: bool,
    /// The share of requests that come as far as making it, or how often it is made on average.
    pub(super) share: f64,
    /// How often it is made at most.
    pub(super) most: f64,
}

impl Call {
    /// A call that is always made.
    pub(super) fn new(to: usize, policy: Option<StackId>) -> Self {
        Self { to, policy, beside: false, share: 1.0, most: 1.0 }
    }
}

impl Graph {
    /// The graph of a plan, or the vertices of a circle.
    pub(crate) fn new(plan: &Plan) -> Result<Self, Vec<(ServiceId, EndpointId)>> {
        let mut graph =
            Self { vertices: Vec::new(), calls: Vec::new(), order: Vec::new(), first: Vec::new() };
        for service in plan.groups() {
            graph.first.push(graph.vertices.len());
            let ids = 0..plan.endpoints(service).len() as u32;
            graph.vertices.extend(ids.map(|id| (service, EndpointId(id))));
        }
        for (service, endpoint) in &graph.vertices {
            let mut calls = Calls { graph: &graph, plan, left: 1.0, found: Vec::new() };
            calls.steps(&plan.endpoint(*service, *endpoint).script);
            let mut found = calls.found;
            let inbound = plan.services.get(service.0 as usize).and_then(|it| it.inbound);
            found.extend(graph.besides(plan, inbound));
            graph.calls.push(found);
        }
        graph.sort()?;
        Ok(graph)
    }

    /// The vertex of an endpoint.
    pub(super) fn vertex(&self, service: ServiceId, endpoint: EndpointId) -> usize {
        self.first[service.0 as usize] + endpoint.0 as usize
    }

    /// The first vertex of a service or a group of components.
    pub(super) fn first(&self, service: ServiceId) -> usize {
        self.first[service.0 as usize]
    }

    /// What calls through a stack may turn to instead, and what its layers ask by themselves.
    pub(super) fn besides(
        &self,
        plan: &Plan,
        stack: Option<StackId>,
    ) -> impl Iterator<Item = Call> {
        let beside = |service, endpoint, policy, most| {
            let call = Call::new(self.vertex(service, endpoint), policy);
            Call { beside: true, most, ..call }
        };
        let asked = plan.asked(stack).map(move |(to, at)| beside(to, at, None, MOST_ASKED));
        plan.fallbacks(stack).map(move |(to, at, policy)| beside(to, at, policy, 1.0)).chain(asked)
    }

    /// Depth first, with a stack of its own since the graph may be deep.
    fn sort(&mut self) -> Result<(), Vec<(ServiceId, EndpointId)>> {
        let mut state = vec![State::New; self.vertices.len()];
        for root in 0..self.vertices.len() {
            let mut stack = vec![(root, 0)];
            if state[root] != State::New {
                continue;
            }
            state[root] = State::Open;
            while let Some((vertex, next)) = stack.last_mut() {
                let vertex = *vertex;
                let Some(call) = self.calls[vertex].get(*next) else {
                    state[vertex] = State::Done;
                    self.order.push(vertex);
                    stack.pop();
                    continue;
                };
                *next += 1;
                match state[call.to] {
                    State::Done => {}
                    State::New => {
                        state[call.to] = State::Open;
                        stack.push((call.to, 0));
                    }
                    State::Open => {
                        let on_circle = stack.iter().skip_while(|(at, _)| *at != call.to);
                        return Err(on_circle.map(|(at, _)| self.vertices[*at]).collect());
                    }
                }
            }
        }
        Ok(())
    }

    /// For each vertex, `of` its laws of work, summed over steps and the longest of branches. A call
    /// adds what `called` makes of the work of its target. Where a share of requests goes on, what
    /// comes after counts as much as `rest` makes of that share.
    pub(super) fn work(
        &self,
        plan: &Plan,
        of: impl Fn(&Law) -> f64,
        rest: fn(f64) -> f64,
        called: impl Fn(ServiceId, Call, f64) -> f64,
    ) -> Vec<f64> {
        let mut work = vec![0.0; self.vertices.len()];
        for vertex in &self.order {
            let (service, endpoint) = self.vertices[*vertex];
            let called = |call: Call| called(service, call, work[call.to]);
            let mut sum = Sum { graph: self, of: &of, rest, called: &called, left: 1.0, sum: 0.0 };
            sum.steps(&plan.endpoint(service, endpoint).script);
            work[*vertex] = sum.sum;
        }
        work
    }
}

/// How many turns there are on average where this share comes through each, and the share that comes
/// through all.
pub(super) fn many(times: Times, through: f64) -> (f64, f64) {
    let mean = times.mean();
    if through >= 1.0 {
        return (mean, 1.0);
    }
    let left = libm::pow(through, mean);
    ((1.0 - left) / (1.0 - through), left)
}

/// Gathers the calls of steps.
struct Calls<'a> {
    graph: &'a Graph,
    plan: &'a Plan,
    /// The share of requests that come as far as here.
    left: f64,
    found: Vec<Call>,
}

impl Calls<'_> {
    /// Gathers those of steps that this share of requests comes to. Returns the share of those that
    /// come to their end.
    fn of(&mut self, share: f64, steps: &[Step]) -> f64 {
        self.left = 1.0;
        let first = self.found.len();
        self.steps(steps);
        self.found[first..].iter_mut().for_each(|call| call.share *= share);
        self.left
    }
}

impl Visit for Calls<'_> {
    fn work(&mut self, _law: &Law) {}

    fn call(&mut self, service: ServiceId, endpoint: EndpointId, policy: Option<StackId>) {
        let to = self.graph.vertex(service, endpoint);
        self.found.push(Call { share: self.left, ..Call::new(to, policy) });
        self.found.extend(self.graph.besides(self.plan, policy));
    }

    fn branches(&mut self, branches: &[Vec<Step>]) {
        let begin = self.left;
        let mut end = begin;
        for steps in branches {
            end *= self.of(begin, steps);
        }
        self.left = end;
    }

    fn ends(&mut self, share: f64) {
        self.left *= 1.0 - share;
    }

    fn ways(&mut self, ways: &[(f64, &[Step])]) {
        let begin = self.left;
        let end = ways.iter().map(|(share, steps)| share * self.of(begin * share, steps));
        let end: f64 = end.sum();
        self.left = begin * end;
    }

    /// Each turn is for those who have come through the turns before it.
    fn turns(&mut self, times: Times, steps: &[Step]) {
        let (begin, first) = (self.left, self.found.len());
        let through = self.of(begin, steps);
        let (turns, left) = many(times, through);
        for call in &mut self.found[first..] {
            call.share *= turns;
            call.most *= f64::from(times.max);
        }
        self.left = begin * left;
    }
}

/// Sums over steps, and takes the longest of branches.
struct Sum<'a, Of, Called> {
    graph: &'a Graph,
    of: &'a Of,
    rest: fn(f64) -> f64,
    called: &'a Called,
    /// What counts of what comes next.
    left: f64,
    sum: f64,
}

impl<Of: Fn(&Law) -> f64, Called: Fn(Call) -> f64> Sum<'_, Of, Called> {
    /// The sum of steps by themselves.
    fn of(&self, steps: &[Step]) -> Self {
        let mut branch = Sum { left: 1.0, sum: 0.0, ..*self };
        branch.steps(steps);
        branch
    }
}

impl<Of: Fn(&Law) -> f64, Called: Fn(Call) -> f64> Visit for Sum<'_, Of, Called> {
    fn work(&mut self, law: &Law) {
        self.sum += self.left * (self.of)(law);
    }

    fn call(&mut self, service: ServiceId, endpoint: EndpointId, policy: Option<StackId>) {
        let to = self.graph.vertex(service, endpoint);
        self.sum += self.left * (self.called)(Call::new(to, policy));
    }

    fn branches(&mut self, branches: &[Vec<Step>]) {
        let (mut longest, mut left) = (0.0, self.left);
        for steps in branches {
            let branch = self.of(steps);
            longest = f64::max(longest, branch.sum);
            left *= branch.left;
        }
        self.sum += self.left * longest;
        self.left = left;
    }

    fn ends(&mut self, share: f64) {
        self.left *= (self.rest)(1.0 - share);
    }

    fn ways(&mut self, ways: &[(f64, &[Step])]) {
        let mut left = 0.0;
        let mut rest = 1.0;
        for (at, (share, steps)) in ways.iter().enumerate() {
            let last = at + 1 == ways.len();
            let share = if last { rest } else { (self.rest)(*share).min(rest) };
            rest -= share;
            let way = self.of(steps);
            self.sum += self.left * share * way.sum;
            left += share * way.left;
        }
        self.left *= left;
    }

    fn turns(&mut self, times: Times, steps: &[Step]) {
        let turn = self.of(steps);
        let (turns, left) = many(times, turn.left);
        self.sum += self.left * turns * turn.sum;
        self.left *= left;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

/// Reports calls in a circle, with a label on every call of it.
pub(crate) fn report_cycle(
    circle: &[(ServiceId, EndpointId)],
    file: &File<'_>,
    names: &Names<'_>,
    report: &mut Report,
) {
    let name = |(service, endpoint): &(ServiceId, EndpointId)| {
        let service = file.services.get(service.0 as usize)?;
        Some(format!("{}.{}", service.name, service.endpoints.get(endpoint.0 as usize)?.name))
    };
    let shown: Vec<String> = circle.iter().chain(circle.first()).filter_map(name).collect();
    let text = if shown.len() > 12 {
        format!("{} → … → {}", shown[..10].join(" → "), shown[shown.len() - 1])
    } else {
        shown.join(" → ")
    };
    let mut diagnostic = Diagnostic::error("S025", format!("calls go in a circle: {text}"));
    for (at, from) in circle.iter().enumerate().take(12) {
        let to = circle[(at + 1) % circle.len()];
        let Some(service) = file.services.get(from.0.0 as usize) else { continue };
        let element = service.endpoints.get(from.1.0 as usize);
        let found = element.and_then(|element| find_call(&element.steps, to, names));
        let target = name(&to).unwrap_or_default();
        diagnostic = match found {
            Some(span) => diagnostic.at(span, format!("calls {target}")),
            None => diagnostic.at(service.key, format!("falls back to {target}")),
        };
    }
    report.push(diagnostic.help("a request would never end; remove one of these calls"));
}

/// Where the first call to an endpoint stands.
fn find_call(steps: &[StepEl<'_>], to: (ServiceId, EndpointId), names: &Names<'_>) -> Option<Span> {
    let mut meant = calls(steps).into_iter();
    let meant = meant.find(|call| call.resolve(names, &mut Report::default()) == Some(to));
    meant.map(|call| call.target.span)
}
