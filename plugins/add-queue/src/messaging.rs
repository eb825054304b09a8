//! The change itself: from one Bicep file to the next.

use portico_plugin_sdk::{Result, bail};
use portico_service_files::{BicepFile, Change, Declaration, Edits, role_assignment, symbol};

use crate::Kind;

const NAMESPACE: &str = "Microsoft.ServiceBus/namespaces";
const VERSION: &str = "2024-01-01";

/// The built-in role `Azure Service Bus Data Owner`, the same in every tenant.
const DATA_OWNER: &str = "090c5cfd-751d-490a-894a-3ce6f1109419";

/// Adds a queue or a topic that the file has not got.
pub(crate) fn add(
    text: &str,
    kind: Kind,
    name: &str,
    subscription: Option<&str>,
) -> Result<Change> {
    let file = BicepFile::read(text);
    refuse_existing(&file, kind, name)?;
    if subscription.is_some() && kind == Kind::Queue {
        bail!("A queue has no subscriptions: leave `subscription` out, or choose a topic.");
    }
    let mut edits = Edits::of(&file);
    let namespace = if let Some(namespace) = file.resource(NAMESPACE) {
        edits.note(format!(
            "It is in the Service Bus namespace `{}`, which the service has already.",
            namespace.symbol
        ));
        namespace.symbol
    } else {
        add_namespace(&file, &mut edits)?;
        "serviceBus"
    };
    let own = symbol(name, kind.suffix());
    let reader = symbol(name, "Subscription");
    file.refuse_taken(&[&own, &reader])?;
    edits.declare(format!(
        "resource {own} '{NAMESPACE}/{}@{VERSION}' = {{
  parent: {namespace}
  name: '{name}'
{}}}",
        kind.resource(),
        kind.properties()
    ));
    if let Some(subscription) = subscription {
        edits.declare(format!(
            "resource {reader} '{NAMESPACE}/topics/subscriptions@{VERSION}' = {{
  parent: {own}
  name: '{subscription}'
  properties: {{
    deadLetteringOnMessageExpiration: true
    maxDeliveryCount: 10
  }}
}}"
        ));
        edits.note(format!("The service reads it as `{subscription}`."));
    }
    Ok(edits.done())
}

fn refuse_existing(file: &BicepFile<'_>, kind: Kind, name: &str) -> Result<()> {
    let is_it = |it: &&Declaration<'_>| {
        it.is_resource(&format!("{NAMESPACE}/{}", kind.resource()))
            && it.text.lines().any(|line| {
                let value = line.trim().strip_prefix("name:").map(str::trim);
                value == Some(&format!("'{name}'"))
            })
    };
    if let Some(there) = file.declarations.iter().find(is_it) {
        bail!(
            "The Bicep file has the {} `{name}` already: `{}`. Nothing was changed.",
            kind.word(),
            there.symbol
        );
    }
    Ok(())
}

/// A namespace that only identities may use, no keys, and the app's right to it.
fn add_namespace(file: &BicepFile<'_>, edits: &mut Edits<'_, '_>) -> Result<()> {
    file.refuse_taken(&[
        "serviceBus",
        "serviceBusAccess",
        "serviceBusName",
        "serviceBusHost",
    ])?;
    edits.parameter(
        "serviceBusName",
        Some("'sb-${uniqueString(resourceGroup().id)}'"),
        "Name of the Service Bus namespace, unique in Azure.",
    );
    let (location, tags) = (file.location(), file.tags());
    edits.declare(format!(
        "resource serviceBus '{NAMESPACE}@{VERSION}' = {{
  name: serviceBusName
  location: {location}
{tags}  sku: {{
    name: 'Standard'
  }}
  properties: {{
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }}
}}"
    ));
    let identity = edits.identity();
    edits.note("It is in a new Service Bus namespace, `serviceBus`, without keys.");
    edits.note(identity.note("send and receive"));
    edits.declare(role_assignment(
        "serviceBusAccess",
        "serviceBus",
        identity,
        DATA_OWNER,
        "Azure Service Bus Data Owner, for this one namespace.",
    ));
    edits.setting(
        "ServiceBus__FullyQualifiedNamespace",
        "'${serviceBusName}.servicebus.windows.net'",
        "serviceBusHost",
    );
    Ok(())
}

impl Kind {
    fn resource(self) -> &'static str {
        match self {
            Self::Queue => "queues",
            Self::Topic => "topics",
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Queue => "Queue",
            Self::Topic => "Topic",
        }
    }

    fn properties(self) -> &'static str {
        match self {
            Self::Queue => {
                "  properties: {\n    deadLetteringOnMessageExpiration: true\n    maxDeliveryCount: 10\n  }\n"
            }
            Self::Topic => "  properties: {\n    defaultMessageTimeToLive: 'P14D'\n  }\n",
        }
    }
}
