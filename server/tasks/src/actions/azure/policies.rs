//! Policies of a branch, as the input describes them and as Azure DevOps takes them.

use portico_scaffolder::ActionError;
use serde::Deserialize;
use serde_json::{Value, json};

/// What Azure DevOps calls the kinds of policies.
const MINIMUM_REVIEWERS: &str = "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd";
const BUILD: &str = "0609b952-1397-4640-95ec-e00a01b2c241";
const REQUIRED_REVIEWERS: &str = "fd2167ab-b0be-447a-8ec8-39368250530e";
const WORK_ITEMS: &str = "40e92b44-2fe1-4dd6-b3d8-74a9c21d0c6e";

/// The part of the input that is about policies.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Policies {
    minimum_reviewers: Option<MinimumReviewers>,
    #[serde(default)]
    build_validation: Vec<BuildValidation>,
    #[serde(default)]
    required_reviewers: Vec<RequiredReviewers>,
    #[serde(default)]
    work_item_linking: bool,
    blocking: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct MinimumReviewers {
    count: u32,
    #[serde(default)]
    creator_vote_counts: bool,
    #[serde(default)]
    reset_on_push: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BuildValidation {
    pipeline_id: u64,
    display_name: Option<String>,
    /// Minutes that a successful build stays valid; 0 for ever.
    #[serde(default)]
    valid_minutes: u32,
}

#[derive(Deserialize)]
struct RequiredReviewers {
    ids: Vec<String>,
    #[serde(default)]
    paths: Vec<String>,
}

impl Policies {
    /// From the input of the action.
    pub(super) fn read(input: &Value) -> Result<Self, ActionError> {
        serde_json::from_value(input.clone())
            .map_err(|error| ActionError::Input(format!("input: {error}")))
    }

    /// What to ask of Azure DevOps, each with what it is, for people.
    pub(super) fn configurations(&self, repository: &str, branch: &str) -> Vec<(String, Value)> {
        let mut all = Vec::new();
        let mut add = |what: String, kind: &str, mut settings: Value| {
            settings["scope"] = json!([{
                "repositoryId": repository,
                "refName": format!("refs/heads/{branch}"),
                "matchKind": "exact",
            }]);
            let policy = json!({
                "isEnabled": true,
                "isBlocking": self.blocking.unwrap_or(true),
                "type": {"id": kind},
                "settings": settings,
            });
            all.push((what, policy));
        };
        if let Some(it) = &self.minimum_reviewers {
            let settings = json!({
                "minimumApproverCount": it.count,
                "creatorVoteCounts": it.creator_vote_counts,
                "resetOnSourcePush": it.reset_on_push,
            });
            add(
                format!("{} reviewers", it.count),
                MINIMUM_REVIEWERS,
                settings,
            );
        }
        for it in &self.build_validation {
            let settings = json!({
                "buildDefinitionId": it.pipeline_id,
                "displayName": it.display_name.as_deref().unwrap_or("Build"),
                "manualQueueOnly": false,
                "queueOnSourceUpdateOnly": it.valid_minutes > 0,
                "validDuration": it.valid_minutes,
            });
            add(
                format!("a build by pipeline {}", it.pipeline_id),
                BUILD,
                settings,
            );
        }
        for it in &self.required_reviewers {
            let settings = json!({
                "requiredReviewerIds": it.ids,
                "filenamePatterns": it.paths,
                "addedFilesOnly": false,
            });
            add(
                format!("reviews by {}", it.ids.join(", ")),
                REQUIRED_REVIEWERS,
                settings,
            );
        }
        if self.work_item_linking {
            add("a linked work item".to_owned(), WORK_ITEMS, json!({}));
        }
        all
    }
}

/// Whether a policy that is there is the one to change: of the same kind, for the same branch,
/// and about the same pipeline or reviewers.
pub(super) fn is_same(there: &Value, wanted: &Value) -> bool {
    let scope = |it: &Value, field: &str| it["settings"]["scope"][0][field].clone();
    let same = |field: &str| there["settings"][field] == wanted["settings"][field];
    there["type"]["id"] == wanted["type"]["id"]
        && scope(there, "repositoryId") == scope(wanted, "repositoryId")
        && scope(there, "refName") == scope(wanted, "refName")
        && same("buildDefinitionId")
        && same("requiredReviewerIds")
}
