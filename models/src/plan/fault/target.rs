use crate::plan::{Instance, ServiceId};

/// Whom a fault hits.
#[derive(Clone, Debug)]
pub struct Target<Who = Instance> {
    /// Those that match the selector, in order; never empty.
    pub candidates: Vec<Who>,
    /// How many of them.
    pub pick: Pick,
}

/// How many candidates a fault hits. Which ones is drawn from the fault's own stream.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pick {
    /// All.
    All,
    /// One.
    One,
    /// This share, rounded up.
    Share(f64),
}

impl<Who> Target<Who> {
    /// How many are hit.
    pub(crate) fn count(&self) -> usize {
        let all = self.candidates.len();
        match self.pick {
            Pick::All => all,
            Pick::One => 1,
            Pick::Share(share) => share_of(share, all).clamp(1, all),
        }
    }
}

impl Target {
    /// Whether a replica of `service` may be hit.
    pub(super) fn may_hit(&self, service: ServiceId) -> bool {
        self.candidates.iter().any(|candidate| candidate.service == service)
    }
}

/// A share of so many, rounded up. A share such as 55 % is no binary number, and what it is too
/// large by must not count as one more.
fn share_of(share: f64, all: usize) -> usize {
    let exact = share * all as f64;
    libm::ceil(exact - exact * 2.0 * f64::EPSILON) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_in_tenths_of_a_percent_is_rounded_up_as_whole_numbers_are() {
        for tenths in 1..=1_000_usize {
            let share: f64 = format!("{tenths}e-3").parse().unwrap();
            for all in (1..=1_000).chain([9_999, 100_000, 10_000_000]) {
                let expected = (tenths * all).div_ceil(1_000);
                assert_eq!(share_of(share, all), expected, "{tenths} tenths of a percent of {all}");
            }
        }
    }
}
