//! The change itself: from one Bicep file to the next.

use portico_plugin_sdk::{Result, bail};
use portico_service_files::{BicepFile, Change, Edits, Identity, role_assignment};

/// The built-in role `Key Vault Secrets User`, the same in every tenant.
const SECRETS_USER: &str = "4633458b-17de-408a-b874-0445c86b69e6";

/// The symbols that are added.
const SYMBOLS: [&str; 6] = [
    "redis",
    "redisAccess",
    "redisConnectionString",
    "redisSecretAccess",
    "redisName",
    "redisConnectionStringReference",
];

/// Adds a cache to a file that has none.
pub(crate) fn add(text: &str, sku: &str, capacity: u8) -> Result<Change> {
    let file = BicepFile::read(text);
    refuse(&file)?;
    let mut edits = Edits::of(&file);
    edits.parameter(
        "redisName",
        Some("'redis-${uniqueString(resourceGroup().id)}'"),
        "Name of the cache, unique in Azure.",
    );
    edits.note(match file.key_vault() {
        Some(vault) => format!(
            "The connection string goes into the Key Vault `{}`.",
            vault.symbol
        ),
        None => "The Key Vault is named by the new parameter `keyVaultName`.".to_owned(),
    });
    let vault = edits.key_vault();
    let identity = edits.identity();
    edits.note(identity.note("use the cache"));
    edits.declare(cache(&file, sku, capacity));
    edits.declare(access(identity));
    edits.declare(secret(vault));
    edits.declare(role_assignment(
        "redisSecretAccess",
        "redisConnectionString",
        identity,
        SECRETS_USER,
        "Key Vault Secrets User, for this one secret.",
    ));
    edits.secret_setting(
        "ConnectionStrings__Redis",
        "redisConnectionString",
        "redis-connection-string",
        "redisConnectionStringReference",
    );
    Ok(edits.done())
}

fn refuse(file: &BicepFile<'_>) -> Result<()> {
    let caches = ["Microsoft.Cache/redis", "Microsoft.Cache/redisEnterprise"];
    if let Some(cache) = caches.iter().find_map(|kind| file.resource(kind)) {
        bail!(
            "The Bicep file has a Redis cache already: `{}`. Nothing was changed.",
            cache.symbol
        );
    }
    let module = file.declarations.iter().find(|each| {
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
    file.refuse_taken(&SYMBOLS)
}

fn cache(file: &BicepFile<'_>, sku: &str, capacity: u8) -> String {
    let (location, tags) = (file.location(), file.tags());
    format!(
        "resource redis 'Microsoft.Cache/redis@2024-11-01' = {{
  name: redisName
  location: {location}
{tags}  properties: {{
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

fn access(identity: Identity<'_>) -> String {
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
