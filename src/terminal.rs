//! What the user sees while and after something runs.

use std::io::{self, IsTerminal, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use cascadia_models::run::Progress;
use cascadia_reports::result::{RunResult, Verdict};
use cascadia_reports::sinks::line;
use cascadia_reports::summary::Look;
use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::sweep::Watch;

/// When to use colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How results look on standard output.
pub(crate) fn look(color: ColorChoice) -> Look {
    Look { color: colored(color, io::stdout().is_terminal()), unicode: unicode() }
}

/// How diagnostics look on standard error.
pub(crate) fn error_look(color: ColorChoice) -> Look {
    Look { color: colored(color, io::stderr().is_terminal()), unicode: unicode() }
}

fn colored(color: ColorChoice, terminal: bool) -> bool {
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    match color {
        ColorChoice::Auto => wanted && terminal,
        ColorChoice::Always => true,
        ColorChoice::Never => false,
    }
}

/// Whether the locale takes more than ASCII; where none is named, it does.
fn unicode() -> bool {
    let named = ["LC_ALL", "LC_CTYPE", "LANG"].map(std::env::var).into_iter().flatten();
    let locale = named.filter(|value| !value.is_empty()).map(|value| value.to_lowercase()).next();
    locale.is_none_or(|locale| locale.contains("utf-8") || locale.contains("utf8"))
}

/// Prints a result. A reader that has gone is no error.
pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

/// Tells something that is not a result.
pub(crate) fn tell(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

static INTERRUPTS: AtomicU64 = AtomicU64::new(0);
/// Who is asked to stop does so, or is done.
static HEARD: AtomicBool = AtomicBool::new(false);

/// How long a run may take to hear that it is to stop.
const PATIENCE: Duration = Duration::from_millis(700);

/// From here on the first Ctrl-C asks the run to stop, which is ended with the process if it does
/// not hear it, and the second one ends the process at once.
pub(crate) fn catch_interrupts() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        let _ = ctrlc::set_handler(|| {
            if INTERRUPTS.fetch_add(1, Ordering::Relaxed) > 0 {
                std::process::exit(i32::from(crate::exit::INTERRUPTED));
            }
            tell("stopping; results up to here are kept (Ctrl-C again to quit at once)");
            thread::spawn(lose_patience);
        });
    });
}

/// Ends a process that does not hear: a world that is being set up looks at nothing else.
fn lose_patience() {
    thread::sleep(PATIENCE);
    if !HEARD.load(Ordering::Relaxed) {
        tell("it cannot stop where it is; there are no results");
        std::process::exit(i32::from(crate::exit::INTERRUPTED));
    }
}

/// Whether the user asked to stop.
pub(crate) fn interrupted() -> bool {
    let interrupted = INTERRUPTS.load(Ordering::Relaxed) > 0;
    if interrupted {
        HEARD.store(true, Ordering::Relaxed);
    }
    interrupted
}

/// Progress on standard error: a bar on a terminal, else a line for each tenth.
pub(crate) struct Meter {
    bar: Option<ProgressBar>,
    total: u64,
    tenths: AtomicU64,
    done: AtomicU64,
    quiet: bool,
    began: Instant,
}

#[derive(Clone, Copy)]
enum Unit {
    Time,
    Runs,
}

impl Meter {
    /// Progress of one run through simulated time.
    pub(crate) fn of_run(name: &str, duration_ns: u64, quiet: bool) -> Self {
        Self::new(name, duration_ns, Unit::Time, quiet)
    }

    /// Progress of many runs.
    pub(crate) fn of_runs(name: &str, runs: u64, quiet: bool) -> Self {
        Self::new(name, runs, Unit::Runs, quiet)
    }

    fn new(name: &str, total: u64, unit: Unit, quiet: bool) -> Self {
        let bar = (!quiet && io::stderr().is_terminal()).then(|| {
            let template = match unit {
                Unit::Time => "{prefix} {bar:40} {percent:>3} %  {msg}  {eta} left",
                Unit::Runs => "{prefix} {bar:40} {pos}/{len} runs  {msg}  {eta} left",
            };
            let style = ProgressStyle::with_template(template).expect("the template is valid");
            let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
            bar.with_style(style).with_prefix(line(name).into_owned())
        });
        let zero = AtomicU64::default;
        Self { bar, total, tenths: zero(), done: zero(), quiet, began: Instant::now() }
    }

    /// A run has come this far.
    pub(crate) fn show(&self, progress: Progress) {
        let events = cascadia_reports::format::count(progress.events);
        self.advance(progress.now.as_nanos(), &format!("{events} events"));
    }

    /// One more of many is done.
    pub(crate) fn one_more(&self, message: &str) {
        self.advance(self.done.fetch_add(1, Ordering::Relaxed) + 1, message);
    }

    fn advance(&self, done: u64, message: &str) {
        if let Some(bar) = &self.bar {
            bar.set_position(done);
            bar.set_message(message.to_owned());
            return;
        }
        let tenth =
            u64::try_from(u128::from(done) * 10 / u128::from(self.total.max(1))).unwrap_or(10);
        let before = self.tenths.fetch_max(tenth, Ordering::Relaxed);
        if tenth > before && !self.quiet && self.began.elapsed() > SHORT {
            tell(&format!("{} %  {message}", tenth * 10));
        }
    }

    /// Everything is simulated. Takes the bar away; what is left is to be written to its end.
    pub(crate) fn finish(&self) {
        HEARD.store(true, Ordering::Relaxed);
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// What takes less needs no lines of progress.
const SHORT: Duration = Duration::from_secs(2);

impl Watch for Meter {
    fn goes_on(&self) -> bool {
        !interrupted()
    }

    fn finished(&self, result: &RunResult) {
        self.one_more(&match result.verdict {
            Verdict::Passed => String::new(),
            _ => format!("seed {} did not pass", result.seed),
        });
    }
}
