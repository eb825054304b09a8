//! `portico template`: for authors of templates.

mod dry_run;
mod render;
mod test;

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand, ValueEnum};
use portico_templating::Syntax;

use super::remote::RemoteArgs;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum TemplateCommand {
    /// Print what a template text comes to with a context.
    ///
    /// In a file of a skeleton, `values.*` is what the form gave; in `template.yaml` it is
    /// `parameters.*`, `steps.*.output.*` and `user.*`. Errors name the line and what was
    /// probably meant.
    #[command(after_help = "\
Examples:
  portico template render --context values.json 'Hello ${{ values.name | upper }}'
  portico template render --context values.yaml - < skeleton/README.md
  portico template render --delimiters jinja --context values.json '{{ name }}'
  portico template render --value --context values.json '${{ values.tags }}'    as JSON, with its type")]
    Render(RenderArgs),
    /// Run a case file: templates with what they should print.
    ///
    /// The file is JSON: {"cases": [{"id": "…", "template": "{{ name }}", "context": {"name":
    /// "orders"}, "expected": "orders"}]}, with plain `{{ }}`. Prints what failed, then
    /// "N passed, M failed". Exits with 1 when a case failed.
    Test(TestArgs),
    /// Show what a template would do, without doing it.
    ///
    /// A portal runs it, with its catalog, its actions and its plugins; the template and the files
    /// beside it are those on this machine. Exits with 1 when it would fail.
    #[command(after_help = "\
Examples:
  portico template dry-run note-service --values values.yaml --url http://127.0.0.1:3000
  portico template dry-run note-service/template.yaml --values values.json --out /tmp/result")]
    DryRun(DryRunArgs),
}

/// Options of `render`.
#[derive(Debug, Args)]
pub(crate) struct RenderArgs {
    /// A JSON or YAML file with the variables. Default: none.
    #[arg(long, value_name = "FILE")]
    context: Option<PathBuf>,
    /// How values are written in the template.
    #[arg(long, value_enum, default_value_t = Delimiters::Backstage)]
    delimiters: Delimiters,
    /// Print the value as JSON: a lone expression keeps its type.
    #[arg(long)]
    value: bool,
    /// Fail on a variable that is not there, instead of printing nothing for it.
    #[arg(long)]
    strict: bool,
    /// The template, or `-` to read it from standard input.
    #[arg(value_name = "TEXT|-", allow_hyphen_values = true)]
    text: String,
}

/// Options of `test`.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// The case file.
    #[arg(value_name = "CASES.json")]
    file: PathBuf,
    /// How values are written in the templates.
    #[arg(long, value_enum, default_value_t = Delimiters::Jinja)]
    delimiters: Delimiters,
}

/// Options of `dry-run`.
#[derive(Debug, Args)]
pub(crate) struct DryRunArgs {
    /// The template, or the folder with its `template.yaml`.
    #[arg(value_name = "TEMPLATE")]
    template: PathBuf,
    /// A JSON or YAML file with what the form gives.
    #[arg(long, value_name = "FILE")]
    values: Option<PathBuf>,
    /// A JSON or YAML file with the secrets of the form.
    #[arg(long, value_name = "FILE")]
    secrets: Option<PathBuf>,
    /// Write the files that would come of it into this folder, which is new or empty.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
    #[command(flatten)]
    remote: RemoteArgs,
}

/// How values are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Delimiters {
    /// `${{ value }}`
    Backstage,
    /// `{{ value }}`
    Jinja,
}

impl From<Delimiters> for Syntax {
    fn from(delimiters: Delimiters) -> Self {
        match delimiters {
            Delimiters::Backstage => Self::BACKSTAGE,
            Delimiters::Jinja => Self::JINJA,
        }
    }
}

/// Runs the chosen command.
pub(crate) fn run(command: TemplateCommand) -> anyhow::Result<ExitCode> {
    match command {
        TemplateCommand::Render(args) => render::run(&args),
        TemplateCommand::Test(args) => test::run(&args),
        TemplateCommand::DryRun(args) => super::block_on(dry_run::run(&args)),
    }
}
