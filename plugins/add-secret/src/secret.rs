//! The change itself: from one Bicep file to the next.

use portico_plugin_sdk::{Result, bail};
use portico_service_files::{BicepFile, Change, Edits, role_assignment, symbol};

/// The built-in role `Key Vault Secrets User`, the same in every tenant.
const SECRETS_USER: &str = "4633458b-17de-408a-b874-0445c86b69e6";

/// Adds a secret that the file does not use yet.
pub(crate) fn add(text: &str, secret: &str, setting: &str) -> Result<Change> {
    let allowed = |it: char| it.is_ascii_alphanumeric() || it == '_';
    if setting.is_empty() || !setting.chars().all(allowed) || setting.starts_with(char::is_numeric)
    {
        bail!(
            "`{setting}` is no setting: write letters, digits and `_`, such as `PaymentProvider__Key`."
        );
    }
    let file = BicepFile::read(text);
    let name = format!("'{secret}'");
    let used = file
        .declarations
        .iter()
        .find(|it| it.is_resource("Microsoft.KeyVault/vaults/secrets") && it.text.contains(&name));
    if let Some(used) = used {
        bail!(
            "The Bicep file uses the secret `{secret}` already: `{}`. Nothing was changed.",
            used.symbol
        );
    }
    if text.contains(&format!("'{setting}'")) {
        bail!("The app has a setting `{setting}` already. Choose another one.");
    }
    let own = symbol(secret, "Secret");
    let (access, output) = (format!("{own}Access"), format!("{own}Reference"));
    file.refuse_taken(&[&own, &access, &output])?;

    let mut edits = Edits::of(&file);
    let vault = edits.key_vault();
    edits.note(format!("It is read from the Key Vault `{vault}`."));
    let identity = edits.identity();
    edits.note(identity.note("read this one secret"));
    edits.declare(format!(
        "resource {own} 'Microsoft.KeyVault/vaults/secrets@2023-07-01' existing = {{
  parent: {vault}
  name: '{secret}'
}}"
    ));
    edits.declare(role_assignment(
        &access,
        &own,
        identity,
        SECRETS_USER,
        "Key Vault Secrets User, for this one secret.",
    ));
    edits.secret_setting(setting, &own, secret, &output);
    Ok(edits.done())
}
