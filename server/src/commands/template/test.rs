//! `portico template test`

use std::{
    io::{self, Write},
    process::ExitCode,
};

use anyhow::{Context as _, Result};
use portico_templating::{CaseFile, Engine, backstage::RepoHosts};

use super::TestArgs;

pub(super) fn run(args: &TestArgs) -> Result<ExitCode> {
    let shown = args.file.display();
    let text =
        std::fs::read_to_string(&args.file).with_context(|| format!("{shown} cannot be read"))?;
    let file: CaseFile = serde_json::from_str(&text).with_context(|| {
        format!(
            "{shown} is not a case file; write {{\"cases\": [{{\"id\", \"template\", \
             \"context\", \"expected\"}}]}}"
        )
    })?;
    let engine = Engine::backstage(RepoHosts::any()).with_syntax(args.delimiters.into());
    let failed = report(&file, &engine, &mut io::stdout().lock())?;
    Ok(if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Prints what failed and the counts; how many failed.
fn report(file: &CaseFile, engine: &Engine, out: &mut impl Write) -> io::Result<usize> {
    let mut failed = 0;
    for case in &file.cases {
        if let Err(actual) = case.check(engine) {
            failed += 1;
            writeln!(out, "FAILED {}", case.id)?;
            writeln!(out, "  expected {:?}", case.expected)?;
            writeln!(out, "  actual   {actual:?}")?;
        }
    }
    writeln!(out, "{} passed, {failed} failed", file.cases.len() - failed)?;
    Ok(failed)
}

#[cfg(test)]
mod tests {
    use portico_templating::Syntax;

    use super::*;

    #[test]
    fn failures_are_listed_and_counted() {
        let file = serde_json::from_str(
            r#"{"cases": [
                {"id": "good", "template": "{{ a }}", "context": {"a": 1}, "expected": "1"},
                {"id": "bad", "template": "{{ a }}", "context": {}, "expected": "1"},
                {"id": "broken", "template": "{{", "expected": ""}
            ]}"#,
        );
        let mut out = Vec::new();
        let failed = report(&file.unwrap(), &Engine::new(Syntax::JINJA), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(failed, 2);
        assert!(
            out.contains("FAILED bad\n  expected \"1\"\n  actual   \"\"\n"),
            "{out}"
        );
        assert!(
            out.contains("FAILED broken") && out.ends_with("1 passed, 2 failed\n"),
            "{out}"
        );
    }
}
