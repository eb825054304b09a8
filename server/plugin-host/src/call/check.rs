//! Calls of scorecard checks.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use wasmtime::Store;

use super::{Failure, Invocation, Outcome, instantiate};
use crate::bindings::exports::portico::plugin::check as wit;
use crate::exports::Exports;
use crate::plugin::Plugin;
use crate::store::{CallContext, CallState};
use crate::{CallError, PluginHost, text};

/// The texts of a finding are for a page.
const MESSAGE_BYTES: usize = 1_000;
const REMEDIATION_BYTES: usize = 8_000;
const EVIDENCE: usize = 100;

/// An entity to look at.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// The entity.
    pub entity: Value,
    /// What else is known: an object.
    pub facts: Value,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// As it should be.
    Pass,
    /// Not as it should be, but nothing is wrong yet.
    Warn,
    /// Wrong.
    Fail,
    /// The check has nothing to say about it.
    NotApplicable,
    /// It could not be found out.
    Error,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How it ended.
    pub verdict: Verdict,
    /// What was found.
    pub message: String,
    /// Where it was seen.
    pub evidence: Vec<String>,
    /// What to do about it, in Markdown.
    pub remediation: String,
}

struct Evaluate(Vec<wit::Subject>);

impl PluginHost {
    /// Looks at some entities; one finding for each, in their order.
    pub async fn call_check(
        &self,
        plugin: &Plugin,
        context: CallContext,
        subjects: &[Subject],
    ) -> Outcome<Vec<Finding>> {
        let subjects = subjects.iter().map(|it| wit::Subject {
            entity: it.entity.to_string(),
            facts: it.facts.to_string(),
        });
        self.run(plugin, context, Evaluate(subjects.collect()))
            .await
    }
}

impl Invocation for Evaluate {
    type Output = Vec<Finding>;

    async fn invoke(
        self,
        plugin: &Plugin,
        store: &mut Store<CallState>,
    ) -> Result<Self::Output, Failure> {
        let Exports::Check(indices) = &plugin.exports else {
            return Err(super::failure::wrong_world(plugin));
        };
        let instance = instantiate(plugin, store).await?;
        let guest = indices.load(&mut *store, &instance)?;
        let findings = guest.call_evaluate(store, &self.0).await?;
        if findings.len() != self.0.len() {
            let (got, want) = (findings.len(), self.0.len());
            let reason = format!("{got} findings for {want} entities");
            return Err(CallError::bad_output(reason).into());
        }
        Ok(findings.into_iter().map(Finding::from).collect())
    }
}

impl From<wit::Finding> for Finding {
    fn from(it: wit::Finding) -> Self {
        let evidence = it.evidence.iter().take(EVIDENCE);
        Self {
            verdict: it.verdict.into(),
            message: text::line(&it.message, MESSAGE_BYTES),
            evidence: evidence.map(|it| text::line(it, MESSAGE_BYTES)).collect(),
            remediation: text::paragraph(&it.remediation, REMEDIATION_BYTES),
        }
    }
}

impl From<wit::Verdict> for Verdict {
    fn from(it: wit::Verdict) -> Self {
        match it {
            wit::Verdict::Pass => Self::Pass,
            wit::Verdict::Warn => Self::Warn,
            wit::Verdict::Fail => Self::Fail,
            wit::Verdict::NotApplicable => Self::NotApplicable,
            wit::Verdict::Error => Self::Error,
        }
    }
}
