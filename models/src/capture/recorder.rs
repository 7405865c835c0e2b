use std::any::Any;
use std::collections::{BTreeSet, VecDeque};

use cascadia_runtime::Time;

use super::dissector::Dissector;
use super::transit::{Capture, Fate, Transit};
use crate::ids::PlaceId;

/// Of what is sent of the message, so many are kept: half of them the first, half the last.
const OWN: usize = 40;

/// So many are kept in all, if there are as many.
const ALL: usize = 60;

/// So many of what else is sent are kept before something of the message, and after it, until it is known
/// who takes part.
const BESIDE: usize = 48;

/// What was on the wire, as far as it is kept.
pub(crate) struct Recorder {
    dissector: Box<dyn Dissector>,
    first: Vec<Transit>,
    last: VecDeque<Transit>,
    left_out: u64,
    /// What was sent last that is not of the message.
    before: VecDeque<Transit>,
    /// What else was sent beside what is of it.
    beside: VecDeque<Transit>,
    /// So many of what comes are beside it, too.
    after: usize,
}

impl Recorder {
    pub(crate) fn new(dissector: Box<dyn Dissector>) -> Self {
        Self {
            dissector,
            first: Vec::new(),
            last: VecDeque::new(),
            left_out: 0,
            before: VecDeque::new(),
            beside: VecDeque::new(),
            after: 0,
        }
    }

    /// Something leaves, or is lost at once.
    pub(crate) fn sent(
        &mut self,
        key: u64,
        (from, to): (PlaceId, PlaceId),
        (sent, arrives): (Time, Option<Time>),
        what: &dyn Any,
    ) {
        let Some(said) = self.dissector.read((from, to), what) else { return };
        let fate = arrives.map_or(Fate::Lost, Fate::Received);
        let transit = Transit { key, from, to, sent, fate, said };
        match transit.said.is_about {
            true => self.own(transit),
            false => self.other(transit),
        }
    }

    /// It has come, and nobody was there.
    pub(crate) fn unheard(&mut self, key: u64) {
        let kept = self.first.iter_mut().chain(&mut self.last);
        let kept = kept.chain(&mut self.beside).chain(&mut self.before);
        for transit in kept.filter(|transit| transit.key == key) {
            if let Fate::Received(at) = transit.fate {
                transit.fate = Fate::Unheard(at);
            }
        }
    }

    fn own(&mut self, transit: Transit) {
        self.beside.append(&mut self.before);
        self.after = BESIDE;
        if self.first.len() < OWN / 2 {
            return self.first.push(transit);
        }
        self.last.push_back(transit);
        if self.last.len() > OWN / 2 {
            self.last.pop_front();
            self.left_out += 1;
        }
        // The first and the last of them matter, and so does what is beside them.
        while self.beside.len() > OWN * 2 * BESIDE {
            self.beside.remove(OWN * BESIDE);
        }
    }

    fn other(&mut self, transit: Transit) {
        if self.after > 0 {
            self.after -= 1;
            return self.beside.push_back(transit);
        }
        self.before.push_back(transit);
        if self.before.len() > BESIDE {
            self.before.pop_front();
        }
    }

    /// What is there of the message, and of the rest what was sent next to it between those who have to do with it.
    pub(crate) fn finish(&mut self) -> Capture {
        let own: Vec<Transit> = self.first.drain(..).chain(self.last.drain(..)).collect();
        let places: BTreeSet<PlaceId> = own.iter().flat_map(|own| [own.from, own.to]).collect();
        let is_near = |one: &Transit| places.contains(&one.from) && places.contains(&one.to);
        let apart = |one: &Transit| {
            let nanos = |own: &Transit| own.sent.as_nanos().abs_diff(one.sent.as_nanos());
            own.iter().map(nanos).min().unwrap_or(u64::MAX)
        };
        let mut others: Vec<Transit> = self.beside.drain(..).filter(is_near).collect();
        others.sort_by_key(apart);
        others.truncate(ALL - own.len());
        let mut transits: Vec<Transit> = own.into_iter().chain(others).collect();
        transits.sort_by_key(|transit| transit.sent);
        let mut marks = self.dissector.marks();
        marks.truncate(OWN);
        Capture { transits, marks, left_out: self.left_out, ..Capture::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::dissector::{Mark, Said};

    /// Knows numbers: those that can be divided by ten are about the message.
    struct Tens;

    impl Dissector for Tens {
        fn read(&mut self, _: (PlaceId, PlaceId), sent: &dyn Any) -> Option<Said> {
            let number = *sent.downcast_ref::<u64>()?;
            let is_about = number.is_multiple_of(10);
            Some(Said { kind: "number", text: number.to_string(), is_about })
        }

        fn marks(&self) -> Vec<Mark> {
            Vec::new()
        }
    }

    fn at(nanos: u64) -> Time {
        Time::from_nanos(nanos)
    }

    fn recorded(numbers: std::ops::Range<u64>) -> Capture {
        let mut recorder = Recorder::new(Box::new(Tens));
        for number in numbers {
            let way = (PlaceId(number as u32 % 2), PlaceId(2 + number as u32 % 3));
            recorder.sent(number, way, (at(number), Some(at(number + 5))), &number);
        }
        recorder.sent(1, (PlaceId(0), PlaceId(2)), (at(1), None), &"nothing of ours");
        recorder.finish()
    }

    #[test]
    fn what_is_kept_is_bounded_and_next_to_the_message() {
        let capture = recorded(1..100_000);
        let own = capture.transits.iter().filter(|one| one.said.is_about);
        let own: Vec<u64> = own.map(|one| one.key).collect();
        let first = (1..=20).map(|number| number * 10);
        let last = (9_980..10_000).map(|number| number * 10);
        assert_eq!(own, first.chain(last).collect::<Vec<_>>());
        assert_eq!((capture.transits.len(), capture.left_out), (60, 9_999 - 40));
        assert!(capture.transits.is_sorted_by_key(|one| one.sent));
    }

    #[test]
    fn only_who_has_to_do_with_it_is_shown() {
        let capture = recorded(5..16);
        let way = |one: &Transit| (one.from.0, one.to.0);
        assert_eq!(capture.transits.iter().map(way).collect::<Vec<_>>(), [(0, 3)]);
    }

    #[test]
    fn what_nobody_heard_is_known_and_what_was_lost_never_came() {
        let mut recorder = Recorder::new(Box::new(Tens));
        let way = (PlaceId(0), PlaceId(1));
        recorder.sent(10, way, (at(1), Some(at(4))), &10_u64);
        recorder.sent(20, way, (at(2), None), &20_u64);
        recorder.unheard(10);
        recorder.unheard(20);
        let fates = recorder.finish().transits.into_iter().map(|one| one.fate);
        assert_eq!(fates.collect::<Vec<_>>(), [Fate::Unheard(at(4)), Fate::Lost]);
    }
}
