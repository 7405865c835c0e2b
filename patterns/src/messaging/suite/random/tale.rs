use std::fmt::Write as _;
use std::time::Duration;

use cascadia_runtime::Stream;

use super::drawing::{draw, finish};
use super::outcome::Outcome;
use super::play::{Play, Until};
use super::setting::Setting;
use super::step::Step;
use crate::messaging::suite::stage::Stage;
use crate::messaging::suite::trouble::Trouble;

/// As long as a model is silent when all has come. Little, as its clock goes on meanwhile and a system's does not.
const AT_ONCE: Duration = Duration::from_millis(5);
/// How long something is waited for that must come.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long nothing must come at the end.
const QUIET: Duration = Duration::from_millis(300);

/// A history that was drawn, and what a model did in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tale {
    seed: u64,
    /// What was drawn for all of it.
    pub setting: Setting,
    steps: Vec<(Step, Outcome)>,
}

impl Tale {
    /// Draws one, and plays it on a model, on a clock that jumps.
    ///
    /// # Errors
    ///
    /// What the model did that it must not do, whatever is drawn.
    pub async fn tell(stage: Stage, trouble: Trouble, seed: u64) -> Result<Self, String> {
        let mut stream = Stream::from_seed(seed);
        let setting = Setting::draw(trouble, stage.broker().can(), &mut stream);
        let mut play = Play::begin(stage, setting.clone()).await;
        let mut tale = Self { seed, setting, steps: Vec::new() };
        tale.go(&mut play, Step::Join).await?;
        for _ in 0..6 + stream.below(10) {
            let step = draw(&play, &mut stream);
            tale.go(&mut play, step).await?;
        }
        while let Some(step) = finish(&play) {
            tale.go(&mut play, step).await?;
        }
        Ok(tale)
    }

    /// What it was drawn with.
    pub const fn seed(&self) -> u64 {
        self.seed
    }

    async fn go(&mut self, play: &mut Play, step: Step) -> Result<(), String> {
        let outcome = play.perform(&step, Until::Quiet(AT_ONCE)).await;
        let outcome = outcome.map_err(|error| format!("{self}\n{step:?}: {error}"))?;
        play.seen.extend(outcome.delivered.iter().map(|(number, _)| *number));
        self.steps.push((step, outcome));
        Ok(())
    }

    /// Plays the same on a system.
    ///
    /// # Errors
    ///
    /// In which it does otherwise than the model, and where.
    pub async fn play(&self, stage: Stage) -> Result<(), String> {
        let mut play = Play::begin(stage, self.setting.clone()).await;
        let is_ordered = self.setting.members == 1;
        for (at, (step, wanted)) in self.steps.iter().enumerate() {
            let told = |what: String| format!("{self}\nstep {at}: {what}");
            let until = Until::Come(wanted.size(), PATIENCE);
            let outcome = play.perform(step, until).await.map_err(told)?;
            let differs = outcome.differs(wanted, |it| play.seen.contains(&it), is_ordered);
            differs.map_or(Ok(()), |what| Err(told(what)))?;
            play.seen.extend(outcome.delivered.iter().map(|(number, _)| *number));
        }
        let rest = play.perform(&Step::Trouble(Trouble::None), Until::Quiet(QUIET)).await?;
        match rest.size() {
            0 => Ok(()),
            _ => Err(format!("{self}\nat the end: {rest:?}")),
        }
    }
}

impl std::fmt::Display for Tale {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = format!("seed {}, {:?}", self.seed, self.setting);
        for (at, (step, outcome)) in self.steps.iter().enumerate() {
            write!(text, "\n{at:3} {step:?} -> {outcome:?}")?;
        }
        f.write_str(&text)
    }
}
