//! What a service signs in as, and what that may do.

use crate::BicepFile;

/// The managed identity of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity<'a> {
    /// A resource of its own, by its symbol.
    User(&'a str),
    /// The app's, by the symbol of the app.
    App(&'a str),
    /// Not in the file: the parameter `appPrincipalId` names it.
    Parameter,
}

impl<'a> Identity<'a> {
    pub(crate) fn find(file: &BicepFile<'a>) -> Self {
        if let Some(user) = file.resource("Microsoft.ManagedIdentity/userAssignedIdentities") {
            return Self::User(user.symbol);
        }
        let app = file.declarations.iter().find(|it| {
            (it.is_resource("Microsoft.Web/sites") || it.is_resource("Microsoft.App/containerApps"))
                && it.text.contains("SystemAssigned")
        });
        app.map_or(Self::Parameter, |app| Self::App(app.symbol))
    }

    /// Its object id, as an expression.
    pub fn principal(self) -> String {
        match self {
            Self::User(symbol) => format!("{symbol}.properties.principalId"),
            Self::App(symbol) => format!("{symbol}.identity.principalId"),
            Self::Parameter => "appPrincipalId".to_owned(),
        }
    }

    /// Something that is known before anything is deployed, which names have to be.
    pub fn id(self) -> String {
        match self {
            Self::User(symbol) | Self::App(symbol) => format!("{symbol}.id"),
            Self::Parameter => "appPrincipalId".to_owned(),
        }
    }

    /// That it may do something (`use the cache`), for people.
    pub fn note(self, may: &str) -> String {
        match self {
            Self::User(symbol) => format!("The managed identity `{symbol}` may {may}."),
            Self::App(symbol) => format!("The identity of `{symbol}` may {may}."),
            Self::Parameter => {
                "The identity of the app is named by the new parameter `appPrincipalId`.".to_owned()
            }
        }
    }
}

/// A role of an identity on one resource: `role` is the id of a built-in role, the same in every
/// tenant, and `comment` says which.
pub fn role_assignment(
    symbol: &str,
    scope: &str,
    identity: Identity<'_>,
    role: &str,
    comment: &str,
) -> String {
    let (id, principal) = (identity.id(), identity.principal());
    format!(
        "// {comment}
resource {symbol} 'Microsoft.Authorization/roleAssignments@2022-04-01' = {{
  scope: {scope}
  name: guid({scope}.id, {id}, '{role}')
  properties: {{
    principalId: {principal}
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{role}')
  }}
}}"
    )
}
