use std::ops::Range;

/// How a metric is compared with a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Less,
    AtMost,
    More,
    AtLeast,
    Equal,
    NotEqual,
}

impl Op {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "<" => Some(Self::Less),
            "<=" => Some(Self::AtMost),
            ">" => Some(Self::More),
            ">=" => Some(Self::AtLeast),
            "==" => Some(Self::Equal),
            "!=" => Some(Self::NotEqual),
            _ => None,
        }
    }

    pub(super) fn text(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
            Self::Equal => "==",
            Self::NotEqual => "!=",
        }
    }

    pub(super) fn holds(self, measured: f64, bound: f64) -> bool {
        match self {
            Self::Less => measured < bound,
            Self::AtMost => measured <= bound,
            Self::More => measured > bound,
            Self::AtLeast => measured >= bound,
            Self::Equal => measured == bound,
            Self::NotEqual => measured != bound,
        }
    }
}

/// A check taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A metric is compared.
    Metric(Parts),
    /// A load is back so soon after a fault.
    Recovered { within: Range<usize>, fault: Range<usize> },
    /// No overload sustains itself.
    NotMetastable,
}

/// A comparison taken apart; ranges are bytes of its text and never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) metric: Range<usize>,
    pub(super) comparison: Comparison,
    pub(super) window: Option<Range<usize>>,
}

/// What the metric is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Bound { op: Op, value: Range<usize> },
    Within { share: Range<usize>, word: Range<usize> },
}

/// What is wrong with the text of a check, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Misread {
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) help: &'static str,
}

/// How most checks are written.
const USUAL: &str = "write `metric op value [over window]`, such as \"p99 < 800ms\"";

fn misread<T>(range: Range<usize>, message: impl Into<String>) -> Result<T, Misread> {
    Err(Misread { range, message: message.into(), help: USUAL })
}

/// Words and operators, which need no spaces around them.
pub(super) fn words(text: &str) -> Vec<Range<usize>> {
    let is_op = |c: char| matches!(c, '<' | '>' | '=' | '!');
    let mut words: Vec<Range<usize>> = Vec::new();
    let mut last: Option<bool> = None;
    for (at, c) in text.char_indices() {
        if c.is_whitespace() {
            last = None;
            continue;
        }
        let end = at + c.len_utf8();
        match words.last_mut() {
            Some(word) if last == Some(is_op(c)) => word.end = end,
            _ => words.push(at..end),
        }
        last = Some(is_op(c));
    }
    words
}

/// Takes a check apart.
pub(super) fn parse(text: &str) -> Result<Line, Misread> {
    let words = words(text);
    let starts = |word: &str| words.first().is_some_and(|range| text[range.clone()] == *word);
    match () {
        () if starts("recovered") => recovered(text, &words),
        () if starts("metastable") => metastable(text, &words),
        () => comparison(text, &words).map(Line::Metric),
    }
}

fn recovered(text: &str, words: &[Range<usize>]) -> Result<Line, Misread> {
    let at = |word: &str| words.iter().position(|range| text[range.clone()] == *word);
    match (at("within"), at("after")) {
        (Some(1), Some(after)) if after > 2 && after + 1 < words.len() => Ok(Line::Recovered {
            within: words[2].start..words[after - 1].end,
            fault: words[after + 1].start..words[words.len() - 1].end,
        }),
        _ => Err(Misread {
            range: 0..text.trim_end().len(),
            message: "this does not say how soon after which fault".to_owned(),
            help: "write `recovered within D after FAULT`, such as \"recovered within 10s after slow\"",
        }),
    }
}

fn metastable(text: &str, words: &[Range<usize>]) -> Result<Line, Misread> {
    let said: Vec<&str> = words.iter().map(|range| &text[range.clone()]).collect();
    if said == ["metastable", "=", "no"] {
        return Ok(Line::NotMetastable);
    }
    Err(Misread {
        range: 0..text.trim_end().len(),
        message: "there is nothing else that this is held against".to_owned(),
        help: "write \"metastable = no\"",
    })
}

