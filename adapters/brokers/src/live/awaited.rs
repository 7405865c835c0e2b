use std::time::Duration;

use cascadia_patterns::messaging::{Delivery, Fed, Feed};

/// How long something is waited for that must come.
const PATIENCE: Duration = Duration::from_secs(20);

/// The next that is delivered.
///
/// # Panics
///
/// When the feed ends, or nothing comes.
pub async fn delivered(feed: &mut Box<dyn Feed>) -> Delivery {
    loop {
        let fed = tokio::time::timeout(PATIENCE, feed.next()).await.expect("it comes");
        if let Fed::Delivery(delivery) = fed.expect("it goes on").expect("it goes well") {
            return delivery;
        }
    }
}
