use std::collections::BTreeSet;

use super::Chart;
use super::canvas::Canvas;
use super::picture::{Drawn, Picture};
use crate::palette::INK;
use crate::result::{Exemplar, LoadSeries, MessageCapture, RunResult, SweepResult};

/// A kind of chart.
pub(super) struct Kind {
    /// Fit for a file name, and unique.
    pub(super) name: &'static str,
    /// What its charts show, where they do not say it more closely themselves.
    pub(super) title: &'static str,
    pub(super) draw: Draw,
}

/// What a kind has a chart of, and how it is drawn.
pub(super) enum Draw {
    /// A run.
    Run(fn(&RunResult) -> Drawn<'_>),
    /// Each load of a run.
    Load(for<'a> fn(&'a RunResult, &'a str, &'a LoadSeries) -> Drawn<'a>),
    /// Each quantity that some layer of a policy steers by.
    Level(for<'a> fn(&'a RunResult, &'a str) -> Drawn<'a>),
    /// Each group of sagas.
    Sagas(for<'a> fn(&'a RunResult, &'a str) -> Drawn<'a>),
    /// Each other group of components.
    Component(for<'a> fn(&'a RunResult, &'a str) -> Drawn<'a>),
    /// The wire around a message.
    Message(for<'a> fn(&'a RunResult, &'a MessageCapture) -> Drawn<'a>),
    /// Each request that was followed.
    Exemplar(for<'a> fn(&'a RunResult, &'a Exemplar) -> Drawn<'a>),
    /// A sweep.
    Sweep(fn(&SweepResult) -> Drawn<'_>),
}

impl Kind {
    /// Its charts of a run.
    pub(super) fn of_run(&self, result: &RunResult) -> Vec<Chart> {
        match self.draw {
            Draw::Run(draw) => vec![self.chart("", draw(result))],
            Draw::Load(draw) => {
                let loads = &result.series.loads;
                let several = loads.len() > 1;
                let chart = |(name, series): (&String, &LoadSeries)| {
                    self.chart(if several { name } else { "" }, draw(result, name, series))
                };
                loads.iter().map(chart).collect()
            }
            Draw::Level(draw) => {
                let chart = |level| self.chart(level, draw(result, level));
                levels(result).into_iter().map(chart).collect()
            }
            Draw::Sagas(draw) => self.of_components(result, true, draw),
            Draw::Component(draw) => self.of_components(result, false, draw),
            Draw::Message(draw) => {
                let capture = result.capture.iter();
                capture.map(|capture| self.chart("", draw(result, capture))).collect()
            }
            Draw::Exemplar(draw) => {
                let chart = |one: &Exemplar| self.chart(one.of.name(), draw(result, one));
                result.exemplars.iter().map(chart).collect()
            }
            Draw::Sweep(_) => Vec::new(),
        }
    }

    fn of_components<'a>(
        &self,
        result: &'a RunResult,
        of_sagas: bool,
        draw: fn(&'a RunResult, &'a str) -> Drawn<'a>,
    ) -> Vec<Chart> {
        let all = result.series.components.iter();
        let own = all.filter(|(_, series)| series.is_of_sagas() == of_sagas);
        own.map(|(name, _)| self.chart(name, draw(result, name))).collect()
    }

    /// Its chart of a sweep.
    pub(super) fn of_sweep(&self, result: &SweepResult) -> Option<Chart> {
        match self.draw {
            Draw::Sweep(draw) => Some(self.chart("", draw(result))),
            _ => None,
        }
    }

    /// A chart of one load, level or group, or of everything where `of` is empty.
    pub(super) fn chart(&self, of: &str, drawn: Drawn<'_>) -> Chart {
        let Picture { title, caption, height, paint } = drawn.unwrap_or_else(Picture::empty);
        let (id, plain) = match of {
            "" => (self.name.to_owned(), self.title.to_owned()),
            of => (format!("{}-{}", self.name, slug(of)), format!("{}: {of}", self.title)),
        };
        let title = title.unwrap_or(plain);
        let svg = Canvas::draw(&title, &caption, height, |canvas| {
            canvas.bold((16.0, 20.0), &title, 15.0, INK);
            paint(canvas);
        });
        let is_over_time =
            !matches!(self.draw, Draw::Message(_) | Draw::Exemplar(_) | Draw::Sweep(_));
        Chart { kind: self.name, id, title, caption, svg, is_over_time }
    }
}

/// The quantities that layers steer by, by name.
fn levels(result: &RunResult) -> BTreeSet<&str> {
    let policies = result.series.policies.values();
    policies.flat_map(|policy| policy.levels.keys().map(String::as_str)).collect()
}

/// A name in letters that fit a file name on any system, and not more of them than do.
fn slug(name: &str) -> String {
    let letters = name.chars().take(60);
    letters.map(|letter| if letter.is_alphanumeric() { letter } else { '-' }).collect()
}
