//! The one histogram of the product.

#[cfg(test)]
mod tests;

/// Buckets per power of two.
const HALF: usize = 128;

/// How many values of u64 histograms count, in buckets at most 1/128 of their values wide.
///
/// Values below 256 have a bucket each; from there on every power of two is cut into 128 equal
/// buckets, as in HdrHistogram (Gil Tene). So a quantile or a count is exact but for the place
/// inside one bucket, which is interpolated. Values have no unit here; Cascadia records
/// nanoseconds.
///
/// It is our own for three reasons: the sum is exact, so means have no bucket error; there is no
/// highest value to choose, as the memory grows with what is recorded; and that memory is one flat
/// vector from the lowest to the highest bucket in use, 8 bytes each, so thousands of narrow
/// histograms are cheap and merging two is one loop. The whole of u64 is 7424 buckets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Histogram {
    /// The bucket that `counts[0]` counts.
    first: usize,
    counts: Vec<u64>,
    count: u64,
    sum: u128,
    min: u64,
    max: u64,
}

impl Default for Histogram {
    fn default() -> Self {
        Self::new()
    }
}

impl Histogram {
    /// An empty histogram, without memory of its own.
    pub const fn new() -> Self {
        Self { first: 0, counts: Vec::new(), count: 0, sum: 0, min: u64::MAX, max: 0 }
    }

    /// Counts `value` once.
    #[inline]
    pub fn record(&mut self, value: u64) {
        let bucket = bucket_of(value);
        match self.counts.get_mut(bucket.wrapping_sub(self.first)) {
            Some(count) => *count += 1,
            None => {
                self.cover(bucket, bucket);
                self.counts[bucket - self.first] = 1;
            }
        }
        self.count += 1;
        self.sum += u128::from(value);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// Counts all that `other` counted.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        self.cover(other.first, other.first + other.counts.len() - 1);
        let offset = other.first - self.first;
        for (mine, theirs) in self.counts[offset..].iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
        self.count += other.count;
        self.sum += other.sum;
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }

    /// Forgets every value but keeps the memory for the next ones.
    pub fn clear(&mut self) {
        let mut counts = std::mem::take(&mut self.counts);
        counts.clear();
        *self = Self { counts, ..Self::new() };
    }

    /// How many values were recorded.
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The exact sum of the values.
    pub const fn sum(&self) -> u128 {
        self.sum
    }

    /// The mean of the values, of the exact sum; none without values.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }

    /// The exact smallest value; none without values.
    pub fn min(&self) -> Option<u64> {
        (self.count > 0).then_some(self.min)
    }

    /// The exact largest value; none without values.
    pub fn max(&self) -> Option<u64> {
        (self.count > 0).then_some(self.max)
    }

    /// The value that a share `p` of the values, from 0 to 1, do not exceed; none without values.
    ///
    /// It is in the bucket of the exact order statistic ⌈p·n⌉, so off by at most 1/128 of it, and
    /// interpolated linearly by rank inside: values below 256, the minimum (p = 0) and the maximum
    /// (p = 1) are exact.
    pub fn quantile(&self, p: f64) -> Option<f64> {
        let rank = self.rank(p);
        let mut before = 0;
        for (low, high, count) in self.bins() {
            if rank <= (before + count) as f64 {
                let (low, high) = (low.max(self.min), high.min(self.max));
                let share = (rank - before as f64) / count as f64;
                let value = low as f64 + share * (high - low) as f64;
                return Some(value.min(high as f64));
            }
            before += count;
        }
        None
    }

    /// [`quantile`](Self::quantile), but none where fewer than ten values lie above it: a tail of
    /// fewer says more about luck than about the law.
    pub fn supported_quantile(&self, p: f64) -> Option<f64> {
        if self.count as f64 - self.rank(p) < 10.0 { None } else { self.quantile(p) }
    }

    /// About how many values are smaller than `value`: exact but for those in its own bucket,
    /// which are taken as spread evenly.
    pub fn below(&self, value: u64) -> f64 {
        let mut below = 0;
        for (low, high, count) in self.bins() {
            let (low, high) = (low.max(self.min), high.min(self.max));
            if value <= high {
                let share = value.saturating_sub(low) as f64 / ((high - low) as f64 + 1.0);
                return below as f64 + share * count as f64;
            }
            below += count;
        }
        below as f64
    }

    /// The buckets that hold values, upwards: lowest value, highest value (both of the bucket) and
    /// how many were recorded.
    pub fn bins(&self) -> impl Iterator<Item = (u64, u64, u64)> + '_ {
        let buckets = self.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        buckets.map(|(offset, count)| {
            let (low, high) = bounds(self.first + offset);
            (low, high, *count)
        })
    }

    /// p·n, a whole number where it is one but for the rounding of `p`.
    fn rank(&self, p: f64) -> f64 {
        let rank = p.clamp(0.0, 1.0) * self.count as f64;
        let whole = rank.round();
        if (rank - whole).abs() <= 4.0 * f64::EPSILON * whole { whole } else { rank }
    }

    /// Makes room for the buckets from `low` to `high`.
    #[cold]
    fn cover(&mut self, low: usize, high: usize) {
        if self.counts.is_empty() {
            self.first = low;
        } else if low < self.first {
            self.counts.splice(0..0, std::iter::repeat_n(0, self.first - low));
            self.first = low;
        }
        let len = self.counts.len().max(high + 1 - self.first);
        self.counts.resize(len, 0);
    }
}

/// The bucket that counts `value`.
#[inline]
const fn bucket_of(value: u64) -> usize {
    let shift = 56 - (value | 0xff).leading_zeros();
    shift as usize * HALF + (value >> shift) as usize
}

/// The lowest and the highest value that `bucket` counts.
const fn bounds(bucket: usize) -> (u64, u64) {
    if bucket < 2 * HALF {
        return (bucket as u64, bucket as u64);
    }
    let shift = bucket / HALF - 1;
    let low = ((bucket % HALF + HALF) as u64) << shift;
    (low, low + ((1 << shift) - 1))
}
