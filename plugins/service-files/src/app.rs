//! What runs a service, and where its settings are.

use crate::{BicepFile, Declaration, Identity};

/// The app of a service.
#[derive(Clone, Copy, Debug)]
pub enum App<'f, 'a> {
    /// An App Service.
    Web(&'f Declaration<'a>),
    /// A Container App.
    Container(&'f Declaration<'a>),
}

/// Something to write into a list of the file: where in the file, and what.
pub(crate) type Insertion = (usize, String);

impl<'f, 'a> App<'f, 'a> {
    pub(crate) fn find(file: &'f BicepFile<'a>) -> Option<Self> {
        let container = file.resource("Microsoft.App/containerApps");
        let web = || file.resource("Microsoft.Web/sites").map(Self::Web);
        container.map(Self::Container).or_else(web)
    }

    /// Its symbol.
    pub fn symbol(&self) -> &'a str {
        self.declaration().symbol
    }

    /// Its declaration.
    pub fn declaration(&self) -> &'f Declaration<'a> {
        match self {
            Self::Web(it) | Self::Container(it) => it,
        }
    }

    /// A setting with a value, which is an expression. Nothing when the app has no list of them.
    pub(crate) fn setting(&self, name: &str, value: &str) -> Option<Vec<Insertion>> {
        let list = match self {
            Self::Web(_) => "appSettings: [",
            Self::Container(_) => "env: [",
        };
        Some(vec![self.insertion(
            list,
            &[("name", format!("'{name}'")), ("value", value.to_owned())],
        )?])
    }

    /// A setting whose value is a secret of the Key Vault, which the app reads as `identity`.
    /// Nothing when the app cannot.
    pub(crate) fn secret(
        &self,
        identity: Identity<'_>,
        setting: &str,
        secret: &str,
        symbol: &str,
    ) -> Option<Vec<Insertion>> {
        match self {
            Self::Web(_) => self.setting(setting, &reference(symbol)),
            // With the app's own identity neither could be deployed before the other.
            Self::Container(_) => match identity {
                Identity::User(user) => Some(vec![
                    self.insertion(
                        "secrets: [",
                        &[
                            ("name", format!("'{secret}'")),
                            ("keyVaultUrl", format!("{symbol}.properties.secretUri")),
                            ("identity", format!("{user}.id")),
                        ],
                    )?,
                    self.insertion(
                        "env: [",
                        &[
                            ("name", format!("'{setting}'")),
                            ("secretRef", format!("'{secret}'")),
                        ],
                    )?,
                ]),
                _ => None,
            },
        }
    }

    /// An object as the first of a list.
    fn insertion(&self, list: &str, fields: &[(&str, String)]) -> Option<Insertion> {
        let it = self.declaration();
        let at = it.text.find(list)?;
        let line = it.text.get(..at)?.rsplit('\n').next()?;
        let indent: String = line.chars().take_while(|it| it.is_whitespace()).collect();
        let mut text = format!("\n{indent}  {{");
        for (name, value) in fields {
            text.push_str(&format!("\n{indent}    {name}: {value}"));
        }
        text.push_str(&format!("\n{indent}  }}"));
        let end = at + list.len();
        if it.text.get(end..)?.starts_with(']') {
            text.push_str(&format!("\n{indent}"));
        }
        Some((it.range.start + end, text))
    }
}

/// A value that App Service reads from the Key Vault by the app's own identity.
pub(crate) fn reference(symbol: &str) -> String {
    format!("'@Microsoft.KeyVault(SecretUri=${{{symbol}.properties.secretUri}})'")
}
