use std::collections::BTreeMap;

use crate::broker::epochs::Epochs;
use crate::component::Invariant;

/// What is known of all places of a broker together, which none of them knows: whether its partitions keep the laws of
/// a log that several keep.
#[derive(Default)]
pub(in crate::broker) struct Ledger {
    lines: BTreeMap<(usize, u32), Line>,
    elections: u64,
    /// Leaders of an epoch that somebody else has led.
    rivals: u64,
    /// Watermarks behind which a log was another than before.
    parted: u64,
    /// Leaders that lacked what was behind the watermark, and what is to be said of the first.
    gone: u64,
    first_gone: Option<String>,
}

/// What was behind the watermark of a partition.
#[derive(Default)]
struct Line {
    upto: u64,
    epochs: Epochs,
    /// Who has led in each epoch.
    leaders: BTreeMap<u64, usize>,
}

impl Ledger {
    /// A place begins to lead in an epoch, with a log that ends there.
    pub(in crate::broker) fn lead(
        &mut self,
        of: (usize, u32),
        (place, epoch): (usize, u64),
        (end, epochs): (u64, &Epochs),
    ) {
        self.elections += 1;
        let line = self.lines.entry(of).or_default();
        self.rivals += u64::from(line.leaders.insert(epoch, place).is_some_and(|at| at != place));
        let parts = epochs.parts_from(&line.epochs, line.upto.min(end)).map(|at| at - 1);
        let kept = parts.unwrap_or(end);
        if kept < line.upto {
            self.gone += 1;
            self.first_gone.get_or_insert_with(|| {
                format!("place {place} led in epoch {epoch} with {kept} of {} entries", line.upto)
            });
            line.upto = kept;
            line.epochs.cut(kept);
        }
    }

    /// The watermark of a partition is there now, in a log with these epochs.
    pub(in crate::broker) fn commit(&mut self, of: (usize, u32), watermark: u64, epochs: &Epochs) {
        let line = self.lines.entry(of).or_default();
        let parts = epochs.parts_from(&line.epochs, line.upto.min(watermark));
        self.parted += u64::from(parts.is_some());
        if watermark > line.upto {
            line.epochs.clone_from(epochs);
            line.epochs.cut(watermark);
            line.upto = watermark;
        }
    }

    /// The laws of a broker; that what was acknowledged is kept only where that is promised.
    pub(in crate::broker) fn laws(&self, broker: &str, keeps: bool) -> Vec<Invariant> {
        let Self { elections, rivals, parted, gone, first_gone, .. } = self;
        let law = |name: &str, broken: u64, detail: String| Invariant {
            name: format!("{name} {broker}"),
            passed: broken == 0,
            detail,
        };
        let mut laws = vec![
            law(
                "one-leader",
                *rivals,
                format!("{elections} elections, {rivals} of them in an epoch of somebody else"),
            ),
            law("one-log", *parted, format!("{parted} logs were another behind the watermark")),
        ];
        if keeps {
            let first = first_gone.as_deref().unwrap_or("every leader had all of it");
            laws.push(law(
                "acknowledged-is-kept",
                *gone,
                format!("{elections} elections: {first}"),
            ));
        }
        laws
    }
}
