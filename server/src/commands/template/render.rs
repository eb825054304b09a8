//! `portico template render`

use std::{
    io::{self, Read as _, Write as _},
    path::Path,
    process::ExitCode,
};

use anyhow::{Context as _, Result};
use portico_model::yaml::{Limits, parse_single};
use portico_templating::{Context, Engine, backstage::RepoHosts};
use serde_json::{Value, json};

use super::RenderArgs;

pub(super) fn run(args: &RenderArgs) -> Result<ExitCode> {
    let mut text = args.text.clone();
    if text == "-" {
        text.clear();
        let read = io::stdin().read_to_string(&mut text);
        read.context("the template cannot be read from standard input")?;
    }
    let variables = args.context.as_deref().map_or(Ok(json!({})), variables)?;
    let mut out = io::stdout().lock();
    out.write_all(rendered(args, &text, &variables)?.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

pub(super) fn variables(file: &Path) -> Result<Value> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).with_context(|| format!("{shown} cannot be read"))?;
    let value = match file.extension().is_some_and(|it| it == "json") {
        true => serde_json::from_str(&text).with_context(|| format!("{shown} is not JSON"))?,
        false => parse_single(&text, &Limits::default())
            .map_err(|error| anyhow::anyhow!("{shown}:{}: {}", error.line, error.message))?,
    };
    anyhow::ensure!(
        value.is_object(),
        "{shown} should be an object, with a field for each variable"
    );
    Ok(value)
}

/// What is printed. A text ends with a line break, as the last thing on a terminal should.
fn rendered(args: &RenderArgs, text: &str, variables: &Value) -> Result<String> {
    let mut engine = Engine::backstage(RepoHosts::any()).with_syntax(args.delimiters.into());
    if args.strict {
        engine = engine.strict();
    }
    let context = Context::new(variables)?;
    if args.value {
        let value = engine.evaluate(text, &context)?.unwrap_or(Value::Null);
        return Ok(format!("{value:#}\n"));
    }
    let mut printed = engine.render(text, &context)?;
    if !printed.ends_with('\n') {
        printed.push('\n');
    }
    Ok(printed)
}

#[cfg(test)]
mod tests {
    use super::{super::Delimiters, *};

    fn args(value: bool) -> RenderArgs {
        RenderArgs {
            context: None,
            delimiters: Delimiters::Backstage,
            value,
            strict: false,
            text: String::new(),
        }
    }

    #[test]
    fn texts_and_values_are_printed() {
        let variables = json!({"tags": ["a"]});
        let print = |value, text| rendered(&args(value), text, &variables).unwrap();
        assert_eq!(print(false, "${{ tags | length }}"), "1\n");
        assert_eq!(print(true, "${{ tags | length }}"), "1\n");
        assert_eq!(print(true, "${{ none }}"), "null\n");
        let error = rendered(&args(false), "${{ x | uper }}", &variables).unwrap_err();
        assert!(
            error.to_string().contains("did you mean \"upper\"?"),
            "{error}"
        );
    }

    #[test]
    fn contexts_are_json_or_yaml_objects() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            variables(&path)
        };
        assert_eq!(file("a.json", "{\"a\": 1}").unwrap(), json!({"a": 1}));
        assert_eq!(file("a.yaml", "a: 1\n").unwrap(), json!({"a": 1}));
        assert!(
            file("b.json", "[]")
                .unwrap_err()
                .to_string()
                .contains("should be an object")
        );
    }
}
