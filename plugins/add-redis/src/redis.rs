//! The change itself: from one Bicep file to the next.

use portico_plugin_sdk::{Result, bail};

use crate::bicep::{Declaration, declarations};

/// The built-in role `Key Vault Secrets User`, the same in every tenant.
const SECRETS_USER: &str = "4633458b-17de-408a-b874-0445c86b69e6";

/// A setting of a web app that Azure resolves by the app's own identity.
const REFERENCE: &str =
    "'@Microsoft.KeyVault(SecretUri=${redisConnectionString.properties.secretUri})'";

/// The symbols that are added.
const SYMBOLS: [&str; 6] = [
    "redis",
    "redisAccess",
    "redisConnectionString",
    "redisSecretAccess",
    "redisName",
    "redisConnectionStringReference",
];

/// What came of it.
#[derive(Debug)]
pub(crate) struct Change {
    /// The whole file.
    pub(crate) text: String,
    /// What was decided, for people.
    pub(crate) notes: Vec<String>,
}

/// Adds a cache to a file that has none.
pub(crate) fn add(text: &str, sku: &str, capacity: u8) -> Result<Change> {
    let found = declarations(text);
    refuse(&found)?;
    let mut params = vec![parameter(
        "redisName",
        "'redis-${uniqueString(resourceGroup().id)}'",
        "Name of the cache, unique in Azure.",
    )];
    let mut resources = Vec::new();
    let mut notes = Vec::new();

    let location = match symbol(&found, "param", "location") {
        true => "location",
        false => "resourceGroup().location",
    };
    let vaults = "Microsoft.KeyVault/vaults";
    let vault = if let Some(vault) = found.iter().find(|each| each.is_resource(vaults)) {
        notes.push(format!(
            "The connection string goes into the Key Vault `{}`.",
            vault.symbol
        ));
        vault.symbol
    } else {
        notes.push("The Key Vault is named by the new parameter `keyVaultName`.".to_owned());
        params.push(parameter(
            "keyVaultName",
            "",
            "Name of the Key Vault of this app.",
        ));
        resources.push(
            "resource keyVault 'Microsoft.KeyVault/vaults@2023-07-01' existing = {\n  name: keyVaultName\n}"
                .to_owned(),
        );
        "keyVault"
    };
    let identity = Identity::find(&found);
    notes.push(identity.note());
    if let Identity::Parameter = identity {
        params.push(parameter(
            "appPrincipalId",
            "",
            "Object id of the managed identity of the app.",
        ));
    }
    resources.push(cache(location, sku, capacity));
    resources.push(access(&identity));
    resources.push(secret(vault));
    resources.push(secret_access(&identity));

    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut edits = vec![(
        after_parameters(text, &found),
        format!("\n{}\n", params.join("\n\n")),
    )];
    if let Some((at, setting)) = app_setting(&found) {
        notes.push("The web app gets the setting `ConnectionStrings__Redis`.".to_owned());
        edits.push((at, setting));
    } else {
        notes.push(
            "The output `redisConnectionStringReference` is for the settings of the app."
                .to_owned(),
        );
        resources.push(format!(
            "output redisConnectionStringReference string = {REFERENCE}"
        ));
    }
    let end = if text.ends_with('\n') { "\n" } else { "\n\n" };
    edits.push((text.len(), format!("{end}{}\n", resources.join("\n\n"))));
    Ok(Change {
        text: apply(text, edits, line_end),
        notes,
    })
}

