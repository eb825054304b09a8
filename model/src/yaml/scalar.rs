//! Plain scalars under the YAML 1.2 core schema.

use serde_json::{Number, Value};

/// The value of a scalar that is not quoted.
pub fn resolve_plain(text: &str) -> Value {
    let Some(first) = text.bytes().next() else {
        return Value::Null;
    };
    match first {
        b'~' if text.len() == 1 => Value::Null,
        b'n' | b'N' if matches!(text, "null" | "Null" | "NULL") => Value::Null,
        b't' | b'T' if matches!(text, "true" | "True" | "TRUE") => Value::Bool(true),
        b'f' | b'F' if matches!(text, "false" | "False" | "FALSE") => Value::Bool(false),
        b'0'..=b'9' | b'+' | b'-' | b'.' => {
            number(text).unwrap_or_else(|| Value::String(text.to_owned()))
        }
        _ => Value::String(text.to_owned()),
    }
}

/// The text JavaScript's `String(number)` gives, as search and facets show it.
pub fn number_text(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() => js_text(float),
        _ => number.to_string(),
    }
}

fn number(text: &str) -> Option<Value> {
    if let Some(digits) = text.strip_prefix("0o") {
        return radix(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x") {
        return radix(digits, 16);
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    // JSON has no word for these; JavaScript writes them as null.
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(Value::Null);
    }
    match shape(unsigned.as_bytes())? {
        Shape::Integer if unsigned.len() <= 15 => text.parse::<i64>().ok().map(Value::from),
        Shape::Integer | Shape::Float => text.parse::<f64>().ok().map(json_number),
    }
}

#[derive(Clone, Copy)]
enum Shape {
    Integer,
    Float,
}

/// Recognizes `12`, `1.`, `.5`, `1.5`, `1e3`, `1.5E-3`.
fn shape(text: &[u8]) -> Option<Shape> {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let whole = digits(text);
    let mut rest = &text[whole..];
    if rest.is_empty() {
        return (whole > 0).then_some(Shape::Integer);
    }
    let mut fraction = 0;
    if let Some(after) = rest.strip_prefix(b".") {
        fraction = digits(after);
        rest = &after[fraction..];
    }
    if whole == 0 && fraction == 0 {
        return None;
    }
    if let [b'e' | b'E', after @ ..] = rest {
        let exponent = after
            .strip_prefix(b"+")
            .or(after.strip_prefix(b"-"))
            .unwrap_or(after);
        let length = digits(exponent);
        return (length > 0 && length == exponent.len()).then_some(Shape::Float);
    }
    rest.is_empty().then_some(Shape::Float)
}

fn radix(digits: &str, radix: u32) -> Option<Value> {
    if digits.is_empty() {
        return None;
    }
    let mut value = 0.0;
    for digit in digits.chars() {
        value = value * f64::from(radix) + f64::from(digit.to_digit(radix)?);
    }
    Some(json_number(value))
}

/// A JSON number as JavaScript serialises it: integral values without a fraction.
fn json_number(float: f64) -> Value {
    if !float.is_finite() {
        return Value::Null;
    }
    if float.fract() == 0.0 && float.abs() < 1e21 {
        let text = js_text(float);
        if let Ok(integer) = text.parse::<i64>() {
            return Value::from(integer);
        }
        if let Ok(integer) = text.parse::<u64>() {
            return Value::from(integer);
        }
    }
    Number::from_f64(float).map_or(Value::Null, Value::Number)
}

fn js_text(float: f64) -> String {
    let size = float.abs();
    if float == 0.0 {
        "0".to_owned()
    } else if (1e-6..1e21).contains(&size) {
        float.to_string()
    } else {
        let text = format!("{float:e}");
        if text.contains("e-") {
            text
        } else {
            text.replace('e', "e+")
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn core_schema_values() {
        for (text, value) in [
            ("", json!(null)),
            ("~", json!(null)),
            ("Null", json!(null)),
            ("TRUE", json!(true)),
            ("yes", json!("yes")),
            ("nULL", json!("nULL")),
            ("0o17", json!(15)),
            ("017", json!(17)),
            ("0x1F", json!(31)),
            ("-0x1F", json!("-0x1F")),
            ("0b11", json!("0b11")),
            ("1_000", json!("1_000")),
            ("12:30", json!("12:30")),
            ("2001-01-01", json!("2001-01-01")),
            ("1.2.3", json!("1.2.3")),
            ("-", json!("-")),
            (".", json!(".")),
            ("e3", json!("e3")),
            ("1e", json!("1e")),
            ("+12", json!(12)),
            ("-0", json!(0)),
            ("-0.0", json!(0)),
            ("1.0", json!(1)),
            ("1.", json!(1)),
            (".5", json!(0.5)),
            ("1e3", json!(1000)),
            ("1.5E-3", json!(0.0015)),
            ("1e400", json!(null)),
            (".inf", json!(null)),
            ("-.INF", json!(null)),
            (".nan", json!(null)),
            ("9007199254740991", json!(9_007_199_254_740_991_i64)),
            (
                "12345678901234567890",
                json!(12_345_678_901_234_567_000_u64),
            ),
            ("-12345678901234567", json!(-12_345_678_901_234_568_i64)),
        ] {
            assert_eq!(resolve_plain(text), value, "{text}");
        }
    }

    #[test]
    fn numbers_read_as_javascript_writes_them() {
        for (value, text) in [
            (json!(1), "1"),
            (json!(3.5), "3.5"),
            (json!(1e21), "1e+21"),
            (json!(1e-7), "1e-7"),
            (json!(0.000_001), "0.000001"),
            (json!(-1.5e300), "-1.5e+300"),
            (json!(1.0), "1"),
        ] {
            assert_eq!(number_text(value.as_number().unwrap()), text);
        }
    }
}
