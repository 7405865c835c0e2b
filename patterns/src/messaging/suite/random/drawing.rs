use cascadia_runtime::Stream;

use super::play::Play;
use super::setting::Setting;
use super::step::Step;
use crate::messaging::capabilities::Capability;
use crate::messaging::suite::trouble::Trouble;

/// As many messages as a history has at most.
const MESSAGES: u32 = 12;

/// What happens next: something that is possible.
pub(super) fn draw(play: &Play, stream: &mut Stream) -> Step {
    let mut possible = possible(play, stream);
    let weight: u64 = possible.iter().map(|(weight, _)| weight).sum();
    let mut at = stream.below(weight);
    possible.retain(|(weight, _)| {
        let is_behind = at < *weight;
        at = at.saturating_sub(*weight);
        is_behind
    });
    // The first of those that are left has it.
    possible.swap_remove(0).1
}

fn possible(play: &Play, stream: &mut Stream) -> Vec<(u64, Step)> {
    let mut all = publishing(play, stream);
    if play.members.iter().any(Option::is_none) {
        all.push((6, Step::Join));
    }
    all.extend(leaving(play).map(|step| (2, step)));
    all.extend(settling(play, stream));
    if play.acked.is_some() {
        all.push((1, Step::AckAgain));
    }
    if play.setting.is_short() && play.setting.trouble == Trouble::None && !play.held.is_empty() {
        all.push((3, Step::Expire));
    }
    if play.perishes.is_some() && perishes_alike(play) {
        all.push((12, Step::Perish));
    }
    let is_begun = play.published > 0 && play.members.iter().any(Option::is_some);
    if play.setting.trouble != Trouble::None && is_begun {
        all.push((3, Step::Trouble(play.setting.trouble)));
    }
    all
}

fn publishing(play: &Play, stream: &mut Stream) -> Vec<(u64, Step)> {
    let first = play.published;
    if first >= MESSAGES {
        return Vec::new();
    }
    let count = (1 + stream.below(3)) as u32;
    let plain =
        |perishes, is_slow| Step::Publish { first, count, known_by: None, perishes, is_slow };
    let mut all = vec![(6, plain(false, false))];
    let Setting { perishes, .. } = play.setting;
    // What is in flight, or worth something, for a short time only would be over meanwhile.
    if !play.setting.is_short() && !perishes {
        all.push((2, plain(false, true)));
    }
    if perishes {
        all.push((9, plain(true, false)));
    }
    if first > 0 {
        let known_by = Some(2 * (stream.below(u64::from(first)) as u32 / 2));
        let (perishes, is_slow) = (false, false);
        all.push((2, Step::Publish { first, count: 1, known_by, perishes, is_slow }));
    }
    all
}

/// Whether it is certain when the letter is written of what is worthless: some write it when it would be delivered.
fn perishes_alike(play: &Play) -> bool {
    let Setting { buries, .. } = play.setting;
    !buries || !play.setting.is_bounded() && play.members.iter().any(Option::is_some)
}

/// Who can go, so that it is certain what they leave behind: which of two has what is not, nor when what they were the last
/// to try, or what is worthless, is buried, where nobody is there.
fn leaving(play: &Play) -> Option<Step> {
    let here = play.members.iter().flatten().count();
    let is_certain = here == 1 || play.held.len() <= 1;
    let last = play.setting.attempts.unwrap_or(u32::MAX);
    let is_last = play.held.values().any(|(_, delivery)| delivery.attempt >= last);
    let is_buried = here > 1 || !(is_last || play.setting.buries && play.setting.perishes);
    (here > 0 && is_certain && is_buried).then(|| Step::Leave(play.held.keys().next().copied()))
}

fn settling(play: &Play, stream: &mut Stream) -> Vec<(u64, Step)> {
    if play.held.is_empty() {
        return Vec::new();
    }
    let held: Vec<_> = play.held.keys().copied().collect();
    let number = held[stream.below(held.len() as u64) as usize];
    let worn = worn(play).filter(|_| stream.below(2) == 0).unwrap_or(number);
    let all = [
        (6, None, Step::Ack(number)),
        (
            if play.setting.is_strict() { 10 } else { 5 },
            Some(Capability::Requeue),
            Step::Requeue(worn),
        ),
        (1, Some(Capability::Delay), Step::Rest(number)),
        (1, Some(Capability::DeadLetter), Step::Dead(number)),
        (1, Some(Capability::Working), Step::Working(number)),
    ];
    // What rests would rest for longer than others are there, or be ready when something else has its room.
    let setting = &play.setting;
    let cannot_rest = setting.is_short() || setting.is_bounded();
    let is_slow = |step: &Step| matches!(step, Step::Rest(_)) && cannot_rest;
    let all = all.into_iter().filter(|(_, needs, _)| needs.is_none_or(|needs| play.has(needs)));
    all.filter(|(_, _, step)| !is_slow(step)).map(|(weight, _, step)| (weight, step)).collect()
}

/// Where deliveries are limited, what was tried most often: a limit is seen by what comes to it.
fn worn(play: &Play) -> Option<u32> {
    play.setting.attempts?;
    let tried = play.held.iter().max_by_key(|(_, (_, delivery))| delivery.attempt);
    tried.map(|(number, _)| *number)
}

/// What brings a history to its end: everything is done.
pub(super) fn finish(play: &Play) -> Option<Step> {
    if play.members.iter().all(Option::is_none) {
        return Some(Step::Join);
    }
    play.held.keys().next().map(|number| Step::Ack(*number))
}