fn comparison(text: &str, words: &[Range<usize>]) -> Result<Parts, Misread> {
    let word = |at: usize| words.get(at).and_then(|range| text.get(range.clone()));
    let span = |from: usize, to: usize| words[from].start..words[to - 1].end;
    let end = text.trim_end().len();
    let is_op = |range: &Range<usize>| text[range.clone()].starts_with(['<', '>', '=', '!']);
    let turn = words.iter().position(|range| is_op(range) || text[range.clone()] == *"within");
    let Some(turn) = turn else {
        return misread(0..end, "there is no comparison such as `<` or `within`");
    };
    if turn == 0 {
        return misread(words[0].clone(), "a metric belongs before this");
    }
    let metric = span(0, turn);
    let over =
        words.iter().rposition(|range| text[range.clone()] == *"over").filter(|at| *at > turn);
    let stop = over.unwrap_or(words.len());
    let is_window = |range: &Range<usize>| {
        ["during", "after"].contains(&&text[range.clone()]) || text[range.clone()].contains("..")
    };
    if let Some(at) = (turn + 1..stop).find(|at| is_window(&words[*at])) {
        let window = &text[words[at].start..words[stop - 1].end];
        let message = format!("a window begins with `over`, as in `over {window}`");
        return misread(words[at].start..words[stop - 1].end, message);
    }
    let window = match over {
        Some(at) if at + 1 == words.len() => {
            return misread(words[at].clone(), "a window belongs after `over`");
        }
        Some(at) => Some(span(at + 1, words.len())),
        None => None,
    };
    if turn + 1 >= stop {
        return misread(words[turn].clone(), "a value belongs after this");
    }
    let comparison = if word(turn) == Some("within") {
        if word(turn + 2) != Some("of") || word(turn + 3) != Some("baseline") || turn + 4 != stop {
            let message = "`within` is written `within 5% of baseline`";
            return misread(words[turn].start..words[stop - 1].end, message);
        }
        Comparison::Within { share: words[turn + 1].clone(), word: words[turn + 3].clone() }
    } else {
        let Some(op) = word(turn).and_then(Op::parse) else {
            let wrong = &text[words[turn].clone()];
            let message = match wrong {
                "=" => "`=` is no comparison here, and `==` is".to_owned(),
                _ => format!("`{wrong}` is no comparison"),
            };
            return misread(words[turn].clone(), message);
        };
        Comparison::Bound { op, value: span(turn + 1, stop) }
    };
    Ok(Parts { metric, comparison, window })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> &str {
        let range = parse(text).expect_err(text).range;
        &text[range]
    }

    #[test]
    fn checks_come_apart() {
        let text = "latency below 50 ms>=95 % over after slow 15s";
        let Line::Metric(parts) = parse(text).expect("it is a check") else { panic!("{text}") };
        assert_eq!(&text[parts.metric], "latency below 50 ms");
        let Comparison::Bound { op, value } = parts.comparison else { panic!("it has a bound") };
        assert_eq!((op, &text[value]), (Op::AtLeast, "95 %"));
        assert_eq!(&text[parts.window.expect("it has a window")], "after slow 15s");
    }

    #[test]
    fn recoveries_come_apart() {
        let text = "recovered within 1 m after the slow database ";
        let Ok(Line::Recovered { within, fault }) = parse(text) else { panic!("{text}") };
        assert_eq!((&text[within], &text[fault]), ("1 m", "the slow database"));
        assert_eq!(parse("metastable=no"), Ok(Line::NotMetastable));
    }

    #[test]
    fn the_wrong_word_is_found() {
        assert_eq!(wrong("p99"), "p99");
        assert_eq!(wrong("< 5ms"), "<");
        assert_eq!(wrong("p99 <"), "<");
        assert_eq!(wrong("p99 =< 5ms"), "=<");
        assert_eq!(wrong("p99 < 5ms over"), "over");
        assert_eq!(wrong("p99 < 5ms during slow"), "during slow");
        assert_eq!(wrong("p99 < 5ms 5s..6s"), "5s..6s");
        assert_eq!(wrong("p99 within 5% of baseline after slow"), "after slow");
        assert_eq!(wrong("goodput within 5%"), "within 5%");
        assert_eq!(wrong("recovered within 10s"), "recovered within 10s");
        assert_eq!(wrong("recovered after slow"), "recovered after slow");
        assert_eq!(wrong("metastable = yes"), "metastable = yes");
        assert_eq!(wrong(""), "");
        assert_eq!(wrong("µ <"), "<");
    }
}
