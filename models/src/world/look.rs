use crate::capture::Suspect;
use crate::ids::ServiceId;
use crate::trace::Wanted;

/// What somebody looks at in a run that is made once more.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Look<'a> {
    /// Nobody looks on.
    #[default]
    Nowhere,
    /// What is on the wire around a message of a group of components.
    Message(&'a (ServiceId, Suspect)),
    /// Some requests.
    Requests(&'a Wanted),
}
