//! No core allocates while calls are admitted, succeed, fail and leave by turns.
//!
//! What holds those who wait grows to the most that it has held, and no more.

mod choice;
mod failures;
mod limits;

/// How a call ends: in one of these ways, by turns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Success,
    Failure,
    Overload,
    Cancel,
}

/// The next of them. A failure comes often enough to open what opens.
fn turns() -> impl FnMut() -> End {
    let turns = [End::Success, End::Failure, End::Cancel, End::Failure, End::Overload];
    let mut ends = turns.into_iter().cycle();
    move || ends.next().unwrap()
}
