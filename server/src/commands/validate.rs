//! `portico validate`: checks catalog files, for editors, hooks and pipelines.

mod check;
mod files;
mod placeholders;
mod report;

use std::{
    io::{self, BufWriter, ErrorKind, IsTerminal as _, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, ValueEnum};

use check::{Checked, Verdict};

/// What to check and how to say it.
#[derive(Debug, Args)]
pub(crate) struct ValidateArgs {
    /// Files, or folders whose *.yaml and *.yml files are checked.
    ///
    /// In a folder, documents that are not catalog entities at all are left
    /// out, and so are files that a `$text`, `$json` or `$yaml` embeds or that
    /// a template makes new files from.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Leave `$text`, `$json` and `$yaml` as they are, instead of reading the files they name.
    #[arg(long)]
    pub(crate) no_resolve: bool,
    /// How to print the result: text with source lines and hints, or one JSON object a document.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people: what is wrong, where, and how to put it right.
    Text,
    /// For programs: one line a document.
    Json,
}

/// Checks the files. The exit code is 1 when anything is wrong.
pub(crate) fn run(args: &ValidateArgs) -> anyhow::Result<ExitCode> {
    let stdout = io::stdout();
    let colour = stdout.is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let mut out = BufWriter::new(stdout.lock());
    match print(args, colour, &mut out).and_then(|ok| out.flush().map(|()| ok)) {
        Ok(true) => Ok(ExitCode::SUCCESS),
        Ok(false) => Ok(ExitCode::FAILURE),
        // The reader has seen enough, as in `portico validate … | head`.
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(ExitCode::FAILURE),
        Err(error) => Err(error.into()),
    }
}

/// Whether everything is valid.
fn print(args: &ValidateArgs, colour: bool, out: &mut impl Write) -> io::Result<bool> {
    let mut files = files::read(&args.paths);
    if !args.no_resolve {
        placeholders::leave_out_parts(&mut files);
    }
    let mut counts = report::Counts::default();
    for file in &files {
        let checked = check::check(file, !args.no_resolve);
        counts.add(&checked);
        for document in &checked {
            match args.format {
                Format::Json => report::json(file, document, out)?,
                Format::Text => report::text(file, document, colour, out)?,
            }
        }
    }
    if args.format == Format::Text {
        writeln!(out, "{counts}")?;
    }
    Ok(counts.all_valid())
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use serde_json::Value;

    use super::*;

    const GOOD: &str = "\
apiVersion: backstage.io/v1alpha1
kind: API
metadata:
  name: orders
spec:
  type: openapi
  lifecycle: production
  owner: team
  definition:
    $text: ./openapi.yaml
";

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn validate(path: &Path, no_resolve: bool, format: Format) -> (bool, String) {
        let args = ValidateArgs {
            paths: vec![path.to_owned()],
            no_resolve,
            format,
        };
        let mut out = Vec::new();
        let ok = print(&args, false, &mut out).unwrap();
        (ok, String::from_utf8(out).unwrap())
    }

    fn json(path: &Path, no_resolve: bool) -> Vec<Value> {
        let (_, out) = validate(path, no_resolve, Format::Json);
        out.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn embedded_files_are_read_and_not_taken_for_entities() {
        let folder = folder(&[
            ("a/catalog-info.yaml", GOOD),
            ("a/openapi.yaml", "kind: x\n"),
        ]);
        let lines = json(folder.path(), false);
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["verdict"], "valid");
        assert_eq!(lines[0]["ref"], "api:default/orders");
    }

    #[test]
    fn skeletons_of_templates_are_not_taken_for_entities() {
        let template = "\
apiVersion: scaffolder.backstage.io/v1beta3
kind: Template
metadata: {name: service}
spec:
  type: service
  steps:
    - {action: \"fetch:template\", input: {url: ./skeleton}}
";
        let skeleton = "kind: Component\nmetadata: {name: \"${{ values.name }}\"}\n";
        let folder = folder(&[
            ("template.yaml", template),
            ("skeleton/sub/catalog-info.yaml", skeleton),
        ]);
        assert_eq!(json(folder.path(), false).len(), 1);
        assert_eq!(json(folder.path(), true).len(), 2);
    }

    #[test]
    fn a_missing_file_is_shown_where_it_is_named() {
        let folder = folder(&[("catalog-info.yaml", GOOD)]);
        let line = json(folder.path(), false).remove(0);
        assert_eq!(line["verdict"], "invalid");
        assert_eq!(line["pointer"], "/spec/definition/$text");
        assert_eq!((&line["line"], &line["column"]), (&10.into(), &12.into()));
    }

    #[test]
    fn without_resolving_a_placeholder_is_a_mapping() {
        let folder = folder(&[
            ("catalog-info.yaml", GOOD),
            ("openapi.yaml", "openapi: 3.0.0\n"),
        ]);
        let line = json(folder.path(), true).remove(0);
        assert_eq!(
            (&line["verdict"], &line["pointer"]),
            (&"invalid".into(), &"/spec/definition".into())
        );
    }

    #[test]
    fn text_points_at_the_source() {
        let folder = folder(&[(
            "catalog-info.yml",
            "---\na: 1\n---\nkind: Component\nmetadata: {}\n",
        )]);
        let (ok, out) = validate(folder.path(), false, Format::Text);
        assert!(!ok);
        assert!(out.contains("catalog-info.yml:5:1"), "{out}");
        assert!(out.contains("5 | metadata: {}"), "{out}");
        assert!(out.contains("`metadata.name` is required"), "{out}");
        assert!(out.contains("1 document in 1 file: 1 invalid"), "{out}");
    }

    #[test]
    fn a_file_named_by_hand_must_be_an_entity() {
        let folder = folder(&[("other.yaml", "openapi: 3.0.0\n")]);
        assert!(json(folder.path(), false).is_empty());
        assert_eq!(
            json(&folder.path().join("other.yaml"), false)[0]["verdict"],
            "invalid"
        );
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        let folder = folder(&[]);
        fs::write(folder.path().join("latin1.yaml"), b"kind: \xe9\n").unwrap();
        let (ok, out) = validate(folder.path(), false, Format::Text);
        assert!(!ok && out.contains("UTF-8"), "{out}");
        let (ok, out) = validate(&folder.path().join("nothing.yaml"), false, Format::Text);
        assert!(!ok && out.contains("nothing.yaml"), "{out}");
    }
}
