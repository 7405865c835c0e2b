//! The executor against a model of it that is too simple to be wrong.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;

use cascadia_runtime::{Runtime, Task, Time};
use cascadia_sim_core::{NodeId, Sim, SimTask, Simulation};
use proptest::prelude::*;

const TASKS: usize = 6;
const NODES: usize = 2;

/// What a task does next; numbers name tasks and nodes.
#[derive(Clone, Copy, Debug)]
enum Step {
    Sleep(u64),
    Deadline(u64),
    /// Arms a sleep and drops it.
    Forget(u64),
    /// Waits for a wake; one that came before counts.
    Park,
    Wake(usize),
    Spawn(usize, usize),
    Abort(usize),
    Kill(usize),
    Restart(usize),
    Pause(usize),
    Resume(usize),
}

/// What happened: when, to which task, and what; [`DROPPED`] for its end.
type Log = Vec<(u64, usize, usize)>;

const DROPPED: usize = usize::MAX;

fn step() -> impl Strategy<Value = Step> {
    let task = || 0..TASKS;
    let node = || 0..NODES;
    prop_oneof![
        4 => (0..4u64).prop_map(Step::Sleep),
        2 => (0..4u64).prop_map(Step::Deadline),
        1 => (0..4u64).prop_map(Step::Forget),
        2 => Just(Step::Park),
        3 => task().prop_map(Step::Wake),
        4 => (task(), node()).prop_map(|(task, node)| Step::Spawn(task, node)),
        1 => task().prop_map(Step::Abort),
        1 => node().prop_map(Step::Kill),
        1 => node().prop_map(Step::Restart),
        1 => node().prop_map(Step::Pause),
        1 => node().prop_map(Step::Resume),
    ]
}

type Programs = Vec<Vec<Step>>;

/// What the tasks of the real world share.
struct World {
    sim: Sim,
    programs: Programs,
    nodes: Vec<NodeId>,
    tasks: [Mutex<Cell>; TASKS],
    log: Mutex<Log>,
}

#[derive(Default)]
struct Cell {
    spawned: bool,
    woken: bool,
    waker: Option<Waker>,
    /// Kept, so that no slot is used again.
    handle: Option<SimTask>,
}

struct Guard(Arc<World>, usize);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.note(self.1, DROPPED);
    }
}

impl World {
    fn note(&self, task: usize, what: usize) {
        self.log.lock().unwrap().push((self.sim.now().as_nanos(), task, what));
    }

    fn spawn(self: &Arc<Self>, task: usize, node: usize) {
        if std::mem::replace(&mut self.tasks[task].lock().unwrap().spawned, true) {
            return;
        }
        let (world, guard) = (Arc::clone(self), Guard(Arc::clone(self), task));
        let handle = self.sim.spawn_on(self.nodes[node], async move {
            let _guard = guard;
            for (number, step) in world.programs[task].iter().enumerate() {
                world.note(task, number);
                world.run(task, *step).await;
            }
        });
        self.tasks[task].lock().unwrap().handle = Some(handle);
    }

    async fn run(self: &Arc<Self>, task: usize, step: Step) {
        let sim = self.sim;
        match step {
            Step::Sleep(nanos) => sim.sleep(Duration::from_nanos(nanos)).await,
            Step::Deadline(nanos) => sim.deadline(sim.now() + Duration::from_nanos(nanos)).await,
            Step::Forget(nanos) => {
                let mut sleep = pin!(sim.sleep(Duration::from_nanos(nanos)));
                poll_fn(|context| Poll::Ready(sleep.as_mut().poll(context).is_ready())).await;
            }
            Step::Park => {
                poll_fn(|context| {
                    let mut cell = self.tasks[task].lock().unwrap();
                    if std::mem::take(&mut cell.woken) {
                        return Poll::Ready(());
                    }
                    cell.waker = Some(context.waker().clone());
                    Poll::Pending
                })
                .await;
            }
            Step::Wake(other) => {
                let mut cell = self.tasks[other].lock().unwrap();
                cell.woken = true;
                let waker = cell.waker.take();
                drop(cell);
                if let Some(waker) = waker {
                    waker.wake();
                }
            }
            Step::Spawn(other, node) => self.spawn(other, node),
            Step::Abort(other) => {
                let handle = self.tasks[other].lock().unwrap().handle.take();
                if let Some(handle) = &handle {
                    handle.abort();
                }
                self.tasks[other].lock().unwrap().handle = handle;
            }
            Step::Kill(node) => sim.kill(self.nodes[node]),
            Step::Restart(node) => sim.restart(self.nodes[node]),
            Step::Pause(node) => sim.pause(self.nodes[node]),
            Step::Resume(node) => sim.resume(self.nodes[node]),
        }
    }
}

fn real(programs: &Programs, until: u64) -> Log {
    let mut simulation = Simulation::new(1);
    let sim = simulation.sim();
    let world = Arc::new(World {
        sim,
        programs: programs.clone(),
        nodes: (0..NODES).map(|_| sim.node("node")).collect(),
        tasks: Default::default(),
        log: Mutex::default(),
    });
    world.spawn(0, 0);
    world.spawn(1, 1);
    simulation.run_until(Time::from_nanos(until)).unwrap();
    std::mem::take(&mut *world.log.lock().unwrap())
}

