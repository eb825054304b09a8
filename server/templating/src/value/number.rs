//! Numbers as text and back, as ECMAScript has them.

/// A number as JavaScript prints it (`Number::toString`, radix 10).
pub(crate) fn format(number: f64) -> String {
    let size = number.abs();
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .to_owned()
    } else if number == 0.0 {
        "0".to_owned()
    } else if (1e-6..1e21).contains(&size) {
        format!("{number}")
    } else {
        let text = format!("{number:e}");
        match text.split_once('e') {
            Some((digits, power)) if !power.starts_with('-') => format!("{digits}e+{power}"),
            _ => text,
        }
    }
}

/// A whole text as a number (`StringToNumber`); NaN when it is none.
pub(super) fn parse(text: &str) -> f64 {
    let text = text.trim();
    if text.is_empty() {
        return 0.0;
    }
    for (prefix, radix) in [
        ("0x", 16),
        ("0X", 16),
        ("0o", 8),
        ("0O", 8),
        ("0b", 2),
        ("0B", 2),
    ] {
        if let Some(digits) = text.strip_prefix(prefix) {
            return parse_digits(digits, radix).map_or(f64::NAN, |(value, used)| {
                if used == digits.len() {
                    value
                } else {
                    f64::NAN
                }
            });
        }
    }
    if decimal_length(text) == text.len() {
        decimal(text)
    } else {
        f64::NAN
    }
}

/// The number that a text begins with (`parseFloat`); NaN when there is none.
pub(crate) fn parse_float(text: &str) -> f64 {
    let text = text.trim_start();
    match decimal_length(text) {
        0 => f64::NAN,
        length => decimal(&text[..length]),
    }
}

/// The whole number that a text begins with (`parseInt`); NaN when there is none.
pub(crate) fn parse_int(text: &str, radix: f64) -> f64 {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let radix = if radix.is_finite() { radix as i32 } else { 0 };
    let hex = digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"));
    let (digits, radix) = match (radix, hex) {
        (0 | 16, Some(rest)) => (rest, 16),
        (0, None) => (digits, 10),
        (2..=36, _) => (digits, radix),
        _ => return f64::NAN,
    };
    parse_digits(digits, radix.unsigned_abs()).map_or(f64::NAN, |(value, _)| sign * value)
}

/// The value of the digits at the start, and how many bytes they take.
fn parse_digits(text: &str, radix: u32) -> Option<(f64, usize)> {
    let digits = text.chars().map_while(|it| it.to_digit(radix));
    let (value, count) = digits.fold((0.0, 0), |(value, count), digit| {
        (value * f64::from(radix) + f64::from(digit), count + 1)
    });
    (count > 0).then_some((value, count))
}

/// How many bytes at the start are a decimal number with sign, fraction and exponent.
fn decimal_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits_from = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        rest.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let start = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    if text[start..].starts_with("Infinity") {
        return start + "Infinity".len();
    }
    let whole = digits_from(start);
    let mut end = start + whole;
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits_from(end + 1);
        if whole + fraction == 0 {
            return 0;
        }
        end += 1 + fraction;
    } else if whole == 0 {
        return 0;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let digits = digits_from(end + 1 + sign);
        if digits > 0 {
            end += 1 + sign + digits;
        }
    }
    end
}

fn decimal(text: &str) -> f64 {
    // Rust reads what JavaScript writes, "Infinity" and "5." included.
    text.parse().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_print_as_in_javascript() {
        for (number, text) in [
            (1.0, "1"),
            (-0.0, "0"),
            (0.1, "0.1"),
            (1e21, "1e+21"),
            (1.5e-7, "1.5e-7"),
            (1e20, "100000000000000000000"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            assert_eq!(format(number), text);
        }
    }

    #[test]
    fn texts_are_numbers_or_begin_with_one() {
        assert_eq!((parse(" 12 "), parse(""), parse("0x1F")), (12.0, 0.0, 31.0));
        assert!(parse("12px").is_nan() && parse("inf").is_nan());
        assert_eq!((parse_float("3.5rem"), parse_float("-.5")), (3.5, -0.5));
        assert!(parse_float("px").is_nan());
        assert_eq!(
            (parse_int("10", 2.0), parse_int("-12.9px", 10.0)),
            (2.0, -12.0)
        );
        assert!(parse_int("x", 10.0).is_nan());
    }
}
