//! An action: hands a secret of the Key Vault to the app of a repository's Bicep file.
//!
//! The value is not here: it goes into the vault by other means.

mod secret;

use portico_plugin_sdk::{Action, Call, Result, export};
use portico_service_files::{Output, PATH, check_name, propose, read};
use schemars::JsonSchema;
use serde::Deserialize;

/// Which secret the app gets, and as what.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The repository, by its URL or as `local:NAME`.
    repository: String,
    /// The name of the secret in the Key Vault, such as `payment-provider-key`.
    #[schemars(regex(pattern = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"), length(max = 60))]
    secret: String,
    /// The setting that the app reads, such as `PaymentProvider__Key`.
    #[schemars(regex(pattern = "^[A-Za-z_][A-Za-z0-9_]*$"), length(max = 100))]
    setting: String,
}

struct AddSecret;

impl Action for AddSecret {
    type Input = Input;
    type Output = Output;

    fn run(input: Input, _call: Call) -> Result<Output> {
        let (secret, setting) = (&input.secret, &input.setting);
        check_name("a secret", secret, 60)?;
        let text = read(&input.repository, PATH)?;
        let change = secret::add(&text, secret, setting)?;
        propose(
            &input.repository,
            &format!("portico/add-secret-{secret}"),
            "this secret",
            &format!("Use the secret {secret}"),
            format!(
                "Gives the app the secret `{secret}` of its Key Vault. Its value is in no file."
            ),
            &change.notes,
            vec![(PATH.to_owned(), change.text)],
        )
    }
}

export!(AddSecret as Action);

#[cfg(test)]
mod tests;
