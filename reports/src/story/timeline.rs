use super::falls::Fall;
use crate::format;

/// Only so many services are named; the others are counted.
const NAMED: usize = 6;

/// In which order services fell, and in which they were back: `db falls at 40.0 s, gateway
/// 400 ms later; back for good: …`.
/// Nothing where none fell.
pub fn timeline(falls: &[Fall]) -> Option<String> {
    let first = falls.first()?;
    let fell = falls.iter().map(|fall| (fall.service.as_str(), fall.at_ns)).collect::<Vec<_>>();
    let mut text = format!("{} falls at {}", first.service, format::moment(first.at_ns));
    text += &later(&fell);
    let mut back: Vec<(&str, u64)> =
        falls.iter().filter_map(|fall| Some((fall.service.as_str(), fall.back_ns?))).collect();
    back.sort_by_key(|(_, at)| *at);
    if let Some((name, at)) = back.first() {
        text += &format!("; back for good: {name} at {}", format::moment(*at));
        text += &later(&back);
    }
    let down = falls.iter().filter(|fall| fall.back_ns.is_none()).map(|fall| &*fall.service);
    let down: Vec<&str> = down.collect();
    match down.as_slice() {
        [] => {}
        [one] => text += &format!("; {one} is not back before the end"),
        several => {
            let named = several[..several.len().min(NAMED)].join(", ");
            let more = several.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            text += &format!("; {named}{more} are not back before the end");
        }
    }
    Some(text + ".")
}

/// Those behind the first, and how much later.
fn later(moments: &[(&str, u64)]) -> String {
    let Some(((_, first), rest)) = moments.split_first() else { return String::new() };
    let later = |(name, at): &(&str, u64)| match at - first {
        0 => format!(", {name} with it"),
        ns => format!(", {name} {} later", format::duration(ns as f64)),
    };
    let mut text: String = rest.iter().take(NAMED - 1).map(later).collect();
    let more = rest.len().saturating_sub(NAMED - 1);
    if more > 0 {
        text += &format!(", and {more} more");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::SECOND;

    fn fall(service: &str, at: u64, back: Option<u64>) -> Fall {
        let at_ns = at * SECOND;
        Fall { service: service.to_owned(), at_ns, back_ns: back.map(|at| at * SECOND) }
    }

    #[test]
    fn the_order_of_falling_and_that_of_being_back_are_told() {
        assert_eq!(timeline(&[]), None);
        let one = timeline(&[fall("db", 40, Some(50))]);
        assert_eq!(one.as_deref(), Some("db falls at 40.0 s; back for good: db at 50.0 s."));
        let falls = [fall("db", 40, Some(60)), fall("orders", 40, None), fall("web", 42, Some(58))];
        let expected = "db falls at 40.0 s, orders with it, web 2 s later; back for good: web at 58.0 s, db 2 s later; orders \
                        is not back before the end.";
        assert_eq!(timeline(&falls).as_deref(), Some(expected));
    }

    #[test]
    fn many_services_are_counted() {
        let falls: Vec<Fall> = (0..9).map(|at| fall(&format!("s{at}"), 40 + at, None)).collect();
        let text = timeline(&falls).expect("some fell");
        assert!(
            text.contains(
                "s5 5 s later, and 3 more; s0, s1, s2, s3, s4, s5 and 3 more are not back"
            ),
            "{text}"
        );
    }
}
