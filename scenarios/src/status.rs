//! What answers are called: statuses of HTTP, codes of gRPC, and the kinds that they mean.

use cascadia_models::plan;
use cascadia_patterns::call::Kind;

use crate::decode::{Case, Decode, Def, Shape, choice, unknown_choice, wrong_shape};
use crate::diagnostics::{Diagnostic, Report};
use crate::text::{Node, Value};

/// What an error is called: a status of HTTP or a code of gRPC.
#[derive(Debug)]
pub(crate) enum Status {}

/// A status of HTTP that is an error.
type HttpError = HttpStatus<400, 599>;

impl Decode for Status {
    type Value = plan::Status;

    fn decode(node: &Node, report: &mut Report) -> Option<plan::Status> {
        match &node.value {
            Value::Number(_) => HttpError::decode(node, report),
            // A number between quotes is meant for no name.
            Value::String(text) if text.parse::<f64>().is_err() => GrpcCode::decode(node, report),
            _ => {
                wrong_shape(node, Self::shape(), report);
                None
            }
        }
    }

    fn shape() -> Shape {
        Shape::Any(Def {
            name: "Status",
            about: "What an error is called: an HTTP status from 400 to 599, or a gRPC code by its \
                    name.",
            parts: || vec![HttpError::shape(), GrpcCode::shape()],
        })
    }
}

/// A status of HTTP that is no error.
pub(crate) type Success = HttpStatus<200, 399>;

/// A status of HTTP between two ends.
#[derive(Debug)]
pub(crate) enum HttpStatus<const LEAST: u16, const MOST: u16> {}

impl<const LEAST: u16, const MOST: u16> Decode for HttpStatus<LEAST, MOST> {
    type Value = plan::Status;

    fn decode(node: &Node, report: &mut Report) -> Option<plan::Status> {
        let Value::Number(number) = &node.value else {
            wrong_shape(node, Self::shape(), report);
            return None;
        };
        let status = number.as_u64().and_then(|number| u16::try_from(number).ok());
        let status = status.filter(|status| (LEAST..=MOST).contains(status));
        if status.is_none() {
            let (what, help) = match LEAST {
                400.. => (
                    "an error",
                    "write a whole number from 400 to 599, such as 503, or the name of a gRPC \
                     code, such as \"UNAVAILABLE\"",
                ),
                _ => (
                    "a success",
                    "write a whole number from 200 to 399, such as 304; an error is a step `fail`",
                ),
            };
            let message = format!("{number} is no HTTP status of {what}");
            let diagnostic = Diagnostic::error("S030", message).at(node.span, "out of range");
            report.push(diagnostic.help(help));
        }
        status.map(plan::Status::Http)
    }

    fn shape() -> Shape {
        Shape::Whole { least: LEAST.into(), most: MOST.into() }
    }
}

/// A kind of failure: by its name, or by a status or code that means it.
#[derive(Debug)]
pub(crate) enum FailureKind {}

impl FailureKind {
    fn all() -> impl Iterator<Item = Kind> {
        Kind::ALL.into_iter().filter(|kind| !kind.is_success())
    }

    fn cases() -> Vec<Case> {
        let case =
            |kind: Kind| Case { key: kind.name(), about: kind.help(), word: true, under: None };
        Self::all().map(case).collect()
    }
}

impl Decode for FailureKind {
    type Value = Kind;

    fn decode(node: &Node, report: &mut Report) -> Option<Kind> {
        let Some(text) = node.text().filter(|text| text.parse::<f64>().is_err()) else {
            return Status::decode(node, report).map(plan::Status::kind);
        };
        if let Some(kind) = Self::all().find(|kind| kind.name() == text) {
            return Some(kind);
        }
        if let Some(code) = GrpcCode::KINDS.iter().find(|code| code.key == text) {
            return code.word.and_then(|code| code(node, report)).map(plan::Status::kind);
        }
        let codes = GrpcCode::KINDS.iter().map(|code| code.key);
        let known: Vec<_> = Self::all().map(Kind::name).chain(codes).collect();
        unknown_choice(node, text, (&known, std::iter::empty()), report);
        None
    }

    fn shape() -> Shape {
        Shape::Any(Def {
            name: "FailureKind",
            about: "A kind of failure, by its name; an HTTP status or a gRPC code stands for the \
                    kind that it means.",
            parts: || {
                let names = Shape::Choice(Def { name: "", about: "", parts: Self::cases });
                vec![names, HttpError::shape(), GrpcCode::shape()]
            },
        })
    }
}

choice! {
    /// A code of gRPC, by its name.
    enum GrpcCode: plan::Status {
        CANCELLED => plan::Status::Grpc(1),
        UNKNOWN => plan::Status::Grpc(2),
        INVALID_ARGUMENT => plan::Status::Grpc(3),
        DEADLINE_EXCEEDED => plan::Status::Grpc(4),
        NOT_FOUND => plan::Status::Grpc(5),
        ALREADY_EXISTS => plan::Status::Grpc(6),
        PERMISSION_DENIED => plan::Status::Grpc(7),
        RESOURCE_EXHAUSTED => plan::Status::Grpc(8),
        FAILED_PRECONDITION => plan::Status::Grpc(9),
        ABORTED => plan::Status::Grpc(10),
        OUT_OF_RANGE => plan::Status::Grpc(11),
        UNIMPLEMENTED => plan::Status::Grpc(12),
        INTERNAL => plan::Status::Grpc(13),
        UNAVAILABLE => plan::Status::Grpc(14),
        DATA_LOSS => plan::Status::Grpc(15),
        UNAUTHENTICATED => plan::Status::Grpc(16),
    }
}
