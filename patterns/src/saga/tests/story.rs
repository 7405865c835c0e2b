use super::scripted::{Driven, done, failed, order, refused};
use crate::testing::ms;

/// The log of a saga reads as a story.
#[test]
fn a_log_displays_as_a_story() {
    let mut saga = Driven::begin(&order());
    saga.now = saga.now + ms(4);
    saga.end(done());
    saga.now = saga.now + ms(1);
    saga.end(failed());
    saga.wait();
    saga.end(done());
    saga.resume(saga.entries.len());
    saga.end(refused());
    saga.end(done());
    saga.now = saga.now + ms(7);
    saga.end(done());
    let story = "\
+0.000s  7 begins, as order 1
+0.000s  reserve: asks inventory
+0.004s  reserve: done
+0.004s  book: asks courier
+0.005s  book: failed (busy)
+1.005s  book: asks courier, attempt 2
+1.005s  book: done
+1.005s  charge: asks payment
+1.005s  (taken over, epoch 2) charge: refused (declined: no money)
+1.005s  it goes back
+1.005s  book: asks courier to undo it
+1.005s  book: undone
+1.005s  reserve: asks inventory to undo it
+1.012s  reserve: undone
+1.012s  compensated
";
    assert_eq!(saga.log().to_string(), story);
}
