use super::{Class, Failure, Pushback, Sense};

/// What an answer is, or the failure in place of one: the table by which everybody judges.
///
/// A server says it by a status of HTTP or a code of gRPC, of which several may mean the same; a
/// connection or a layer of this side says it by how it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the rows say what each is")]
pub enum Kind {
    Ok,
    Created,
    NoContent,
    Moved,
    Redirect,
    NotModified,
    BadRequest,
    Unauthenticated,
    Forbidden,
    NotFound,
    RequestTimeout,
    Conflict,
    FailedPrecondition,
    Unprocessable,
    TooEarly,
    TooManyRequests,
    ClientError,
    Cancelled,
    Aborted,
    Internal,
    NotImplemented,
    BadGateway,
    Unavailable,
    GatewayTimeout,
    ServerError,
    Error,
    Refused,
    Reset,
    Timeout,
    Rejected,
    ShortCircuit,
}

/// What it says to those who judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    /// The server did its part; if anything is wrong, it is the request.
    Answer,
    /// Nothing of the server.
    Nothing,
    /// Another try may help.
    Again,
    /// So it may, and there is too much to do.
    Busy,
    /// There is too much to do, and another try may help where the server says when.
    WhenTold,
    /// No other try helps.
    Final,
}

use Means::{Again, Answer, Busy, Final, Nothing, WhenTold};

/// A kind as others see it.
struct Row {
    kind: Kind,
    name: &'static str,
    help: &'static str,
    http: &'static [u16],
    /// As a status of HTTP, and of what has neither status nor code.
    means: Means,
    grpc: &'static [u32],
    /// As a code of gRPC, which is judged by rules of its own.
    by_grpc: Means,
    /// As a status it proves that nothing has been done.
    untouched: bool,
    /// A cache may keep it without being told how long (RFC 9110 §15.1).
    cacheable: bool,
}

