//! The component's side of the worlds, which `wit-bindgen` writes.
#![expect(missing_docs, reason = "it is generated, and documented in the WIT")]

use std::marker::PhantomData;

use crate::{
    Action, Batch, Call, Check, Entity, Finding, Position, Provider, Subject, Verdict,
    action as actions,
};

/// The imports of all worlds. A component has those that are used.
pub mod imports {
    wit_bindgen::generate!({
        path: "wit",
        inline: "
            package portico:sdk;
            world imports {
                import portico:plugin/log@1.0.0;
                import portico:plugin/config@1.0.0;
                import portico:plugin/catalog@1.0.0;
                import portico:plugin/workspace@1.0.0;
                import portico:plugin/repository@1.0.0;
                import portico:plugin/http@1.0.0;
                import portico:plugin/scm@1.0.0;
                import portico:plugin/state@1.0.0;
                import portico:plugin/clock@1.0.0;
                import portico:plugin/random@1.0.0;
            }
        ",
        world: "portico:sdk/imports",
        generate_all,
    });
}

pub mod action {
    wit_bindgen::generate!({
        path: "wit",
        inline: "package portico:sdk; world action { export portico:plugin/action@1.0.0; }",
        world: "portico:sdk/action",
        with: { "portico:plugin/types@1.0.0": super::imports::portico::plugin::types },
        generate_all,
        pub_export_macro: true,
        default_bindings_module: "portico_plugin_sdk::glue::action",
    });
}

pub mod check {
    wit_bindgen::generate!({
        path: "wit",
        inline: "package portico:sdk; world check { export portico:plugin/check@1.0.0; }",
        world: "portico:sdk/check",
        with: { "portico:plugin/types@1.0.0": super::imports::portico::plugin::types },
        generate_all,
        pub_export_macro: true,
        default_bindings_module: "portico_plugin_sdk::glue::check",
    });
}

pub mod provider {
    wit_bindgen::generate!({
        path: "wit",
        inline: "package portico:sdk; world provider { export portico:plugin/provider@1.0.0; }",
        world: "portico:sdk/provider",
        with: { "portico:plugin/types@1.0.0": super::imports::portico::plugin::types },
        generate_all,
        pub_export_macro: true,
        default_bindings_module: "portico_plugin_sdk::glue::provider",
    });
}

/// An [`Action`] as Portico calls it.
pub struct ActionGlue<T>(PhantomData<T>);

impl<T: Action> action::exports::portico::plugin::action::Guest for ActionGlue<T> {
    fn schema() -> String {
        actions::schemas::<T>().to_string()
    }

    fn run(call: action::exports::portico::plugin::action::Call) -> Result<String, String> {
        let dry_run = call.dry_run;
        actions::run_json::<T>(&call.input, Call { dry_run }).map_err(|error| format!("{error:#}"))
    }
}

/// A [`Check`] as Portico calls it.
pub struct CheckGlue<T>(PhantomData<T>);

impl<T: Check> check::exports::portico::plugin::check::Guest for CheckGlue<T> {
    fn evaluate(
        subjects: Vec<check::exports::portico::plugin::check::Subject>,
    ) -> Vec<check::exports::portico::plugin::check::Finding> {
        let subjects: Vec<Subject> = (0..)
            .zip(subjects)
            .map(|(index, subject)| {
                let entity = Entity::from(json(&subject.entity));
                Subject::new(index, entity, json(&subject.facts))
            })
            .collect();
        T::evaluate_all(&subjects)
            .into_iter()
            .map(Into::into)
            .collect()
    }
}

/// What Portico passes is JSON.
fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_default()
}

impl From<Finding> for check::exports::portico::plugin::check::Finding {
    fn from(finding: Finding) -> Self {
        use check::exports::portico::plugin::check::Verdict as Wit;
        Self {
            verdict: match finding.verdict {
                Verdict::Pass => Wit::Pass,
                Verdict::Warn => Wit::Warn,
                Verdict::Fail => Wit::Fail,
                Verdict::NotApplicable => Wit::NotApplicable,
                Verdict::Error => Wit::Error,
            },
            message: finding.message,
            evidence: finding.evidence,
            remediation: finding.remediation,
        }
    }
}

/// A [`Provider`] as Portico calls it.
pub struct ProviderGlue<T>(PhantomData<T>);

impl<T: Provider> provider::exports::portico::plugin::provider::Guest for ProviderGlue<T> {
    fn read(
        position: provider::exports::portico::plugin::provider::Position,
    ) -> Result<provider::exports::portico::plugin::provider::Batch, String> {
        use provider::exports::portico::plugin::provider::Position as Wit;
        let position = match position {
            Wit::Start => Position::Start,
            Wit::Since(checkpoint) => Position::Since(checkpoint),
            Wit::Next(next) => Position::Next(next),
        };
        T::read(position)
            .map(Into::into)
            .map_err(|error| format!("{error:#}"))
    }
}

impl From<Batch> for provider::exports::portico::plugin::provider::Batch {
    fn from(batch: Batch) -> Self {
        Self {
            entities: batch
                .entities
                .iter()
                .map(|entity| entity.json().to_string())
                .collect(),
            removed: batch.removed,
            next: batch.next,
            checkpoint: batch.checkpoint,
        }
    }
}
