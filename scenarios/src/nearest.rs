/// The least similarity from which on a name is taken for a slip of another one.
const BAR: f64 = 0.66;

/// The candidate that `name` is probably a slip of.
pub(crate) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    if name.len() > 200 {
        return None;
    }
    let mut best: Option<(f64, &str)> = None;
    for candidate in candidates.into_iter().take(10_000) {
        if candidate.len() > 200 {
            continue;
        }
        let edits = strsim::normalized_damerau_levenshtein(name, candidate);
        let swapped = if same_letters(name, candidate) { 0.9 } else { 0.0 };
        let score = edits.max(strsim::jaro_winkler(name, candidate) - 0.15).max(swapped);
        if score >= BAR && best.is_none_or(|(most, _)| score > most) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn same_letters(a: &str, b: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(a) == sorted(b)
}

/// A help that names the nearest candidate, or all of them if they are few.
pub(crate) fn suggestion<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    if let Some(found) = nearest(name, candidates.clone()) {
        return Some(format!("did you mean `{found}`?"));
    }
    let known: Vec<String> =
        candidates.into_iter().take(24).map(|candidate| format!("`{candidate}`")).collect();
    (1..24).contains(&known.len()).then(|| format!("there is {}", known.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_near_names_are_meant() {
        assert_eq!(nearest("paymnets", ["orders", "payments"]), Some("payments"));
        assert_eq!(nearest("durration", ["duration", "warmup"]), Some("duration"));
        assert_eq!(nearest("bd", ["api", "db"]), Some("db"));
        assert_eq!(nearest("apo", ["api", "db"]), Some("api"));
        assert_eq!(nearest("x", ["y"]), None);
        assert_eq!(nearest("xyz", ["orders", "payments"]), None);
    }
}
