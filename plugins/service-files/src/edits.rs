//! Adding to a Bicep file, without touching the rest of it.

use std::ops::Range;

use crate::{BicepFile, Identity, app};

/// What is to change, and what people are told of it.
#[derive(Debug)]
pub struct Edits<'f, 'a> {
    file: &'f BicepFile<'a>,
    params: Vec<String>,
    resources: Vec<String>,
    replaced: Vec<(Range<usize>, String)>,
    notes: Vec<String>,
}

/// What came of it.
#[derive(Debug)]
pub struct Change {
    /// The whole file.
    pub text: String,
    /// What was decided, for people.
    pub notes: Vec<String>,
}

impl<'f, 'a> Edits<'f, 'a> {
    /// None yet.
    pub fn of(file: &'f BicepFile<'a>) -> Self {
        Self {
            file,
            params: Vec::new(),
            resources: Vec::new(),
            replaced: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// A sentence for people.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// A parameter of the type string, with a default that is an expression.
    pub fn parameter(&mut self, name: &str, default: Option<&str>, description: &str) {
        let default = default.map_or_else(String::new, |it| format!(" = {it}"));
        self.params.push(format!(
            "@description('{description}')\nparam {name} string{default}"
        ));
    }

    /// A declaration at the end of the file.
    pub fn declare(&mut self, text: impl Into<String>) {
        self.resources.push(text.into());
    }

    /// Other text in place of a part of the file.
    pub fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.replaced.push((range, text.into()));
    }

    /// The symbol of the service's Key Vault; a parameter names it when the file has none.
    pub fn key_vault(&mut self) -> &'a str {
        if let Some(vault) = self.file.key_vault() {
            return vault.symbol;
        }
        self.parameter("keyVaultName", None, "Name of the Key Vault of this app.");
        self.declare(
            "resource keyVault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {\n  name: keyVaultName\n}",
        );
        "keyVault"
    }

    /// The service's identity; a parameter names it when the file has none.
    pub fn identity(&mut self) -> Identity<'a> {
        let identity = self.file.identity();
        if identity == Identity::Parameter
            && self.file.declaration("param", "appPrincipalId").is_none()
        {
            self.parameter(
                "appPrincipalId",
                None,
                "Object id of the managed identity of the app.",
            );
        }
        identity
    }

    /// A setting of the app with a value, which is an expression; an output when the app has no
    /// settings in the file.
    pub fn setting(&mut self, name: &str, value: &str, output: &str) {
        let app = self.file.app();
        let insertions = app.and_then(|app| app.setting(name, value));
        self.insert(insertions, name, output, value);
    }

    /// A setting of the app that is a secret of the Key Vault, by the symbol and the name of the
    /// secret; an output with the reference when the app has no settings in the file.
    pub fn secret_setting(&mut self, setting: &str, symbol: &str, secret: &str, output: &str) {
        let (app, identity) = (self.file.app(), self.file.identity());
        let insertions = app.and_then(|app| app.secret(identity, setting, secret, symbol));
        self.insert(insertions, setting, output, &app::reference(symbol));
    }

    fn insert(
        &mut self,
        insertions: Option<Vec<app::Insertion>>,
        name: &str,
        output: &str,
        value: &str,
    ) {
        let Some(insertions) = insertions else {
            self.note(format!(
                "The output `{output}` is for the settings of the app."
            ));
            self.declare(format!("output {output} string = {value}"));
            return;
        };
        let what = match self.file.app() {
            Some(app::App::Container(_)) => "container",
            _ => "web",
        };
        self.note(format!("The {what} app gets the setting `{name}`."));
        for (at, text) in insertions {
            self.replace(at..at, text);
        }
    }

    /// The file as it will be, in its own line ends.
    pub fn done(mut self) -> Change {
        let text = self.file.text;
        if !self.params.is_empty() {
            let at = self.after_parameters();
            let params = format!("\n{}\n", self.params.join("\n\n"));
            self.replace(at..at, params);
        }
        if !self.resources.is_empty() {
            let end = if text.ends_with('\n') { "\n" } else { "\n\n" };
            let resources = format!("{end}{}\n", self.resources.join("\n\n"));
            self.replace(text.len()..text.len(), resources);
        }
        let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
        self.replaced.sort_by_key(|(range, _)| range.start);
        let mut result = String::with_capacity(text.len() + 4096);
        let mut rest = 0;
        for (range, insertion) in &self.replaced {
            result.push_str(text.get(rest..range.start).unwrap_or_default());
            result.push_str(&insertion.replace('\n', line_end));
            rest = range.end;
        }
        result.push_str(text.get(rest..).unwrap_or_default());
        Change {
            text: result,
            notes: self.notes,
        }
    }

    /// The end of the last parameter, or of what stands before the first declaration.
    fn after_parameters(&self) -> usize {
        let params = self.file.declarations.iter();
        let params = params.filter(|it| matches!(it.keyword, "param" | "targetScope"));
        let end = params.map(|it| it.range.end).max().unwrap_or(0);
        let rest = self.file.text.get(end..).unwrap_or_default();
        rest.find('\n')
            .map_or(self.file.text.len(), |at| end + at + 1)
    }
}
