//! What is in force, and what was.

use portico_access::{
    Action, DEFAULT_POLICIES, Grounds, Policies, PolicyProblem, Principal, Resource,
};
use portico_catalog::Catalog;
use portico_store::{Millis, PolicyVersion};
use serde::Serialize;
use serde_json::json;

use crate::{Permissions, PermissionsError, PolicyFile, Result, follow::together};

/// How many versions are listed.
const LISTED: usize = 200;
/// How long policies may be, in bytes.
const MAX_TEXT: usize = 256 * 1024;
/// How long a note may be, in characters.
const MAX_NOTE: usize = 2_000;

/// What is in force.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InForce {
    /// The newest version; 0 is Portico's defaults.
    pub number: i64,
    /// Its text.
    pub text: String,
    /// The configured files.
    pub files: Vec<PolicyFile>,
    /// Every policy in force, by id.
    pub policies: Vec<PolicyLine>,
    /// Why what should be in force is not, when something is wrong.
    pub broken: Option<String>,
}

/// A policy in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyLine {
    /// Its id.
    pub id: String,
    /// What it says, in words.
    pub description: String,
    /// Whether it forbids.
    pub forbids: bool,
}

/// A version of the portal's policies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Version {
    /// Counts from 1; 0 is Portico's defaults.
    pub number: i64,
    /// The policies.
    pub text: String,
    /// What changed and why.
    pub note: String,
    /// Who wrote it, as audit events name principals.
    pub created_by: String,
    /// When; 0 for Portico's defaults.
    pub created_at: Millis,
}

impl Permissions {
    /// What is in force now.
    pub async fn in_force(&self, who: &Principal) -> Result<InForce> {
        self.require(who, Action::PolicyRead)?;
        self.follow().await?;
        let seen = self.0.seen.read().clone();
        let number = seen.number.unwrap_or_default();
        Ok(InForce {
            number,
            text: self.text_of(number).await?,
            files: seen.files,
            policies: lines(&self.authorizer().policies()),
            broken: seen.broken,
        })
    }

    /// Versions, newest first; Portico's defaults are the last.
    pub async fn versions(&self, who: &Principal) -> Result<Vec<Version>> {
        self.require(who, Action::PolicyRead)?;
        let rows = self.catalog().store().policy_versions(LISTED).await?;
        let mut versions: Vec<_> = rows.into_iter().map(Version::from).collect();
        if versions.last().is_none_or(|oldest| oldest.number == 1) {
            versions.push(Version::defaults());
        }
        Ok(versions)
    }

    /// One version.
    pub async fn version(&self, who: &Principal, number: i64) -> Result<Version> {
        self.require(who, Action::PolicyRead)?;
        if number == 0 {
            return Ok(Version::defaults());
        }
        let row = self.catalog().store().policy_version(number).await?;
        row.map(Version::from)
            .ok_or_else(|| PermissionsError::NotFound(format!("version {number} of the policies")))
    }

    /// What policies can be about, in Cedar's schema language.
    pub fn schema(&self, who: &Principal) -> Result<String> {
        self.require(who, Action::PolicyRead)?;
        Ok(portico_access::schema_text())
    }

    /// Every permission, with what it means.
    pub fn actions(&self, who: &Principal) -> Result<Vec<(&'static str, &'static str)>> {
        self.require(who, Action::PolicyRead)?;
        let all = Action::ALL.iter();
        Ok(all.map(|it| (it.as_str(), it.about())).collect())
    }

    /// What is wrong with policies that somebody writes.
    pub fn check(&self, who: &Principal, text: &str) -> Result<Vec<PolicyProblem>> {
        self.require(who, Action::PolicyRead)?;
        Ok(self.read(text).err().unwrap_or_default())
    }

    /// Puts policies in force, on every replica within a second. `base` is the version that
    /// they were written from, which must still be the newest. Returns the new version's number.
    pub async fn put_in_force(
        &self,
        who: &Principal,
        base: i64,
        text: &str,
        note: &str,
    ) -> Result<i64> {
        let grounds = self.require(who, Action::PolicyManage)?;
        if text.len() > MAX_TEXT || note.chars().count() > MAX_NOTE {
            return Err(PermissionsError::Input(format!(
                "policies may have {} KiB, and a note {MAX_NOTE} characters",
                MAX_TEXT / 1024
            )));
        }
        let policies = self.read(text).map_err(|problems| {
            let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
            PermissionsError::Input(problems.join("\n"))
        })?;
        let then = self.authorizer().with_policies(policies);
        for action in [Action::PolicyManage, Action::PolicyRead] {
            if !then.allows(who, action, &Resource::Any) {
                return Err(PermissionsError::Conflict(format!(
                    "with these policies you may not {} any more and could not take them back; \
                     keep a policy that permits it, such as \"administrators\"",
                    action.as_str()
                )));
            }
        }
        let number = base + 1;
        let version = PolicyVersion {
            number,
            text: text.to_owned(),
            note: note.trim().to_owned(),
            created_by: who.label(),
            created_at: now(),
        };
        let details = json!({"version": number, "note": version.note});
        let event = Catalog::audit(who, Action::PolicyManage, &Resource::Any, grounds, details);
        let added = self.catalog().store().add_policy_version(&version, &event);
        if !added.await? {
            return Err(PermissionsError::Conflict(format!(
                "somebody else changed the policies after version {base}: look at theirs, and \
                 change those"
            )));
        }
        self.follow().await?;
        Ok(number)
    }

    /// The policies of the files together with `text`.
    pub(crate) fn read(&self, text: &str) -> Result<Policies, Vec<PolicyProblem>> {
        let own = Policies::parse(text)?;
        let files = self.0.seen.read().files.clone();
        if files.is_empty() {
            return Ok(own);
        }
        together(&files, text).map_err(|message| {
            vec![PolicyProblem {
                line: None,
                column: None,
                policy: None,
                message,
            }]
        })
    }

    pub(crate) async fn text_of(&self, number: i64) -> Result<String> {
        let row = self.catalog().store().policy_version(number).await?;
        Ok(row.map_or_else(|| DEFAULT_POLICIES.to_owned(), |row| row.text))
    }

    pub(crate) fn require(&self, who: &Principal, action: Action) -> Result<Grounds> {
        Ok(self.authorizer().require(who, action, &Resource::Any)?)
    }
}

impl Version {
    fn defaults() -> Self {
        Self {
            number: 0,
            text: DEFAULT_POLICIES.to_owned(),
            note: "Portico's defaults".to_owned(),
            created_by: "system".to_owned(),
            created_at: 0,
        }
    }
}

impl From<PolicyVersion> for Version {
    fn from(row: PolicyVersion) -> Self {
        Self {
            number: row.number,
            text: row.text,
            note: row.note,
            created_by: row.created_by,
            created_at: row.created_at,
        }
    }
}

fn lines(policies: &Policies) -> Vec<PolicyLine> {
    let all = policies.descriptions().iter();
    all.map(|(id, description)| PolicyLine {
        id: id.clone(),
        description: description.clone(),
        forbids: policies.forbids(id).unwrap_or_default(),
    })
    .collect()
}

/// Milliseconds since the Unix epoch by this process's clock.
fn now() -> Millis {
    let elapsed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    elapsed.map_or(0, |elapsed| elapsed.as_millis() as Millis)
}
