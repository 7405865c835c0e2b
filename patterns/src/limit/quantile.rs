/// Bits of a value that tell it from its neighbours: values within a 32nd of each other are one.
const PRECISION: u32 = 5;
const STEPS: usize = 1 << PRECISION;
const PLACES: usize = STEPS * (65 - PRECISION as usize);

/// Latencies, counted so that a quantile can be read from them; 3 % exact, and of one size.
#[derive(Debug)]
pub(super) struct Latencies {
    counts: Box<[u32; PLACES]>,
    total: u32,
}

impl Latencies {
    pub(super) fn new() -> Self {
        Self { counts: Box::new([0; PLACES]), total: 0 }
    }

    pub(super) fn len(&self) -> u32 {
        self.total
    }

    pub(super) fn add(&mut self, nanos: u64) {
        self.counts[place(nanos)] += 1;
        self.total += 1;
    }

    /// The value below which the share `q` of the latencies lies. Forgets them.
    pub(super) fn take(&mut self, q: f64) -> f64 {
        let mut rank = q * f64::from(self.total);
        let mut value = 0.0;
        for (place, count) in self.counts.iter_mut().enumerate() {
            let here = f64::from(std::mem::take(count));
            if rank > 0.0 && here > 0.0 {
                let (low, width) = bounds(place);
                value = low + width * (rank / here).min(1.0);
            }
            rank -= here;
        }
        self.total = 0;
        value
    }

    pub(super) fn clear(&mut self) {
        self.counts.fill(0);
        self.total = 0;
    }
}

fn place(nanos: u64) -> usize {
    let shift = (u64::BITS - nanos.leading_zeros()).saturating_sub(PRECISION + 1);
    shift as usize * STEPS + (nanos >> shift) as usize
}

fn bounds(place: usize) -> (f64, f64) {
    let shift = (place / STEPS).saturating_sub(1);
    let step = (place - shift * STEPS) as f64;
    let width = (1u64 << shift) as f64;
    (step * width, width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_close() {
        let mut latencies = Latencies::new();
        for q in [0.01, 0.5, 0.9, 1.0] {
            (1..=1_000).for_each(|n| latencies.add(n * 1_000_000));
            let value = latencies.take(q);
            assert!((value / (q * 1e9) - 1.0).abs() < 0.04, "{q}: {value}");
            assert_eq!(latencies.len(), 0);
        }
        for nanos in [0, 1, 31, 32, 33, 63, 64, 65, 1 << 40, u64::MAX] {
            let (low, width) = bounds(place(nanos));
            assert!(low <= nanos as f64 && nanos as f64 <= low + width, "{nanos}");
        }
    }
}
