use crate::messaging::suite;
use crate::testing::TestWorld;

/// The time of tests, and a date that goes with it.
pub(crate) type Dated = suite::Dated<TestWorld>;

impl Dated {
    pub(crate) fn new() -> Self {
        Self::by(TestWorld::new())
    }
}
