use cascadia_patterns::observe::Level;

/// A level over a stretch of time, over all instances of a layer that have one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LevelRange {
    /// The mean over the instances at the end.
    pub mean: f64,
    /// The least value of an instance.
    pub min: f64,
    /// The greatest value of an instance.
    pub max: f64,
}

/// A level of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct LevelMeasured {
    /// Which.
    pub level: Level,
    /// In each window; nothing before the first instance told it.
    pub series: Vec<Option<LevelRange>>,
}

/// Follows a level of a layer through its instances.
#[derive(Clone, Debug)]
pub(super) struct Track {
    pub(super) level: Level,
    /// The value of each instance that has told it.
    values: Vec<Option<f64>>,
    /// The least and the greatest value in the open window, which comes after the closed ones.
    range: Option<(f64, f64)>,
    closed: Vec<Option<LevelRange>>,
}

impl Track {
    pub(super) fn new(level: Level) -> Self {
        Self { level, values: Vec::new(), range: None, closed: Vec::new() }
    }

    /// The level of `instance` is `value` from now on. Before the warm-up there is no window.
    pub(super) fn set(&mut self, window: Option<u32>, instance: u32, value: f64) {
        self.close_before(window.unwrap_or(0) as usize);
        let instance = instance as usize;
        if self.values.len() <= instance {
            self.values.resize(instance + 1, None);
        }
        self.values[instance] = Some(value);
        self.range = match (window, self.range) {
            (Some(_), Some((min, max))) => Some((min.min(value), max.max(value))),
            (Some(_), None) => Some((value, value)),
            (None, _) => self.range_of_values(),
        };
    }

    /// An instance is replaced by one that has not told its level yet.
    pub(super) fn forget(&mut self, window: Option<u32>, instance: u32) {
        self.close_before(window.unwrap_or(0) as usize);
        if let Some(value) = self.values.get_mut(instance as usize) {
            *value = None;
        }
    }

    fn close_before(&mut self, window: usize) {
        while self.closed.len() < window {
            self.close();
        }
    }

    /// The reading of the open window.
    fn reading(&self) -> Option<LevelRange> {
        let known = || self.values.iter().flatten();
        let count = known().count();
        let mean = || known().sum::<f64>() / count as f64;
        let reading = |(min, max)| LevelRange { mean: mean(), min, max };
        self.range.filter(|_| count > 0).map(reading)
    }

    fn close(&mut self) {
        self.closed.push(self.reading());
        self.range = self.range_of_values();
    }

    /// Across the instances as they stand.
    fn range_of_values(&self) -> Option<(f64, f64)> {
        self.values.iter().flatten().fold(None, |range, value| match range {
            Some((min, max)) => Some((f64::min(min, *value), f64::max(max, *value))),
            None => Some((*value, *value)),
        })
    }

    /// The first `windows` windows. What was told at the end of the last belongs to it.
    pub(super) fn measured(&self, windows: usize) -> LevelMeasured {
        let mut series = self.clone();
        series.close_before(windows);
        let mut series = series.closed;
        if let Some(last) = series.last_mut()
            && self.closed.len() == windows
            && let Some(end) = self.reading()
        {
            let (min, max) = last.map_or((end.min, end.max), |last| (last.min, last.max));
            *last =
                Some(LevelRange { mean: end.mean, min: min.min(end.min), max: max.max(end.max) });
        }
        LevelMeasured { level: self.level, series }
    }
}
