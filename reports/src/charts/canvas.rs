use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, IntoFont, RGBAColor, ShapeStyle, TextStyle};

use crate::palette::{self, BOUND, Color, PAPER};
use crate::sinks::markup;

/// The width of every chart in pixels.
pub(crate) const WIDTH: f64 = 960.0;
/// The size of ordinary text.
pub(super) const TEXT: f64 = 12.5;
/// Drawing units per pixel: plotters knows only whole units, and whole pixels make stairs of lines.
const FINE: f64 = 10.0;
/// What plotters divides a font size by.
const FONT_SCALE: f64 = 1.24;

/// A point in pixels, from the upper left.
pub(super) type Point = (f64, f64);

/// Where a text sits relative to its point.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A sheet to draw on.
pub(super) struct Canvas<'a> {
    backend: SVGBackend<'a>,
    /// What is said where somebody points, above all that is drawn.
    hovers: String,
}

const INFALLIBLE: &str = "writing to a string cannot fail";

impl Canvas<'_> {
    /// A chart of a given height as SVG.
    pub(super) fn draw(
        title: &str,
        description: &str,
        height: f64,
        paint: impl FnOnce(&mut Canvas<'_>),
    ) -> String {
        let mut drawn = String::new();
        let mut canvas = Canvas {
            backend: SVGBackend::with_string(
                &mut drawn,
                (units(WIDTH) as u32, units(height) as u32),
            ),
            hovers: String::new(),
        };
        canvas.rect((0.0, 0.0), (WIDTH, height), PAPER, 1.0);
        paint(&mut canvas);
        canvas.backend.present().expect(INFALLIBLE);
        let hovers = std::mem::take(&mut canvas.hovers);
        drop(canvas);
        let drawn = match drawn.rsplit_once("</svg>") {
            Some((body, _)) => format!("{body}{hovers}</svg>\n"),
            None => drawn,
        };
        markup(dress(&drawn, title, description, height))
    }

    pub(super) fn rect(&mut self, from: Point, to: Point, color: Color, opacity: f64) {
        let style = fill(color, opacity);
        self.backend.draw_rect(place(from), place(to), &style, true).expect(INFALLIBLE);
    }

    pub(super) fn line(&mut self, points: &[Point], color: Color, width: f64) {
        let style = ShapeStyle { stroke_width: units(width) as u32, ..fill(color, 1.0) };
        self.backend.draw_path(points.iter().copied().map(place), &style).expect(INFALLIBLE);
    }

    pub(super) fn area(&mut self, points: &[Point], color: Color, opacity: f64) {
        let points = points.iter().copied().map(place);
        self.backend.fill_polygon(points, &fill(color, opacity)).expect(INFALLIBLE);
    }

    pub(super) fn dot(&mut self, at: Point, radius: f64, color: Color, opacity: f64) {
        let radius = units(radius) as u32;
        self.backend.draw_circle(place(at), radius, &fill(color, opacity), true).expect(INFALLIBLE);
    }

    /// What is said where somebody points at this line, or near it. It is drawn by others.
    pub(super) fn hover(&mut self, from: Point, to: Point, text: &str) {
        let ((x1, y1), (x2, y2)) = (place(from), place(to));
        let said = maud::html! {
            line x1=(x1) y1=(y1) x2=(x2) y2=(y2) stroke="transparent" stroke-width=(units(9.0))
                pointer-events="stroke" { title { (text) } }
        };
        self.hovers += &format!("{}\n", said.into_string());
    }

    /// Text whose vertical middle is at `at`.
    pub(super) fn text(&mut self, at: Point, text: &str, size: f64, color: Color, anchor: Anchor) {
        self.styled(at, text, size, color, anchor, FontStyle::Normal);
    }

    pub(super) fn bold(&mut self, at: Point, text: &str, size: f64, color: Color) {
        self.styled(at, text, size, color, Anchor::Start, FontStyle::Bold);
    }

    fn styled(
        &mut self,
        at: Point,
        text: &str,
        size: f64,
        color: Color,
        anchor: Anchor,
        style: FontStyle,
    ) {
        let horizontal = match anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let font = ("sans-serif", size * FINE * FONT_SCALE).into_font().style(style);
        let color = rgba(color, 1.0);
        let style = TextStyle::from(font).color(&color).pos(Pos::new(horizontal, VPos::Center));
        self.backend.draw_text(text, &style, place(at)).expect(INFALLIBLE);
    }
}

/// About how wide a text of a given size is, in pixels.
pub(super) fn text_width(text: &str, size: f64) -> f64 {
    unicode_width::UnicodeWidthStr::width(text) as f64 * size * 0.55
}

/// As much of a text as fits a width, with a mark where something is left out.
pub(super) fn fitting(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let mut shown = text.to_owned();
    while text_width(&shown, size) + text_width("…", size) > width && shown.pop().is_some() {}
    shown + "…"
}

fn units(pixels: f64) -> i32 {
    (pixels * FINE).round() as i32
}

fn place((x, y): Point) -> (i32, i32) {
    (units(x), units(y))
}

fn fill(color: Color, opacity: f64) -> ShapeStyle {
    ShapeStyle { color: rgba(color, opacity), filled: true, stroke_width: 0 }
}

fn rgba(color: Color, opacity: f64) -> RGBAColor {
    let [_, red, green, blue] = color.light.to_be_bytes();
    RGBAColor(red, green, blue, opacity)
}

/// Replaces the head that plotters wrote by one with a title, a description and a dark mode.
fn dress(drawn: &str, title: &str, description: &str, height: f64) -> String {
    let (_, body) = drawn.split_once('\n').expect("plotters ends the head with a new line");
    let (width, tall) = (units(WIDTH), units(height));
    let head = maud::html! {
        title { (title) }
        desc { (description) }
    };
    let dashed = BOUND.hex();
    let dark = palette::dark_rules(".chart", body);
    format!(
        "<svg class=\"chart\" role=\"img\" width=\"{WIDTH}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {tall}\" xmlns=\"http://www.w3.org/2000/svg\">\n{}\n<style>\
         .chart text{{font-family:system-ui,-apple-system,\"Segoe UI\",Roboto,sans-serif;\
         font-variant-numeric:tabular-nums}}\
         .chart polyline{{stroke-linejoin:round;stroke-linecap:round}}\
         .chart polyline[stroke=\"{dashed}\"]{{stroke-dasharray:50 45;stroke-linecap:butt}}\
         @media (prefers-color-scheme:dark){{{dark}}}</style>\n{body}",
        head.into_string()
    )
}
