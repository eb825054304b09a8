//! A check: does a repository have what every repository should have?

mod items;

use portico_plugin_sdk::{Check, Finding, Result, Subject, config, export};
use schemars::JsonSchema;
use serde::Deserialize;

use items::Item;

/// What a company asks for.
#[derive(Deserialize, JsonSchema)]
#[serde(default)]
struct Config {
    /// Without one of these the check fails.
    required: Vec<Item>,
    /// Without one of these the check warns.
    recommended: Vec<Item>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            required: vec![Item::CodeOwners, Item::Readme],
            recommended: vec![Item::Licence, Item::Pipeline],
        }
    }
}

struct RepoHygiene;

impl Check for RepoHygiene {
    fn evaluate(subject: &Subject) -> Result<Finding> {
        if matches!(
            subject.entity.kind(),
            "Group" | "User" | "Domain" | "Location"
        ) {
            return Ok(Finding::not_applicable(
                "This entity has no repository of its own",
            ));
        }
        let config: Config = config::get()?;
        let (mut found, mut required, mut recommended) = (Vec::new(), Vec::new(), Vec::new());
        for (items, missing) in [
            (&config.required, &mut required),
            (&config.recommended, &mut recommended),
        ] {
            for &item in items {
                match item.find(subject)? {
                    Some(path) => found.push(path),
                    None => missing.push(item),
                }
            }
        }
        let missing: Vec<Item> = required.iter().chain(&recommended).copied().collect();
        let finding = if missing.is_empty() {
            Finding::pass("The repository has everything it should have")
        } else {
            let names: Vec<&str> = missing.iter().map(|item| item.name()).collect();
            let message = format!("Missing: {}", names.join(", "));
            let advice: Vec<String> = missing
                .iter()
                .map(|item| format!("- {}", item.advice()))
                .collect();
            if required.is_empty() {
                Finding::warn(message, advice.join("\n"))
            } else {
                Finding::fail(message, advice.join("\n"))
            }
        };
        Ok(finding.with_evidence(found))
    }
}

export!(RepoHygiene as Check);

#[cfg(test)]
mod tests;
