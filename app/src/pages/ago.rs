//! How long ago, in words.

/// `now - at` in words, both in milliseconds since the epoch.
pub(super) fn ago(at: i64, now: i64) -> String {
    let seconds = (now - at).max(0) / 1000;
    match seconds {
        0..60 => "just now".to_owned(),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..86_400 => format!("{} h ago", seconds / 3600),
        _ => format!("{} d ago", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::ago;

    #[test]
    fn times_are_told_in_the_largest_unit() {
        assert_eq!(ago(0, 59_000), "just now");
        assert_eq!(ago(0, 61_000), "1 min ago");
        assert_eq!(ago(0, 7_200_000), "2 h ago");
        assert_eq!(ago(0, 200_000_000), "2 d ago");
        assert_eq!(ago(5_000, 0), "just now");
    }
}
