use cascadia_models::plan;

use crate::decode::{Decode, Def, Shape, choice, wrong_shape};
use crate::diagnostics::{Diagnostic, Report};
use crate::text::Node;
use crate::units::{Share, share_text};

/// How many of the selected replicas are hit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Pick {
    #[default]
    All,
    One,
    Share(f64),
}

impl Pick {
    pub(super) fn plan(self) -> plan::Pick {
        match self {
            Self::All => plan::Pick::All,
            Self::One => plan::Pick::One,
            Self::Share(share) => plan::Pick::Share(share),
        }
    }

    /// So many of the replicas that a selector selects, in words.
    pub(super) fn of(self, selector: &str) -> String {
        match self {
            Self::All => selector.to_owned(),
            Self::One => format!("one of {selector}"),
            Self::Share(share) => format!("{} of {selector}", share_text(share)),
        }
    }
}

impl Decode for Pick {
    type Value = Self;

    fn decode(node: &Node, report: &mut Report) -> Option<Self> {
        match node.text() {
            None => {
                wrong_shape(node, Self::shape(), report);
                None
            }
            Some("all") => Some(Self::All),
            Some("one") => Some(Self::One),
            Some(text) => match Share::parse(text) {
                Ok(share) => Some(Self::Share(share.0)),
                Err(_) => {
                    let message = format!("`{text}` does not say how many are hit");
                    let diagnostic = Diagnostic::error("S010", message).at(node.span, "here");
                    let help = "write \"all\", \"one\" or a share such as \"25%\"";
                    report.push(diagnostic.help(help));
                    None
                }
            },
        }
    }

    fn shape() -> Shape {
        Shape::Any(Def {
            name: "Pick",
            about: "How many of the selected replicas are hit.",
            parts: || vec![Word::shape(), Share::shape()],
        })
    }

    fn show(pick: &Self) -> Option<String> {
        matches!(pick, Self::All).then(|| "all".to_owned())
    }
}

choice! {
    /// How many, in words.
    enum Word: () {
        /// All of them.
        all => (),
        /// One of them, drawn at random.
        one => (),
    }
}