fn refuse(found: &[Declaration<'_>]) -> Result<()> {
    let caches = ["Microsoft.Cache/redis", "Microsoft.Cache/redisEnterprise"];
    if let Some(cache) = found
        .iter()
        .find(|each| caches.iter().any(|kind| each.is_resource(kind)))
    {
        bail!(
            "The Bicep file has a Redis cache already: `{}`. Nothing was changed.",
            cache.symbol
        );
    }
    let module = found.iter().find(|each| {
        each.keyword == "module"
            && each
                .text
                .lines()
                .next()
                .is_some_and(|line| line.to_ascii_lowercase().contains("redis"))
    });
    if let Some(module) = module {
        bail!(
            "The Bicep file has a Redis module already: `{}`. Nothing was changed.",
            module.symbol
        );
    }
    if let Some(taken) = found.iter().find(|each| SYMBOLS.contains(&each.symbol)) {
        bail!(
            "The Bicep file uses the name `{}` for a {} of its own. Rename it, then try again.",
            taken.symbol,
            taken.keyword
        );
    }
    Ok(())
}

/// Who uses the cache.
enum Identity<'a> {
    User(&'a str),
    App(&'a str),
    Parameter,
}

impl<'a> Identity<'a> {
    fn find(found: &[Declaration<'a>]) -> Self {
        let kind = "Microsoft.ManagedIdentity/userAssignedIdentities";
        if let Some(user) = found.iter().find(|each| each.is_resource(kind)) {
            return Self::User(user.symbol);
        }
        let app = found.iter().find(|each| {
            (each.is_resource("Microsoft.Web/sites")
                || each.is_resource("Microsoft.App/containerApps"))
                && each.text.contains("SystemAssigned")
        });
        app.map_or(Self::Parameter, |app| Self::App(app.symbol))
    }

    fn principal(&self) -> String {
        match self {
            Self::User(symbol) => format!("{symbol}.properties.principalId"),
            Self::App(symbol) => format!("{symbol}.identity.principalId"),
            Self::Parameter => "appPrincipalId".to_owned(),
        }
    }

    /// Something that is known before anything is deployed, which names have to be.
    fn id(&self) -> String {
        match self {
            Self::User(symbol) | Self::App(symbol) => format!("{symbol}.id"),
            Self::Parameter => "appPrincipalId".to_owned(),
        }
    }

    fn note(&self) -> String {
        match self {
            Self::User(symbol) => format!("The managed identity `{symbol}` may use the cache."),
            Self::App(symbol) => format!("The identity of `{symbol}` may use the cache."),
            Self::Parameter => {
                "The identity of the app is named by the new parameter `appPrincipalId`.".to_owned()
            }
        }
    }
}

fn parameter(name: &str, default: &str, description: &str) -> String {
    let default = if default.is_empty() {
        String::new()
    } else {
        format!(" = {default}")
    };
    format!("@description('{description}')\nparam {name} string{default}")
}

fn cache(location: &str, sku: &str, capacity: u8) -> String {
    format!(
        "resource redis 'Microsoft.Cache/redis@2024-11-01' = {{
  name: redisName
  location: {location}
  properties: {{
    sku: {{
      name: '{sku}'
      family: 'C'
      capacity: {capacity}
    }}
    enableNonSslPort: false
    minimumTlsVersion: '1.2'
    redisConfiguration: {{
      'aad-enabled': 'true'
    }}
  }}
}}"
    )
}

fn access(identity: &Identity<'_>) -> String {
    let principal = identity.principal();
    format!(
        "resource redisAccess 'Microsoft.Cache/redis/accessPolicyAssignments@2024-11-01' = {{
  parent: redis
  name: 'app'
  properties: {{
    accessPolicyName: 'Data Contributor'
    objectId: {principal}
    objectIdAlias: 'app'
  }}
}}"
    )
}

fn secret(vault: &str) -> String {
    format!(
        "resource redisConnectionString 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {{
  parent: {vault}
  name: 'redis-connection-string'
  properties: {{
    value: '${{redis.properties.hostName}}:${{redis.properties.sslPort}},password=${{redis.listKeys().primaryKey}},ssl=True,abortConnect=False'
  }}
}}"
    )
}

fn secret_access(identity: &Identity<'_>) -> String {
    let (id, principal) = (identity.id(), identity.principal());
    format!(
        "// Key Vault Secrets User, for this one secret.
resource redisSecretAccess 'Microsoft.Authorization/roleAssignments@2022-04-01' = {{
  scope: redisConnectionString
  name: guid(redisConnectionString.id, {id}, '{SECRETS_USER}')
  properties: {{
    principalId: {principal}
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{SECRETS_USER}')
  }}
}}"
    )
}

/// Where the setting goes in the first web app that has settings, and its text.
fn app_setting(found: &[Declaration<'_>]) -> Option<(usize, String)> {
    let app = found.iter().find(|each| {
        each.is_resource("Microsoft.Web/sites") && each.text.contains("appSettings: [")
    })?;
    let at = app.text.find("appSettings: [")?;
    let line = app.text.get(..at)?.rsplit('\n').next()?;
    let indent: String = line
        .chars()
        .take_while(|char| char.is_whitespace())
        .collect();
    let setting = format!(
        "\n{indent}  {{\n{indent}    name: 'ConnectionStrings__Redis'\n{indent}    value: {REFERENCE}\n{indent}  }}"
    );
    Some((app.range.start + at + "appSettings: [".len(), setting))
}

/// The end of the last parameter, or of what stands before the first declaration's decorators.
fn after_parameters(text: &str, found: &[Declaration<'_>]) -> usize {
    let params = found
        .iter()
        .filter(|each| matches!(each.keyword, "param" | "targetScope"));
    let end = params.map(|each| each.range.end).max().unwrap_or(0);
    text.get(end..)
        .and_then(|rest| rest.find('\n'))
        .map_or(text.len(), |at| end + at + 1)
}

fn symbol(found: &[Declaration<'_>], keyword: &str, symbol: &str) -> bool {
    found
        .iter()
        .any(|each| each.keyword == keyword && each.symbol == symbol)
}

/// The text with insertions, in the order of their places, in its own line ends.
fn apply(text: &str, mut edits: Vec<(usize, String)>, line_end: &str) -> String {
    edits.sort_by_key(|(at, _)| *at);
    let mut result = String::with_capacity(text.len() + 4096);
    let mut rest = 0;
    for (at, insertion) in edits {
        result.push_str(text.get(rest..at).unwrap_or_default());
        result.push_str(&insertion.replace('\n', line_end));
        rest = at;
    }
    result.push_str(text.get(rest..).unwrap_or_default());
    result
}
