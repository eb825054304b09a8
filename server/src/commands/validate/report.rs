//! Verdicts as text, the way compilers print, and as lines of JSON.

use std::{
    fmt,
    io::{self, Write},
    ops::Range,
};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use portico_model::yaml::Position;
use serde::Serialize;

use super::{Checked, Verdict, check::Finding, files::Source};

/// Writes one document as a line of JSON. The error is the first one.
pub(super) fn json(source: &Source, checked: &Checked, out: &mut impl Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Record<'a> {
        file: String,
        doc: usize,
        verdict: Verdict,
        #[serde(rename = "ref")]
        entity_ref: Option<&'a str>,
        kind: Option<&'a str>,
        error: Option<&'a str>,
        pointer: Option<&'a str>,
        line: Option<usize>,
        column: Option<usize>,
    }

    let first = checked.findings.first();
    let position = first.and_then(|finding| finding.position);
    let record = Record {
        file: source.path.display().to_string(),
        doc: checked.index,
        verdict: checked.verdict,
        entity_ref: checked.entity_ref.as_deref(),
        kind: checked.kind.as_deref(),
        error: first.map(|finding| finding.message.as_str()),
        pointer: first.and_then(|finding| finding.pointer.as_deref()),
        line: position.map(|position| position.line),
        column: position.map(|position| position.column),
    };
    serde_json::to_writer(&mut *out, &record)?;
    writeln!(out)
}

/// Writes every finding of a document with its source line, from top to bottom.
pub(super) fn text(
    source: &Source,
    checked: &Checked,
    colour: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let renderer = if colour {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let mut findings: Vec<_> = checked.findings.iter().collect();
    findings.sort_by_key(|finding| finding.position.map(|at| (at.line, at.column)));
    for finding in findings {
        writeln!(out, "{}\n", renderer.render(&[group(source, finding)]))?;
    }
    Ok(())
}

fn group<'a>(source: &'a Source, finding: &'a Finding) -> Group<'a> {
    let title = Level::ERROR.primary_title(&finding.message);
    let mut group = Group::with_title(title);
    let line = finding.position.and_then(|position| {
        let text = source.text.as_ref().ok()?;
        Some((
            position,
            text.lines().nth(position.line - 1).unwrap_or_default(),
        ))
    });
    if let Some((position, line)) = line {
        let snippet = Snippet::source(line)
            .line_start(position.line)
            .path(source.path.to_string_lossy())
            .annotation(AnnotationKind::Primary.span(span(line, position)));
        group = group.element(snippet);
    }
    match &finding.hint {
        Some(hint) => group.element(Level::HELP.message(hint)),
        None => group,
    }
}

/// The bytes of a line that a position underlines.
fn span(line: &str, position: Position) -> Range<usize> {
    let byte = |character: usize| {
        line.char_indices()
            .nth(character)
            .map_or(line.len(), |(byte, _)| byte)
    };
    let start = position.column - 1;
    byte(start)..byte(start + position.width)
}

/// How many documents got which verdict.
#[derive(Debug, Default)]
pub(super) struct Counts {
    files: usize,
    documents: usize,
    invalid: usize,
    broken: usize,
}

impl Counts {
    pub(super) fn add(&mut self, checked: &[Checked]) {
        self.files += usize::from(!checked.is_empty());
        self.documents += checked.len();
        let count = |verdict| checked.iter().filter(|one| one.verdict == verdict).count();
        self.invalid += count(Verdict::Invalid);
        self.broken += count(Verdict::YamlError);
    }

    pub(super) fn all_valid(&self) -> bool {
        self.invalid + self.broken == 0
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |count| if count == 1 { "" } else { "s" };
        let (documents, files) = (self.documents, self.files);
        write!(
            f,
            "{documents} document{} in {files} file{}: ",
            plural(documents),
            plural(files)
        )?;
        if self.documents == 0 {
            return f.write_str("no catalog entities found");
        }
        if self.all_valid() {
            return f.write_str("all valid");
        }
        let parts = [
            (documents - self.invalid - self.broken, "valid"),
            (self.invalid, "invalid"),
            (self.broken, "unreadable"),
        ];
        let parts: Vec<_> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, name)| format!("{count} {name}"))
            .collect();
        f.write_str(&parts.join(", "))
    }
}
