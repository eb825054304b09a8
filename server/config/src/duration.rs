//! Durations as people and Backstage write them, and sizes in bytes.

use std::time::Duration;

use jiff::{Span, SpanRelativeTo};

/// How to write a duration, for messages.
pub(crate) const DURATION_HELP: &str =
    "a duration such as 5m, PT5M, { minutes: 5 } or a number of seconds";

/// Parses `5m`, `1 hour 30 minutes` or `PT5M`.
pub(crate) fn parse_text(text: &str) -> Option<Duration> {
    let span: Span = text.trim().parse().ok()?;
    positive(span)
}

/// Reads a number of seconds.
pub(crate) fn from_seconds(seconds: f64) -> Option<Duration> {
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|it| !it.is_zero())
}

/// Adds up Backstage's object form, as in `{ hours: 1, minutes: 30 }`.
pub(crate) fn from_units(units: &[(String, i64)]) -> Option<Duration> {
    let mut span = Span::new();
    for (unit, amount) in units {
        span = match unit.as_str() {
            "years" => span.try_years(*amount),
            "months" => span.try_months(*amount),
            "weeks" => span.try_weeks(*amount),
            "days" => span.try_days(*amount),
            "hours" => span.try_hours(*amount),
            "minutes" => span.try_minutes(*amount),
            "seconds" => span.try_seconds(*amount),
            "milliseconds" => span.try_milliseconds(*amount),
            _ => return None,
        }
        .ok()?;
    }
    positive(span)
}

/// Parses `512`, `64 MiB`, `64MB`: powers of 1024 either way.
pub(crate) fn parse_bytes(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(1 << shift)
}

/// A duration back in words, for the explanation.
pub(crate) fn display(duration: Duration) -> String {
    jiff::SignedDuration::try_from(duration).map_or_else(
        |_| format!("{} s", duration.as_secs()),
        |it| format!("{it:#}"),
    )
}

fn positive(span: Span) -> Option<Duration> {
    // Months and years have no fixed length: count them from an ordinary date.
    let start = jiff::civil::date(2025, 1, 1);
    let duration = span.to_duration(SpanRelativeTo::from(start)).ok()?;
    Duration::try_from(duration).ok().filter(|it| !it.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_iso_or_human() {
        for text in ["PT5M", "5m", "5 minutes", "300s", " 5min "] {
            assert_eq!(parse_text(text), Some(Duration::from_mins(5)), "{text}");
        }
        assert_eq!(parse_text("1d"), Some(Duration::from_hours(24)));
    }

    #[test]
    fn nonsense_zero_and_negative_are_refused() {
        for text in ["", "5", "soon", "PT0S", "-5m"] {
            assert_eq!(parse_text(text), None, "{text}");
        }
        assert_eq!(from_seconds(-1.0), None);
        assert_eq!(from_seconds(f64::NAN), None);
        assert_eq!(from_units(&[("fortnights".to_owned(), 1)]), None);
        assert_eq!(from_units(&[("hours".to_owned(), i64::MAX)]), None);
    }

    #[test]
    fn units_add_up() {
        let units = [("hours".to_owned(), 1), ("minutes".to_owned(), 30)];
        assert_eq!(from_units(&units), Some(Duration::from_mins(90)));
    }

    #[test]
    fn bytes_take_units() {
        assert_eq!(parse_bytes("1000"), Some(1000));
        assert_eq!(parse_bytes("64 MiB"), Some(64 << 20));
        assert_eq!(parse_bytes("64mb"), Some(64 << 20));
        assert_eq!(parse_bytes("64 parsecs"), None);
        assert_eq!(parse_bytes("99999999999g"), None);
    }
}
