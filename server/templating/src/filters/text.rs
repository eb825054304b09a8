//! Filters of texts.

use super::{Filter, arg, length_of, text_of};
use crate::{
    error::Problem,
    machine::Machine,
    value::{MAX_WEIGHT, Value, index_of, less_or_equal, text_length, text_slice},
};

pub(super) const FILTERS: &[(&str, Filter)] = &[
    ("capitalize", |_, it| {
        Ok(map(&text_of(arg(it, 0))?, capitalize))
    }),
    ("center", center),
    ("indent", indent),
    ("lower", |_, it| {
        Ok(Value::text(text_of(arg(it, 0))?.as_text().to_lowercase()))
    }),
    ("replace", replace),
    ("title", |_, it| Ok(map(&text_of(arg(it, 0))?, title))),
    ("trim", |_, it| {
        Ok(map(&text_of(arg(it, 0))?, |text| text.trim().to_owned()))
    }),
    ("truncate", truncate),
    ("upper", |_, it| {
        Ok(Value::text(text_of(arg(it, 0))?.as_text().to_uppercase()))
    }),
    ("wordcount", wordcount),
];

fn map(value: &Value, change: impl FnOnce(&str) -> String) -> Value {
    value.as_safe_as(change(&value.as_text()))
}

fn capitalize(text: &str) -> String {
    let lower = text.to_lowercase();
    let mut chars = lower.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

fn title(text: &str) -> String {
    let words: Vec<_> = text.split(' ').map(capitalize).collect();
    words.join(" ")
}

/// So many blanks; a part of one counts as one.
fn blanks(count: f64) -> Result<String, Problem> {
    match count > MAX_WEIGHT as f64 {
        true => Err(Problem::ValueTooLarge),
        false => Ok(" ".repeat(count.max(0.0).ceil() as usize)),
    }
}

fn center(machine: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let value = arg(it, 0).or_if_absent(Value::text(""));
    let width = match arg(it, 1) {
        given if given.is_true() => given.clone(),
        _ => Value::Number(80.0),
    };
    let length = length_of(machine, &value);
    if less_or_equal(&width, &length) {
        return Ok(value);
    }
    let spaces = width.number() - length.number();
    let before = blanks(spaces / 2.0 - spaces % 2.0)?;
    let after = blanks(spaces / 2.0)?;
    Ok(map(&value, |text| before + text + &after))
}

fn indent(_: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let value = text_of(arg(it, 0))?;
    if matches!(&value, Value::Text(text) if text.is_empty()) {
        return Ok(value);
    }
    let width = match arg(it, 1) {
        given if given.is_true() => given.number(),
        _ => 4.0,
    };
    let blanks = blanks(width)?;
    let text = value.as_text();
    let lines = text.split('\n').count() as u64;
    if lines.saturating_mul(blanks.len() as u64) > MAX_WEIGHT {
        return Err(Problem::ValueTooLarge);
    }
    let first = if arg(it, 2).is_true() { &blanks } else { "" };
    Ok(map(&value, |text| {
        first.to_owned() + &text.replace('\n', &format!("\n{blanks}"))
    }))
}

fn replace(machine: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let (value, by) = (arg(it, 0), arg(it, 2));
    let old = match arg(it, 1) {
        Value::Pattern(pattern) => {
            let text = text_of(value)?;
            return Ok(Value::text(pattern.replace(&text.as_text(), &by.as_text())));
        }
        Value::Number(number) => crate::value::format_number(*number),
        Value::Text(text) => text.to_string(),
        _ => return Ok(value.clone()),
    };
    let most = match arg(it, 3) {
        Value::Undefined => -1.0,
        given => given.number(),
    };
    let subject = match value {
        Value::Number(_) => Value::text(value.to_text()),
        Value::Text(_) | Value::Safe(_) => value.clone(),
        other => return Ok(other.clone()),
    };
    let text = subject.as_text();
    let by = by.as_text();
    let places = if old.is_empty() {
        text.chars().count() + 1
    } else {
        text.matches(&*old).count()
    };
    let added = (places as u64).saturating_mul(by.len() as u64);
    machine.spend(added / 64)?;
    if added > MAX_WEIGHT {
        return Err(Problem::ValueTooLarge);
    }
    if old.is_empty() {
        // As in Python: around every letter.
        let letters: Vec<_> = text.chars().map(String::from).collect();
        return Ok(subject.as_safe_as(format!("{by}{}{by}", letters.join(&by))));
    }
    let Some(mut next) = index_of(&text, &old, 0).filter(|_| most != 0.0) else {
        return Ok(subject.clone());
    };
    let (mut out, mut from, mut count) = (String::new(), 0, 0.0);
    #[expect(clippy::float_cmp, reason = "-1 stands for no limit")]
    let unlimited = most == -1.0;
    while unlimited || count < most {
        out.push_str(&text[from..next]);
        out.push_str(&by);
        from = next + old.len();
        count += 1.0;
        match index_of(&text, &old, from) {
            Some(at) => next = at,
            None => break,
        }
    }
    out.push_str(&text[from..]);
    Ok(value.as_safe_as(out))
}

fn truncate(machine: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let value = arg(it, 0).or_if_absent(Value::text(""));
    let most = match arg(it, 1) {
        given if given.is_true() => given.clone(),
        _ => Value::Number(255.0),
    };
    let length = length_of(machine, &value);
    if less_or_equal(&length, &most) {
        return Ok(value);
    }
    let value = text_of(&value)?;
    let text = value.as_text();
    let most = most.number().max(0.0) as usize;
    let mut short = text_slice(&text, 0, most);
    if !arg(it, 2).is_true() {
        // The last blank at or before the limit ends the last whole word.
        let reach = text_slice(&text, 0, most + 1);
        if let Some(at) = reach.rfind(' ') {
            short.truncate(at);
        }
    }
    let end = match arg(it, 3) {
        Value::Undefined | Value::Null => "...".to_owned(),
        end => end.to_text(),
    };
    debug_assert!(text_length(&short) <= most, "cut too late");
    Ok(arg(it, 0).as_safe_as(short + &end))
}

fn wordcount(_: &mut Machine<'_>, it: &[Value]) -> Result<Value, Problem> {
    let value = text_of(arg(it, 0))?;
    let in_word = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let words = value
        .as_text()
        .split(|it| !in_word(it))
        .filter(|it| !it.is_empty())
        .count();
    Ok(if words == 0 {
        Value::Null
    } else {
        Value::Number(words as f64)
    })
}
