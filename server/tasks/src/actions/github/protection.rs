//! Protecting a branch.

use portico_integrations::{Method, StatusCode, encode_segment, github::GitHubCall};
use portico_scaffolder::ActionContext;
use portico_scm::{GitHubClient, ScmError};
use serde_json::{Value, json};

use super::flag_or;
use crate::actions::{flag, number, texts};

const ADMINISTER: &str = "Administration: write";
/// What GitHub says where protection is not part of the plan.
const NOT_IN_PLAN: &str = "Upgrade to GitHub";

/// The inputs.
pub(super) fn inputs() -> Value {
    let people = |what: &str| {
        let names = json!({"type": "array", "items": {"type": "string"}});
        json!({"type": "object", "description": what,
            "properties": {"apps": names, "users": names, "teams": names}})
    };
    json!({
        "protectEnforceAdmins": flag("Whether the rules hold for administrators too. Default: true."),
        "bypassPullRequestAllowances": people("Who needs no pull request."),
        "requiredApprovingReviewCount": number("How many have to approve. Default: 1."),
        "restrictions": people("Who may push."),
        "requireCodeOwnerReviews": flag("Whether code owners have to approve. Default: false."),
        "dismissStaleReviews": flag("Whether a new commit takes approvals back. Default: false."),
        "requiredStatusCheckContexts": texts("The checks that have to pass."),
        "requireBranchesToBeUpToDate": flag(
            "Whether a branch has to have the newest commits of the base. Default: true."),
        "requiredConversationResolution": flag(
            "Whether all conversations have to be resolved. Default: false."),
        "requireLastPushApproval": flag(
            "Whether somebody other than who pushed last has to approve. Default: false."),
        "requiredCommitSigning": flag("Whether commits have to be signed. Default: false."),
        "requiredLinearHistory": flag("Whether merge commits are refused. Default: false."),
    })
}

/// The body of the request.
pub(super) fn rules(context: &ActionContext) -> Value {
    let input = |field: &str| context.input.get(field).cloned().unwrap_or_default();
    let reviews = match input("requiredApprovingReviewCount") {
        Value::Null => 1.into(),
        count => count.as_f64().map_or(count, |it| (it as i64).into()),
    };
    let mut reviews = json!({
        "required_approving_review_count": reviews,
        "require_code_owner_reviews": flag_or(context, "requireCodeOwnerReviews", false),
        "dismiss_stale_reviews": flag_or(context, "dismissStaleReviews", false),
        "require_last_push_approval": flag_or(context, "requireLastPushApproval", false),
    });
    if !input("bypassPullRequestAllowances").is_null() {
        reviews["bypass_pull_request_allowances"] = input("bypassPullRequestAllowances");
    }
    let restrictions = match input("restrictions") {
        Value::Null => Value::Null,
        // GitHub wants both lists, if any.
        given => json!({
            "users": given.get("users").cloned().unwrap_or(json!([])),
            "teams": given.get("teams").cloned().unwrap_or(json!([])),
            "apps": given.get("apps").cloned().unwrap_or(json!([])),
        }),
    };
    json!({
        "required_status_checks": {
            "strict": flag_or(context, "requireBranchesToBeUpToDate", true),
            "contexts": context.texts("requiredStatusCheckContexts"),
        },
        "enforce_admins": flag_or(context, "protectEnforceAdmins", true),
        "required_pull_request_reviews": reviews,
        "restrictions": restrictions,
        "required_conversation_resolution":
            flag_or(context, "requiredConversationResolution", false),
        "required_linear_history": flag_or(context, "requiredLinearHistory", false),
        "block_creations": flag_or(context, "blockCreations", false),
    })
}

/// Protects a branch. Where the owner's plan has no protection of private repositories, says so
/// and goes on: nobody could do anything about it here.
pub(super) async fn protect(
    client: &GitHubClient<'_>,
    context: &ActionContext,
    branch: &str,
) -> Result<(), ScmError> {
    let place = format!("/branches/{}/protection", encode_segment(branch));
    let call = GitHubCall::new(Method::PUT, client.path(&place)).json(&rules(context));
    let answer = client.ask(call).await?;
    if answer.status == StatusCode::FORBIDDEN
        && String::from_utf8_lossy(&answer.body).contains(NOT_IN_PLAN)
    {
        context.log(format!(
            "{branch} is not protected: the plan of {} does not protect private repositories",
            client.owner()
        ));
        return Ok(());
    }
    if !answer.status.is_success() {
        return Err(client.refused(&answer, ADMINISTER));
    }
    if context.flag("requiredCommitSigning") {
        let place = format!("{place}/required_signatures");
        client.post(&place, &Value::Null, ADMINISTER).await?;
    }
    context.log(format!("protected {branch}"));
    Ok(())
}