/// The model: a list of timers, a queue of ready tasks, and every task's place in its program.
#[derive(Default)]
struct Model {
    programs: Programs,
    now: u64,
    /// (time, class, sequence) and the task.
    timers: Vec<((u64, u8, u64), usize)>,
    sequence: u64,
    ready: VecDeque<usize>,
    tasks: [Modelled; TASKS],
    spawned: Vec<usize>,
    nodes: [Node; NODES],
    log: Log,
}

#[derive(Default)]
struct Modelled {
    spawned: bool,
    live: bool,
    running: bool,
    queued: bool,
    node: usize,
    step: usize,
    waits: Option<Waits>,
    woken: bool,
    has_waker: bool,
}

#[derive(Clone, Copy)]
enum Waits {
    Timer((u64, u8, u64)),
    Wake,
}

#[derive(Default)]
struct Node {
    dead: bool,
    paused: bool,
    parked: Vec<usize>,
}

impl Model {
    fn run(mut self, until: u64) -> Log {
        self.spawn(0, 0);
        self.spawn(1, 1);
        loop {
            while let Some(task) = self.ready.pop_front() {
                self.poll(task);
            }
            self.timers.sort_unstable();
            if self.timers.first().is_none_or(|((at, ..), _)| *at > until) {
                return self.log;
            }
            let ((at, ..), task) = self.timers.remove(0);
            self.now = at;
            self.queue(task);
        }
    }

    fn queue(&mut self, task: usize) {
        if !std::mem::replace(&mut self.tasks[task].queued, true) {
            self.ready.push_back(task);
        }
    }

    fn spawn(&mut self, task: usize, node: usize) {
        if std::mem::replace(&mut self.tasks[task].spawned, true) {
            return;
        }
        if self.nodes[node].dead {
            return self.log.push((self.now, task, DROPPED));
        }
        self.tasks[task].live = true;
        self.tasks[task].node = node;
        self.spawned.push(task);
        self.queue(task);
    }

    /// Ends a task; one that runs ends when it next waits.
    fn end(&mut self, task: usize) {
        if std::mem::take(&mut self.tasks[task].live) && !self.tasks[task].running {
            self.drop(task);
        }
    }

    fn drop(&mut self, task: usize) {
        self.timers.retain(|(_, owner)| *owner != task);
        self.log.push((self.now, task, DROPPED));
    }

    fn poll(&mut self, task: usize) {
        self.tasks[task].queued = false;
        if !self.tasks[task].live {
            return;
        }
        let node = &mut self.nodes[self.tasks[task].node];
        if node.paused {
            return node.parked.push(task);
        }
        self.tasks[task].running = true;
        let over = self.advance(task);
        self.tasks[task].running = false;
        let doomed = !std::mem::replace(&mut self.tasks[task].live, !over);
        self.tasks[task].live &= !doomed;
        if over || doomed {
            self.drop(task);
        }
    }

    /// Runs a task until it waits; whether it came to its end.
    fn advance(&mut self, task: usize) -> bool {
        loop {
            match self.tasks[task].waits {
                Some(Waits::Timer(key)) if self.timers.contains(&(key, task)) => return false,
                Some(Waits::Wake) if !std::mem::take(&mut self.tasks[task].woken) => {
                    self.tasks[task].has_waker = true;
                    return false;
                }
                _ => self.tasks[task].waits = None,
            }
            let number = self.tasks[task].step;
            let Some(step) = self.programs[task].get(number).copied() else { return true };
            self.tasks[task].step += 1;
            self.log.push((self.now, task, number));
            self.step(task, step);
        }
    }

    fn step(&mut self, task: usize, step: Step) {
        match step {
            Step::Sleep(0) | Step::Forget(_) => {}
            Step::Sleep(nanos) => self.arm(task, nanos, 0),
            Step::Deadline(nanos) => self.arm(task, nanos, 1),
            Step::Park => self.tasks[task].waits = Some(Waits::Wake),
            Step::Wake(other) => {
                self.tasks[other].woken = true;
                if std::mem::take(&mut self.tasks[other].has_waker) {
                    self.queue(other);
                }
            }
            Step::Spawn(other, node) => self.spawn(other, node),
            Step::Abort(other) => self.end(other),
            Step::Kill(node) => self.kill(node),
            Step::Restart(node) => self.nodes[node].dead = false,
            Step::Pause(node) => self.nodes[node].paused = true,
            Step::Resume(node) => {
                self.nodes[node].paused = false;
                let parked = std::mem::take(&mut self.nodes[node].parked);
                self.ready.extend(parked);
            }
        }
    }

    fn arm(&mut self, task: usize, nanos: u64, class: u8) {
        self.sequence += 1;
        let key = (self.now + nanos, class, self.sequence);
        self.timers.push((key, task));
        self.tasks[task].waits = Some(Waits::Timer(key));
    }

    /// The youngest dies first.
    fn kill(&mut self, node: usize) {
        self.nodes[node] = Node { dead: true, ..Node::default() };
        for task in self.spawned.clone().into_iter().rev() {
            if self.tasks[task].node == node {
                self.end(task);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_executor_does_what_its_model_does(
        programs in prop::collection::vec(prop::collection::vec(step(), 0..10), TASKS),
    ) {
        let model = Model { programs: programs.clone(), ..Model::default() };
        prop_assert_eq!(real(&programs, 100), model.run(100));
    }
}
