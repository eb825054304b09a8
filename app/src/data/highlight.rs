//! YAML as highlighted HTML, made on the server so that browsers download no highlighter.

/// One HTML fragment for each line of `text`. Classes: `hl-key`, `hl-string`,
/// `hl-comment`, `hl-punctuation` (dashes, document markers), `hl-literal` (numbers, booleans, null).
pub(crate) fn yaml(text: &str) -> Vec<String> {
    text.lines().map(line).collect()
}

fn line(line: &str) -> String {
    let body = line.trim_start();
    let indent = &line[..line.len() - body.len()];
    let mut html = indent.to_owned();
    if body.starts_with('#') {
        span(&mut html, "hl-comment", body);
        return html;
    }
    if matches!(body, "---" | "...") {
        span(&mut html, "hl-punctuation", body);
        return html;
    }
    let mut rest = body;
    while let Some(after) = rest.strip_prefix("- ") {
        span(&mut html, "hl-punctuation", "-");
        html.push(' ');
        rest = after;
    }
    if let Some(at) = key_end(rest) {
        let (key, value) = rest.split_at(at);
        span(&mut html, "hl-key", key);
        html.push(':');
        value_html(&mut html, &value[1..]);
    } else {
        value_html(&mut html, rest);
    }
    html
}

/// Where the key of a `key: value` line ends, if it is one.
fn key_end(text: &str) -> Option<usize> {
    if text.starts_with(['"', '\'', '{', '[', '|', '>']) {
        return None;
    }
    let at = text
        .find(": ")
        .or_else(|| text.ends_with(':').then(|| text.len() - 1))?;
    (at > 0 && !text[..at].contains(['{', '[', '#'])).then_some(at)
}

fn value_html(html: &mut String, value: &str) {
    let (value, comment) = match value.find(" #") {
        Some(at) if !value.trim_start().starts_with(['"', '\'']) => value.split_at(at),
        _ => (value, ""),
    };
    let trimmed = value.trim();
    let is_literal =
        matches!(trimmed, "true" | "false" | "null" | "~") || trimmed.parse::<f64>().is_ok();
    if is_literal {
        span(html, "hl-literal", value);
    } else if trimmed.is_empty() {
        html.push_str(value);
    } else {
        span(html, "hl-string", value);
    }
    if !comment.is_empty() {
        span(html, "hl-comment", comment);
    }
}

fn span(html: &mut String, class: &str, text: &str) {
    html.push_str("<span class=\"");
    html.push_str(class);
    html.push_str("\">");
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            c => html.push(c),
        }
    }
    html.push_str("</span>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_values_and_comments_are_told_apart() {
        let html = yaml("  - name: orders # main\n# all\ncount: 3");
        assert_eq!(
            html[0],
            "  <span class=\"hl-punctuation\">-</span> <span class=\"hl-key\">name</span>:\
             <span class=\"hl-string\"> orders</span><span class=\"hl-comment\"> # main</span>"
        );
        assert_eq!(html[1], "<span class=\"hl-comment\"># all</span>");
        assert_eq!(
            html[2],
            "<span class=\"hl-key\">count</span>:<span class=\"hl-literal\"> 3</span>"
        );
    }

    #[test]
    fn markup_in_a_file_stays_text() {
        assert_eq!(
            yaml("<script>")[0],
            "<span class=\"hl-string\">&lt;script&gt;</span>"
        );
    }
}
