//! Connections, for those who keep them.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::data::{Json, UiError};

/// The page of connections.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionsView {
    /// By name.
    pub connections: Vec<ConnectionRow>,
    /// The names of the secrets that the configuration has.
    pub secrets: Vec<String>,
}

/// A connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionRow {
    /// What it is.
    pub connection: ConnectionInput,
    /// The plugins that may use it.
    pub used_by: Vec<String>,
}

/// A connection, as it is entered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionInput {
    /// Its name.
    pub name: String,
    /// Requests stay below it.
    pub base_url: String,
    /// `none`, `bearer`, `basic`, `header`, `managed-identity` or `github-app`.
    pub auth: String,
    /// Of `basic`.
    pub username: String,
    /// Of `header`: its name.
    pub header: String,
    /// The name of the secret; of `bearer`, `basic` and `header`.
    pub secret: String,
    /// Of `managed-identity`: the client id; empty is the machine's own.
    pub client_id: String,
    /// Of `managed-identity`: what its token is for.
    pub scope: String,
    /// Of `github-app`: who installed it.
    pub owner: String,
    /// Whether it may lead into a private network.
    pub allow_private: bool,
}

/// Every connection.
#[server(prefix = "/_ui", endpoint = "connections", input = Json, output = Json)]
pub async fn load_connections() -> Result<ConnectionsView, UiError> {
    let context = crate::data::server_context()?;
    let (plugins, who) = (context.plugins()?, &context.principal);
    let connections = plugins.connection_uses(who).await?;
    Ok(ConnectionsView {
        connections: connections.into_iter().map(server::row).collect(),
        secrets: plugins.secret_names(who)?,
    })
}

/// Keeps a connection, unless something is wrong with it: then answers with fields and what is
/// wrong there.
#[server(prefix = "/_ui", endpoint = "save-connection", input = Json, output = Json)]
pub async fn save_connection(
    input: ConnectionInput,
    new: bool,
) -> Result<Vec<(String, String)>, UiError> {
    let context = crate::data::server_context()?;
    let (plugins, who) = (context.plugins()?, &context.principal);
    let (name, spec) = server::spec(input)?;
    let mut problems = plugins.connection_problems(who, &name, &spec)?;
    if new
        && plugins
            .connections(who)
            .await?
            .iter()
            .any(|(it, _)| *it == name)
    {
        problems.push(portico_plugins::FieldProblem {
            field: "name",
            message: format!("there is a connection {name} already"),
        });
    }
    if problems.is_empty() {
        plugins.put_connection(who, &name, &spec).await?;
    }
    Ok(super::field_problems(problems))
}

/// Removes a connection.
#[server(prefix = "/_ui", endpoint = "delete-connection", input = Json, output = Json)]
pub async fn delete_connection(name: String) -> Result<(), UiError> {
    let context = crate::data::server_context()?;
    let plugins = context.plugins()?;
    Ok(plugins.remove_connection(&context.principal, &name).await?)
}

#[cfg(feature = "ssr")]
mod server {
    use portico_plugins::{ConnectionAuth, ConnectionSpec, ConnectionUse};

    use super::{ConnectionInput, ConnectionRow};
    use crate::data::UiError;

    pub(super) fn row(it: ConnectionUse) -> ConnectionRow {
        let mut connection = ConnectionInput {
            name: it.name,
            base_url: it.spec.base_url,
            allow_private: it.spec.allow_private,
            secret: it.spec.auth.secret().unwrap_or_default().to_owned(),
            ..ConnectionInput::default()
        };
        let auth = match it.spec.auth {
            ConnectionAuth::None => "none",
            ConnectionAuth::Bearer { .. } => "bearer",
            ConnectionAuth::Basic { username, .. } => {
                connection.username = username;
                "basic"
            }
            ConnectionAuth::Header { name, .. } => {
                connection.header = name;
                "header"
            }
            ConnectionAuth::ManagedIdentity { client_id, scope } => {
                connection.client_id = client_id.unwrap_or_default();
                connection.scope = scope;
                "managed-identity"
            }
            ConnectionAuth::GitHubApp { owner } => {
                connection.owner = owner;
                "github-app"
            }
        };
        auth.clone_into(&mut connection.auth);
        ConnectionRow {
            connection,
            used_by: it.used_by,
        }
    }

    pub(super) fn spec(input: ConnectionInput) -> Result<(String, ConnectionSpec), UiError> {
        let secret = input.secret;
        let auth = match input.auth.as_str() {
            "none" => ConnectionAuth::None,
            "bearer" => ConnectionAuth::Bearer { secret },
            "basic" => ConnectionAuth::Basic {
                username: input.username,
                secret,
            },
            "header" => ConnectionAuth::Header {
                name: input.header.trim().to_owned(),
                secret,
            },
            "managed-identity" => ConnectionAuth::ManagedIdentity {
                client_id: Some(input.client_id.trim().to_owned()).filter(|it| !it.is_empty()),
                scope: input.scope.trim().to_owned(),
            },
            "github-app" => ConnectionAuth::GitHubApp {
                owner: input.owner.trim().to_owned(),
            },
            other => return Err(UiError::invalid(format!("there is no sign-in \"{other}\""))),
        };
        let spec = ConnectionSpec {
            base_url: input.base_url.trim().to_owned(),
            auth,
            allow_private: input.allow_private,
        };
        Ok((input.name.trim().to_owned(), spec))
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn what_was_entered_is_shown_again() {
            let all = [
                "none",
                "bearer",
                "basic",
                "header",
                "managed-identity",
                "github-app",
            ];
            for auth in all {
                let of = |kind: &str, text: &str| match kind == auth {
                    true => text.to_owned(),
                    false => String::new(),
                };
                let input = ConnectionInput {
                    name: "cmdb".to_owned(),
                    base_url: "https://cmdb.example.com".to_owned(),
                    auth: auth.to_owned(),
                    username: of("basic", "ada"),
                    header: of("header", "X-Api-Key"),
                    secret: match auth {
                        "bearer" | "basic" | "header" => "token".to_owned(),
                        _ => String::new(),
                    },
                    client_id: of("managed-identity", "1f2e"),
                    scope: of("managed-identity", "https://vault.azure.net/.default"),
                    owner: of("github-app", "contoso"),
                    allow_private: true,
                };
                let (name, spec) = spec(input.clone()).unwrap();
                let used_by = Vec::new();
                let row = row(ConnectionUse {
                    name,
                    spec,
                    used_by,
                });
                assert_eq!(row.connection, input);
            }
            assert!(spec(ConnectionInput::default()).is_err());
        }
    }
}
