use super::super::{Pending, Unanswered};

#[test]
fn late_second_and_stray_replies_are_told_apart() {
    let mut pending = Pending::new(2);
    let [first, second, third] = ["a", "b", "c"].map(|who| pending.open(who));
    assert_eq!(pending.on_reply(first), Some("a"));
    assert_eq!(pending.on_reply(first), None);
    pending.close(second, Unanswered::TimedOut);
    assert_eq!(pending.on_reply(second), None);
    pending.close(third, Unanswered::Dropped);
    // Only the last two are remembered.
    assert_eq!(pending.on_reply(first), None);
    let counts = pending.counts();
    assert_eq!((counts.duplicate, counts.late, counts.stray), (1, 1, 1));
    assert_eq!((counts.made, counts.replied, counts.timed_out, counts.dropped), (3, 1, 1, 1));
    assert!(pending.is_empty());
}
