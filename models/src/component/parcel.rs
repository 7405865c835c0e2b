use std::any::Any;

/// Something that can be sent: any value that can be copied, as a fault may deliver it twice.
pub trait Parcel: Any + Send {
    /// A second one.
    fn copy(&self) -> Box<dyn Parcel>;

    /// It, as whoever receives it gets it.
    fn open(self: Box<Self>) -> Box<dyn Any + Send>;
}

impl<T: Any + Clone + Send> Parcel for T {
    fn copy(&self) -> Box<dyn Parcel> {
        Box::new(self.clone())
    }

    fn open(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}
