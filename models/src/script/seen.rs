use cascadia_sim_core::Local;

/// The versions that a script has been told of, by site and row.
#[derive(Default)]
pub(super) struct Seen(Local<Vec<((usize, u64), u64)>>);

impl Seen {
    pub(super) fn version(&self, row: (usize, u64)) -> u64 {
        let seen = self.0.borrow_mut();
        seen.iter().find(|(known, _)| *known == row).map_or(0, |(_, version)| *version)
    }

    pub(super) fn note(&self, row: (usize, u64), version: u64) {
        let seen = &mut *self.0.borrow_mut();
        match seen.iter_mut().find(|(known, _)| *known == row) {
            Some((_, known)) => *known = version,
            None => seen.push((row, version)),
        }
    }
}
