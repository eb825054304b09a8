//! Scorecard checks.

use serde_json::Value;

use crate::{Entity, Result, error::HostResult, repository};

/// Looks at entities and says how well they do.
pub trait Check {
    /// Looks at one entity. An error becomes a finding with [`Verdict::Error`].
    fn evaluate(subject: &Subject) -> Result<Finding>;

    /// Looks at all entities of a call, in their order. Worth its own code when something can be
    /// done once for all of them.
    fn evaluate_all(subjects: &[Subject]) -> Vec<Finding> {
        let findings = subjects.iter().map(Self::evaluate);
        findings
            .map(|finding| finding.unwrap_or_else(|error| Finding::error(format!("{error:#}"))))
            .collect()
    }
}

/// One entity to look at, and its repository.
#[derive(Clone, Debug)]
pub struct Subject {
    index: u32,
    /// The entity.
    pub entity: Entity,
    /// What else is known about it, a JSON object.
    pub facts: Value,
}

impl Subject {
    /// The subject at a place of a call.
    pub fn new(index: u32, entity: Entity, facts: Value) -> Self {
        Self {
            index,
            entity,
            facts,
        }
    }

    /// Capability `repository`: a file of the repository; none when there is no such file.
    pub fn read_file(&self, path: &str) -> HostResult<Option<Vec<u8>>> {
        repository::read_file(self.index, path)
    }

    /// Capability `repository`: a file as text. What is not UTF-8 in it is replaced by `�`.
    pub fn read_text(&self, path: &str) -> HostResult<Option<String>> {
        let bytes = self.read_file(path)?;
        Ok(bytes.map(|bytes| crate::entity::text(&bytes)))
    }

    /// Capability `repository`: the paths of the files that match a glob such as `**/*.csproj`.
    pub fn find(&self, glob: &str) -> HostResult<Vec<String>> {
        repository::find(self.index, glob)
    }
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All is well.
    Pass,
    /// It will do, for now.
    Warn,
    /// It will not do.
    Fail,
    /// The check is not about this entity.
    NotApplicable,
    /// It could not be found out.
    Error,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How it ended.
    pub verdict: Verdict,
    /// What was found, in a sentence.
    pub message: String,
    /// Where it was seen: files, lines, values.
    pub evidence: Vec<String>,
    /// What to do about it, in Markdown; empty when nothing is to be done.
    pub remediation: String,
}

impl Finding {
    /// All is well.
    pub fn pass(message: impl Into<String>) -> Self {
        Self::new(Verdict::Pass, message, "")
    }

    /// It will do, for now; and what would be better.
    pub fn warn(message: impl Into<String>, remediation: impl Into<String>) -> Self {
        Self::new(Verdict::Warn, message, remediation)
    }

    /// It will not do; and what to do about it.
    pub fn fail(message: impl Into<String>, remediation: impl Into<String>) -> Self {
        Self::new(Verdict::Fail, message, remediation)
    }

    /// The check is not about this entity; and why.
    pub fn not_applicable(message: impl Into<String>) -> Self {
        Self::new(Verdict::NotApplicable, message, "")
    }

    /// It could not be found out; and why.
    pub fn error(message: impl Into<String>) -> Self {
        Self::new(Verdict::Error, message, "")
    }

    /// Where it was seen.
    #[must_use]
    pub fn with_evidence(mut self, evidence: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.evidence.extend(evidence.into_iter().map(Into::into));
        self
    }

    fn new(verdict: Verdict, message: impl Into<String>, remediation: impl Into<String>) -> Self {
        Self {
            verdict,
            message: message.into(),
            evidence: Vec::new(),
            remediation: remediation.into(),
        }
    }
}
