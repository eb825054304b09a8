//! What there is in a service's Bicep file.

use portico_plugin_sdk::{Result, bail};

use crate::{App, Declaration, Identity, declarations};

/// Where a service's Bicep file is.
pub const PATH: &str = "bicep/main.bicep";

/// A file and its declarations.
#[derive(Debug)]
pub struct BicepFile<'a> {
    /// All of it.
    pub text: &'a str,
    /// In their order.
    pub declarations: Vec<Declaration<'a>>,
}

impl<'a> BicepFile<'a> {
    /// Reads a file. One that is broken has fewer declarations.
    pub fn read(text: &'a str) -> Self {
        Self {
            text,
            declarations: declarations(text),
        }
    }

    /// The first resource of a type such as `Microsoft.Cache/redis`, of any version.
    pub fn resource(&self, kind: &str) -> Option<&Declaration<'a>> {
        self.declarations.iter().find(|it| it.is_resource(kind))
    }

    /// The declaration of a keyword and a symbol.
    pub fn declaration(&self, keyword: &str, symbol: &str) -> Option<&Declaration<'a>> {
        let mut all = self.declarations.iter();
        all.find(|it| it.keyword == keyword && it.symbol == symbol)
    }

    /// Where new resources go: the file's own parameter, or that of its resource group.
    pub fn location(&self) -> &'static str {
        match self.declaration("param", "location") {
            Some(_) => "location",
            None => "resourceGroup().location",
        }
    }

    /// The line that tags a resource as the others are, with its line end; nothing when the file
    /// has no variable `tags`.
    pub fn tags(&self) -> &'static str {
        match self.declaration("var", "tags") {
            Some(_) => "  tags: tags\n",
            None => "",
        }
    }

    /// The service's vault.
    pub fn key_vault(&self) -> Option<&Declaration<'a>> {
        self.resource("Microsoft.KeyVault/vaults")
    }

    /// What runs the service.
    pub fn app(&self) -> Option<App<'_, 'a>> {
        App::find(self)
    }

    /// What the service signs in as.
    pub fn identity(&self) -> Identity<'a> {
        Identity::find(self)
    }

    /// Refuses a file that uses one of these symbols for something of its own.
    pub fn refuse_taken(&self, symbols: &[&str]) -> Result<()> {
        let mut all = self.declarations.iter();
        if let Some(taken) = all.find(|it| symbols.contains(&it.symbol)) {
            bail!(
                "The Bicep file uses the name `{}` for a {} of its own. Rename it, then try again.",
                taken.symbol,
                taken.keyword
            );
        }
        Ok(())
    }
}
