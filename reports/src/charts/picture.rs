use super::canvas::{Anchor, Canvas, TEXT};
use crate::palette::MUTED;

/// A picture, or why there is nothing to draw.
pub(super) type Drawn<'a> = Result<Picture<'a>, String>;

/// A chart that is to be painted.
pub(super) struct Picture<'a> {
    /// Where it says more than that of the kind.
    pub(super) title: Option<String>,
    pub(super) caption: String,
    pub(super) height: f64,
    /// Paints what stands below the title.
    pub(super) paint: Box<dyn Fn(&mut Canvas<'_>) + 'a>,
}

impl Picture<'_> {
    /// In place of a chart without data.
    pub(super) fn empty(why: String) -> Self {
        let text = why.clone();
        let paint = move |canvas: &mut Canvas<'_>| {
            canvas.text((16.0, 54.0), &text, TEXT, MUTED, Anchor::Start);
        };
        Self { title: None, caption: why, height: 90.0, paint: Box::new(paint) }
    }

    pub(super) fn titled(self, title: String) -> Self {
        Self { title: Some(title), ..self }
    }
}
