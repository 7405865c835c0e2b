use cascadia_runtime::Draw;

/// By what a way is chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// Each request by itself.
    #[default]
    Request,
    /// What the request is about, which always goes the same way.
    Key,
}

/// How often something is done: a whole number between two, each as likely as any other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Times {
    /// The least.
    pub min: u32,
    /// The most, not below the least.
    pub max: u32,
}

impl Times {
    /// The mean.
    pub fn mean(self) -> f64 {
        (f64::from(self.min) + f64::from(self.max)) / 2.0
    }

    pub(super) fn sample(self, draw: &mut Draw) -> u32 {
        if self.min == self.max {
            return self.min;
        }
        let span = f64::from(self.max - self.min) + 1.0;
        (f64::from(self.min) + draw.unit() * span) as u32
    }
}
