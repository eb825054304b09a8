//! Help for the tests of plugins: calling them as Portico does, and files of what is expected.
//!
//! With `PORTICO_UPDATE=1` in the environment, expected files are written instead of compared.

use std::{env, fs, path::Path};

use serde_json::Value;

use crate::{Action, Call, Check, Entity, Finding, Result, Subject, action};

/// Runs an action on JSON, as Portico does.
pub fn run<A: Action>(input: &Value, call: Call) -> Result<Value> {
    let output = action::run_json::<A>(&input.to_string(), call)?;
    Ok(serde_json::from_str(&output)?)
}

/// Looks at one entity, which is the first of the call.
pub fn evaluate<C: Check>(entity: Value) -> Finding {
    let subject = Subject::new(0, Entity::from(entity), Value::Null);
    let finding = C::evaluate_all(&[subject]).into_iter().next();
    finding.unwrap_or_else(|| Finding::error("there is no finding"))
}

/// Compares the schemas of an action with a file, which `plugin.toml` names as `interface`.
///
/// # Panics
/// When they differ.
pub fn assert_interface<A: Action>(path: impl AsRef<Path>) {
    assert_json(path, &action::schemas::<A>());
}

/// Compares the schema of a configuration with a file, which `plugin.toml` names as
/// `configuration`.
///
/// # Panics
/// When they differ.
pub fn assert_configuration<T: schemars::JsonSchema>(path: impl AsRef<Path>) {
    assert_json(path, &Value::from(schemars::schema_for!(T)));
}

/// Compares JSON with a file, relative to the crate.
///
/// # Panics
/// When they differ.
pub fn assert_json(path: impl AsRef<Path>, found: &Value) {
    assert_text(path, &format!("{found:#}\n"));
}

/// Compares a text with a file, relative to the crate.
///
/// # Panics
/// When they differ.
pub fn assert_text(path: impl AsRef<Path>, found: &str) {
    let path = path.as_ref();
    if env::var_os("PORTICO_UPDATE").is_some() {
        let folder = path.parent().map(fs::create_dir_all).transpose();
        let written = folder.and_then(|_| fs::write(path, found));
        assert!(
            written.is_ok(),
            "{} cannot be written: {written:?}",
            path.display()
        );
        return;
    }
    let expected = fs::read_to_string(path).unwrap_or_default();
    assert!(
        expected == found,
        "{} is not what is found (PORTICO_UPDATE=1 writes it):\n--- expected\n{expected}\n--- found\n{found}",
        path.display()
    );
}
