//! An action: adds a queue or a topic to a repository's Bicep file.

mod messaging;

use portico_plugin_sdk::{Action, Call, Result, export};
use portico_service_files::{Output, PATH, check_name, propose, read};
use schemars::JsonSchema;
use serde::Deserialize;

/// Where to add a queue or a topic, and which.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The repository, by its URL or as `local:NAME`.
    repository: String,
    /// A `queue` has one reader, a `topic` has any number of subscriptions.
    #[serde(default)]
    kind: Kind,
    /// Its name: lower-case words with hyphens, such as `order-placed`.
    #[schemars(regex(pattern = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$"), length(max = 50))]
    name: String,
    /// The service's own subscription to the topic; none when it only sends.
    #[serde(default)]
    subscription: Option<String>,
}

/// What is added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    /// A queue.
    #[default]
    Queue,
    /// A topic.
    Topic,
}

struct AddQueue;

impl Action for AddQueue {
    type Input = Input;
    type Output = Output;

    fn run(input: Input, _call: Call) -> Result<Output> {
        let (kind, name) = (input.kind, &input.name);
        check_name(kind.name(), name, 50)?;
        let subscription = input.subscription.as_deref().filter(|it| !it.is_empty());
        if let Some(subscription) = subscription {
            check_name("a subscription", subscription, 50)?;
        }
        let text = read(&input.repository, PATH)?;
        let change = messaging::add(&text, kind, name, subscription)?;
        propose(
            &input.repository,
            &format!("portico/add-{}-{name}", kind.word()),
            kind.name(),
            &format!("Add the {} {name}", kind.word()),
            format!("Adds the {} `{name}` to `{PATH}`.", kind.word()),
            &change.notes,
            vec![(PATH.to_owned(), change.text)],
        )
    }
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Queue => "queue",
            Self::Topic => "topic",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Queue => "a queue",
            Self::Topic => "a topic",
        }
    }
}

export!(AddQueue as Action);

#[cfg(test)]
mod tests;
