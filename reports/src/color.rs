/// A colour on a light and on a dark ground, as `0xRRGGBB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    /// On a light ground.
    pub light: u32,
    /// On a dark ground.
    pub dark: u32,
}

impl Color {
    pub(crate) const fn new(light: u32, dark: u32) -> Self {
        Self { light, dark }
    }

    /// The light form as `#RRGGBB`.
    pub fn hex(self) -> String {
        format!("#{:06X}", self.light)
    }
}