const fn row(
    (kind, name): (Kind, &'static str),
    (http, means): (&'static [u16], Means),
    (grpc, by_grpc): (&'static [u32], Means),
    help: &'static str,
) -> Row {
    Row { kind, name, help, http, means, grpc, by_grpc, untouched: false, cacheable: false }
}

impl Row {
    const fn cacheable(self) -> Self {
        Self { cacheable: true, ..self }
    }

    const fn untouched(self) -> Self {
        Self { untouched: true, ..self }
    }
}

const NONE: (&[u32], Means) = (&[], Nothing);

#[rustfmt::skip]
const ROWS: [Row; 31] = [
    row((Kind::Ok, "ok"), (&[200], Answer), (&[0], Answer), "Success.").cacheable(),
    row((Kind::Created, "created"), (&[201], Answer), NONE, "Success: something new is there."),
    row((Kind::NoContent, "no_content"), (&[204], Answer), NONE, "Success with nothing to say.").cacheable(),
    row((Kind::Moved, "moved"), (&[301, 308], Answer), NONE, "It is elsewhere for good.").cacheable(),
    row((Kind::Redirect, "redirect"), (&[300, 302, 303, 307], Answer), NONE, "It is elsewhere for now; any other 3xx too."),
    row((Kind::NotModified, "not_modified"), (&[304], Answer), NONE, "What the caller has is still right."),
    row((Kind::BadRequest, "bad_request"), (&[400], Answer), (&[3, 11], Answer), "The request makes no sense."),
    row((Kind::Unauthenticated, "unauthenticated"), (&[401], Answer), (&[16], Answer), "Nobody knows who asks."),
    row((Kind::Forbidden, "forbidden"), (&[403], Answer), (&[7], Answer), "Whoever asks may not."),
    row((Kind::NotFound, "not_found"), (&[404, 410], Answer), (&[5], Answer), "There is no such thing, or no longer.").cacheable(),
    row((Kind::RequestTimeout, "request_timeout"), (&[408], Again), NONE, "The request came too slowly."),
    row((Kind::Conflict, "conflict"), (&[409], Answer), (&[6], Answer), "It is at odds with what is there."),
    row((Kind::FailedPrecondition, "failed_precondition"), (&[412, 428], Answer), (&[9], Answer), "What the request takes for granted is not so."),
    row((Kind::Unprocessable, "unprocessable"), (&[422], Answer), NONE, "The request can be read and not be done."),
    row((Kind::TooEarly, "too_early"), (&[425], Again), NONE, "Refused before it was looked at (RFC 8470).").untouched(),
    row((Kind::TooManyRequests, "too_many_requests"), (&[429], Busy), (&[8], WhenTold), "Whoever asks does so too often.").untouched(),
    row((Kind::ClientError, "client_error"), (&[], Answer), NONE, "Any other 4xx."),
    row((Kind::Cancelled, "cancelled"), (&[], Nothing), (&[1], Nothing), "The caller has gone."),
    row((Kind::Aborted, "aborted"), (&[], Final), (&[10], Final), "To be tried again from the beginning of its transaction, which is not here."),
    row((Kind::Internal, "internal"), (&[500], Again), (&[2, 13, 15], Final), "The server is at fault."),
    row((Kind::NotImplemented, "not_implemented"), (&[501], Final), (&[12], Answer), "The server cannot do that.").cacheable(),
    row((Kind::BadGateway, "bad_gateway"), (&[502], Again), NONE, "What is behind the server is at fault."),
    row((Kind::Unavailable, "unavailable"), (&[503], Busy), (&[14], Again), "The server cannot answer now."),
    row((Kind::GatewayTimeout, "gateway_timeout"), (&[504], Again), (&[4], Final), "What is behind the server is too slow."),
    row((Kind::ServerError, "server_error"), (&[], Final), NONE, "Any other 5xx."),
    row((Kind::Error, "error"), (&[], Again), NONE, "An error that nothing more is said of."),
    row((Kind::Refused, "refused"), (&[], Again), NONE, "Nobody listens there."),
    row((Kind::Reset, "reset"), (&[], Again), NONE, "The connection ended before the answer."),
    row((Kind::Timeout, "timeout"), (&[], Again), NONE, "Somebody stopped waiting."),
    row((Kind::Rejected, "rejected"), (&[], Again), NONE, "A queue, a limit, a shedder or a deadline check refused."),
    row((Kind::ShortCircuit, "short_circuit"), (&[], Again), NONE, "An open circuit breaker refused."),
];

impl Means {
    fn class(self, pushback: Pushback) -> Class {
        let failure = |retryable, overload| Class::Failure { retryable, overload };
        match self {
            Self::Answer => Class::Success,
            Self::Nothing => Class::Ignore,
            Self::Again => failure(true, false),
            Self::Busy => failure(true, true),
            Self::WhenTold => failure(matches!(pushback, Pushback::After(_)), true),
            Self::Final => failure(false, false),
        }
    }
}

impl Kind {
    /// All of them, in the order of display.
    pub const ALL: [Self; ROWS.len()] = {
        let mut all = [Self::Ok; ROWS.len()];
        let mut at = 0;
        while at < all.len() {
            all[at] = ROWS[at].kind;
            at += 1;
        }
        all
    };

    const fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// That of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The position in [`Self::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Its name in files and results.
    pub const fn name(self) -> &'static str {
        self.row().name
    }

    /// What it means, in a sentence.
    pub const fn help(self) -> &'static str {
        self.row().help
    }

    /// That of a status of HTTP. One that no row has is as any of its hundred.
    pub fn of_http(status: u16) -> Self {
        let row = ROWS.iter().find(|row| row.http.contains(&status));
        row.map_or_else(
            || match status {
                300..=399 => Self::Redirect,
                400..=499 => Self::ClientError,
                500..=599 => Self::ServerError,
                _ => Self::Ok,
            },
            |row| row.kind,
        )
    }

    /// That of a code of gRPC. One that is unknown is as `UNKNOWN`.
    pub fn of_grpc(code: u32) -> Self {
        let row = ROWS.iter().find(|row| row.grpc.contains(&code));
        row.map_or(Self::Internal, |row| row.kind)
    }

    /// That of a failure, of whose error `of` knows the kind.
    pub fn of_failure<E>(failure: &Failure<E>, of: impl FnOnce(&E) -> Self) -> Self {
        match failure {
            Failure::Service(error) => of(error),
            Failure::TimedOut(_) => Self::Timeout,
            Failure::Rejected(rejection) => match rejection.reason.sense() {
                Sense::ShortCircuit { .. } => Self::ShortCircuit,
                Sense::AtFault { http } => Self::of_http(http),
                Sense::Overload | Sense::TooOften | Sense::Expired => Self::Rejected,
            },
        }
    }

    /// Somebody may answer so; the others are what a caller sees in place of an answer.
    pub const fn is_answered(self) -> bool {
        (self as usize) < Self::Timeout as usize
    }

    /// It is no failure.
    pub const fn is_success(self) -> bool {
        self as usize <= Self::NotModified as usize
    }

    /// The statuses of HTTP that mean it.
    pub const fn http(self) -> &'static [u16] {
        self.row().http
    }

    /// The codes of gRPC that mean it.
    pub const fn grpc(self) -> &'static [u32] {
        self.row().grpc
    }

    /// What it says of the server, as a status of HTTP or with no status at all.
    pub fn class(self) -> Class {
        self.row().means.class(Pushback::Silent)
    }

    /// What it says of the server as a code of gRPC, which came with `pushback`.
    pub fn grpc_class(self, pushback: Pushback) -> Class {
        self.row().by_grpc.class(pushback)
    }

    /// As a status of HTTP, whether it proves that nothing has been done.
    pub const fn is_untouched(self) -> bool {
        self.row().untouched
    }

    /// Whether a cache may keep an answer of this kind without being told how long.
    pub const fn is_cacheable(self) -> bool {
        self.row().cacheable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_stands_in_its_place_under_a_name_of_its_own() {
        for (at, row) in ROWS.iter().enumerate() {
            assert_eq!(row.kind.index(), at, "{}", row.name);
            assert!(row.help.ends_with('.'), "{}", row.name);
            assert!(ROWS[..at].iter().all(|other| other.name != row.name), "{}", row.name);
        }
    }

    /// Every status between 100 and 599 and every code means one kind, and says the same by it as
    /// the rules that were written down for statuses before there were kinds.
    #[test]
    fn every_status_and_every_code_has_one_kind() {
        for status in 100..=599 {
            let rows = ROWS.iter().filter(|row| row.http.contains(&status));
            assert!(rows.count() <= 1, "{status}");
            let failure = |retryable, overload| Class::Failure { retryable, overload };
            let expected = match status {
                408 | 425 | 500 | 502 | 504 => failure(true, false),
                429 | 503 => failure(true, true),
                500.. => failure(false, false),
                _ => Class::Success,
            };
            assert_eq!(Kind::of_http(status).class(), expected, "{status}");
        }
        for code in 0..=16 {
            assert_eq!(ROWS.iter().filter(|row| row.grpc.contains(&code)).count(), 1, "{code}");
        }
        assert_eq!(Kind::of_grpc(17), Kind::of_grpc(2));
    }

    #[test]
    fn the_statuses_of_textbooks_have_names() {
        let named = [
            (200, "ok"),
            (201, "created"),
            (204, "no_content"),
            (301, "moved"),
            (304, "not_modified"),
            (400, "bad_request"),
            (401, "unauthenticated"),
            (403, "forbidden"),
            (404, "not_found"),
            (409, "conflict"),
            (422, "unprocessable"),
            (429, "too_many_requests"),
            (500, "internal"),
            (502, "bad_gateway"),
            (503, "unavailable"),
            (504, "gateway_timeout"),
            (418, "client_error"),
            (507, "server_error"),
        ];
        for (status, name) in named {
            assert_eq!(Kind::of_http(status).name(), name, "{status}");
        }
    }

    #[test]
    fn what_a_cache_may_keep_by_itself_is_what_the_standard_says() {
        let kept = Kind::ALL.into_iter().filter(|kind| kind.is_cacheable());
        let kept: Vec<u16> = kept.flat_map(|kind| kind.http()).copied().collect();
        assert_eq!(kept, [200, 204, 301, 308, 404, 410, 501]);
    }
}
