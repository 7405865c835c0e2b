use std::fmt;

/// Kept by who is to leave while anything is under way there. Dropped, it lets the place be left.
pub struct Drained(Option<Box<dyn FnOnce() + Send>>);

impl Drained {
    pub(crate) fn new(leave: impl FnOnce() + Send + 'static) -> Self {
        Self(Some(Box::new(leave)))
    }
}

impl Drop for Drained {
    fn drop(&mut self) {
        if let Some(leave) = self.0.take() {
            leave();
        }
    }
}

impl fmt::Debug for Drained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Drained")
    }
}
