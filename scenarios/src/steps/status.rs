use std::ops::RangeInclusive;

use cascadia_models::plan;

use crate::decode::{Decode, Def, Shape, choice, wrong_shape};
use crate::diagnostics::{Diagnostic, Report};
use crate::text::{Node, Value};

/// The statuses of HTTP that are errors.
const ERRORS: RangeInclusive<u16> = 400..=599;

/// What an error is called: a status of HTTP or a code of gRPC.
#[derive(Debug)]
pub(super) enum Status {}

impl Decode for Status {
    type Value = plan::Status;

    fn decode(node: &Node, report: &mut Report) -> Option<plan::Status> {
        match &node.value {
            Value::Number(_) => HttpStatus::decode(node, report).map(plan::Status::Http),
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
            parts: || vec![HttpStatus::shape(), GrpcCode::shape()],
        })
    }
}

/// A status of HTTP that is an error.
enum HttpStatus {}

impl Decode for HttpStatus {
    type Value = u16;

    fn decode(node: &Node, report: &mut Report) -> Option<u16> {
        let Value::Number(number) = &node.value else {
            wrong_shape(node, Self::shape(), report);
            return None;
        };
        let status = number.as_u64().and_then(|number| u16::try_from(number).ok());
        let status = status.filter(|status| ERRORS.contains(status));
        if status.is_none() {
            let message = format!("{number} is no HTTP status of an error");
            let diagnostic = Diagnostic::error("S030", message).at(node.span, "out of range");
            report.push(diagnostic.help(
                "write a whole number from 400 to 599, such as 503, or the name of a gRPC code, \
                 such as \"UNAVAILABLE\"",
            ));
        }
        status
    }

    fn shape() -> Shape {
        Shape::Whole { least: (*ERRORS.start()).into(), most: (*ERRORS.end()).into() }
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
