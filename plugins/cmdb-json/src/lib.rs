//! A provider: reads a configuration database that speaks JSON over HTTP.

mod mapping;

use portico_plugin_sdk::{
    Batch, Context as _, Position, Provider, Result, Value, config, export, http, log,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use mapping::{Mapped, Mapping};

/// What to read, and what it means.
#[derive(Deserialize, JsonSchema)]
struct Config {
    /// The name of the connection to the database.
    connection: String,
    /// The first page of the list: a path, with a query if any.
    path: String,
    /// JSON Pointer to the list in an answer; empty when the answer is the list.
    #[serde(default)]
    items: String,
    /// JSON Pointer to the path or URL of the next page; leave it out when there is one page only.
    next: Option<String>,
    /// The parameter of the query that asks for what changed since a moment.
    since: Option<String>,
    /// What a record means.
    #[serde(flatten)]
    mapping: Mapping,
}

/// Where a pass goes on.
#[derive(Serialize, Deserialize)]
struct Place {
    path: String,
    /// The latest change seen so far.
    latest: Option<String>,
}

struct CmdbJson;

impl Provider for CmdbJson {
    /// One page is one batch.
    fn read(position: Position) -> Result<Batch> {
        let config: Config = config::get()?;
        let place = config.place(position)?;
        let answer: Value = http::get(&config.connection, &place.path)
            .header("accept", "application/json")
            .send()?
            .success()?
            .parse()?;
        let items = answer.pointer(&config.items).and_then(Value::as_array);
        let items = items.with_context(|| {
            format!(
                "the answer to `{}` has no list at `{}`",
                place.path, config.items
            )
        })?;
        let mut batch = Batch::default();
        let mut latest = place.latest;
        for record in items {
            latest = latest.max(config.mapping.updated(record));
            match config.mapping.map(record) {
                Ok(Mapped::Entity(entity)) => batch.entities.push(entity),
                Ok(Mapped::Gone(reference)) => batch.removed.push(reference),
                Err(problem) => log::warn(format!("left out a record: {problem}")),
            }
        }
        match config.next_path(&answer) {
            Some(path) => Ok(batch.then(serde_json::to_string(&Place { path, latest })?)),
            None if config.since.is_some() => Ok(Batch {
                checkpoint: latest,
                ..batch
            }),
            None => Ok(batch),
        }
    }
}

impl Config {
    fn place(&self, position: Position) -> Result<Place> {
        Ok(match position {
            Position::Start => Place {
                path: self.path.clone(),
                latest: None,
            },
            Position::Since(moment) => {
                let mark = if self.path.contains('?') { '&' } else { '?' };
                let since = self.since.as_deref().unwrap_or("since");
                let value = encoded(&moment);
                Place {
                    path: format!("{}{mark}{since}={value}", self.path),
                    latest: Some(moment),
                }
            }
            Position::Next(place) => {
                serde_json::from_str(&place).context("the position is not one of ours")?
            }
        })
    }

    /// The path of the next page. Of a URL, what is after its host: the connection has that.
    fn next_path(&self, answer: &Value) -> Option<String> {
        let next = answer.pointer(self.next.as_deref()?)?.as_str()?;
        let path = match next.split_once("://") {
            Some((_, rest)) => rest.get(rest.find('/')?..)?,
            None => next,
        };
        (!path.is_empty()).then(|| path.to_owned())
    }
}

/// A value as part of a query.
fn encoded(value: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    value.bytes().map(byte).collect()
}

export!(CmdbJson as Provider);

#[cfg(test)]
mod tests;
