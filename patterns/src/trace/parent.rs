use std::fmt;

use crate::call::{SpanId, TraceId};

/// The version that is written, and the length of its header.
const VERSION: &str = "00";
const LENGTH: usize = 55;
const SAMPLED: u8 = 1;

/// The `traceparent` header: which trace a request belongs to and what its caller calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceParent {
    /// The trace.
    pub trace: TraceId,
    /// The request, as its caller knows it.
    pub span: SpanId,
    /// The caller may have recorded it.
    pub sampled: bool,
}

impl TraceParent {
    /// Reads a header. What is not valid is as good as none, and the trace begins anew.
    ///
    /// Of a version above 00, the first four fields are read and the rest is not looked at. There
    /// is no version ff, and no trace or span is all zeros.
    pub fn parse(header: &str) -> Option<Self> {
        let header = header.trim_matches([' ', '\t']);
        let known = header.starts_with(VERSION);
        if header.len() < LENGTH || known && header.len() > LENGTH {
            return None;
        }
        let mut fields = header.split('-');
        let version = hex(fields.next()?, 2)?;
        let trace = TraceId(hex(fields.next()?, 32)?);
        let span = SpanId(hex(fields.next()?, 16)? as u64);
        let flags = hex(fields.next()?, 2)? as u8;
        let valid = version != 0xff && trace.0 != 0 && span.0 != 0;
        valid.then_some(Self { trace, span, sampled: flags & SAMPLED != 0 })
    }
}

/// Exactly so many lowercase hexadecimal digits.
fn hex(field: &str, digits: usize) -> Option<u128> {
    let lowercase = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let valid = field.len() == digits && field.bytes().all(lowercase);
    valid.then(|| u128::from_str_radix(field, 16).ok()).flatten()
}

impl fmt::Display for TraceParent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags = if self.sampled { SAMPLED } else { 0 };
        write!(f, "{VERSION}-{:032x}-{:016x}-{flags:02x}", self.trace.0, self.span.0)
    }
}
