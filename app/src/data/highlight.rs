//! Text as highlighted HTML, made on the server so that browsers download no highlighter: YAML
//! and diffs with what they mean, code with its comments and texts.

/// One HTML fragment for each line of `text`. Classes: `hl-key`, `hl-string`,
/// `hl-comment`, `hl-punctuation` (dashes, document markers), `hl-literal` (numbers, booleans, null).
pub(crate) fn yaml(text: &str) -> Vec<String> {
    text.lines().map(line).collect()
}

/// The same for a file, by its name; none for what is not known.
pub(crate) fn file(path: &str, text: &str) -> Option<Vec<String>> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let lines = |comment: &str| text.lines().map(|line| code(line, comment)).collect();
    match name
        .rsplit_once('.')
        .map_or(name, |(_, extension)| extension)
    {
        "yaml" | "yml" => Some(yaml(text)),
        "bicep" | "cs" | "fs" | "go" | "java" | "js" | "json" | "kt" | "rs" | "ts" | "tsx" => {
            Some(lines("//"))
        }
        "Dockerfile" | "CODEOWNERS" | "gitignore" | "editorconfig" | "ps1" | "py" | "sh"
        | "toml" => Some(lines("#")),
        _ => None,
    }
}

/// The lines of a diff.
pub(crate) fn diff(text: &str) -> Vec<String> {
    let line = |line: &str| {
        let class = match line.as_bytes() {
            [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] => "hl-key",
            [b'+', ..] => "hl-added",
            [b'-', ..] => "hl-removed",
            [b'@', b'@', ..] => "hl-comment",
            _ => "hl-same",
        };
        let mut html = String::new();
        span(&mut html, class, line);
        html
    };
    text.lines().map(line).collect()
}

/// A line of code: texts in quotes, and a comment to its end.
fn code(line: &str, comment: &str) -> String {
    let mut html = String::new();
    let mut rest = line;
    while !rest.is_empty() {
        let quote = rest.find(['"', '\'', '`']).unwrap_or(rest.len());
        let remark = rest.find(comment).unwrap_or(rest.len());
        let plain = quote.min(remark);
        escape(&mut html, &rest[..plain]);
        rest = &rest[plain..];
        if remark < quote {
            span(&mut html, "hl-comment", rest);
            break;
        }
        let Some(mark) = rest.chars().next() else {
            break;
        };
        let end = rest[1..].find(mark).map_or(rest.len(), |at| at + 2);
        span(&mut html, "hl-string", &rest[..end]);
        rest = &rest[end..];
    }
    html
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
    escape(html, text);
    html.push_str("</span>");
}

/// Adds a text to HTML.
pub(crate) fn escape(html: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            c => html.push(c),
        }
    }
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
    fn code_has_texts_and_comments() {
        let lines = file("src/Program.cs", "var a = \"http://x\"; // it's\n<T>").unwrap();
        assert_eq!(
            lines[0],
            "var a = <span class=\"hl-string\">\"http://x\"</span>; \
             <span class=\"hl-comment\">// it's</span>"
        );
        assert_eq!(lines[1], "&lt;T&gt;");
        let open = file("Dockerfile", "RUN echo 'no end # here").unwrap();
        assert_eq!(
            open[0],
            "RUN echo <span class=\"hl-string\">'no end # here</span>"
        );
        assert!(file("logo.png", "").is_none());
    }

    #[test]
    fn lines_of_a_diff_are_told_apart() {
        let html = diff("--- a\n+++ a\n@@ -1 +1 @@\n-<old>\n+new\n same");
        let class = |at: usize| html[at].split('"').nth(1).unwrap();
        assert_eq!(
            [0, 2, 3, 4, 5].map(class),
            ["hl-key", "hl-comment", "hl-removed", "hl-added", "hl-same"]
        );
        assert!(html[3].contains("&lt;old&gt;"));
    }

    #[test]
    fn markup_in_a_file_stays_text() {
        assert_eq!(
            yaml("<script>")[0],
            "<span class=\"hl-string\">&lt;script&gt;</span>"
        );
    }
}
