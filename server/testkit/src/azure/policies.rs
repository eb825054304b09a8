//! Policies of branches.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Answer, Call, Refusal, answer, check, refuse, state::Organization};

pub(super) fn route(state: &mut Organization, call: &Call, rest: &[&str]) -> Answer {
    match (&call.method, rest) {
        (&Method::GET, []) => answer(
            200,
            &json!({"count": state.policies.len(), "value": state.policies}),
        ),
        (&Method::POST, []) => {
            check_policy(state, &call.body)?;
            let mut made = call.body.clone();
            made["id"] = (state.policies.len() + 1).into();
            state.policies.push(made.clone());
            answer(200, &made)
        }
        (&Method::PUT, [id]) => {
            check_policy(state, &call.body)?;
            let Some(there) = state
                .policies
                .iter_mut()
                .find(|it| it["id"].as_u64() == id.parse().ok())
            else {
                return refuse(
                    404,
                    "PolicyConfigurationNotFoundException",
                    "the policy does not exist",
                );
            };
            let mut changed = call.body.clone();
            changed["id"] = there["id"].clone();
            *there = changed.clone();
            answer(200, &changed)
        }
        _ => refuse(404, "", "The controller for this path was not found."),
    }
}

fn check_policy(state: &Organization, body: &Value) -> Result<(), Refusal> {
    check::fields(
        body,
        &["isEnabled", "isBlocking", "type", "settings"],
        &["id"],
    )?;
    let settings = &body["settings"];
    match body["type"]["id"].as_str().unwrap_or_default() {
        "fa4e907d-c16b-4a4c-9dfa-4906e5d171dd" => check::fields(
            settings,
            &["minimumApproverCount", "creatorVoteCounts", "scope"],
            &["resetOnSourcePush", "allowDownvotes"],
        )?,
        "0609b952-1397-4640-95ec-e00a01b2c241" => {
            check::fields(
                settings,
                &["buildDefinitionId", "scope"],
                &[
                    "displayName",
                    "manualQueueOnly",
                    "queueOnSourceUpdateOnly",
                    "validDuration",
                    "filenamePatterns",
                ],
            )?;
            let pipeline = settings["buildDefinitionId"].as_u64().unwrap_or_default() as usize;
            if pipeline == 0 || pipeline > state.pipelines.len() {
                return refuse(
                    400,
                    "PolicyTypeValidationException",
                    format!("TF401234: build definition {pipeline} does not exist"),
                );
            }
        }
        "fd2167ab-b0be-447a-8ec8-39368250530e" => check::fields(
            settings,
            &["requiredReviewerIds", "scope"],
            &[
                "filenamePatterns",
                "addedFilesOnly",
                "message",
                "minimumApproverCount",
                "creatorVoteCounts",
            ],
        )?,
        "40e92b44-2fe1-4dd6-b3d8-74a9c21d0c6e" => check::fields(settings, &["scope"], &[])?,
        other => {
            return refuse(
                404,
                "PolicyTypeNotFoundException",
                format!("there is no policy type {other}"),
            );
        }
    }
    for scope in settings["scope"].as_array().into_iter().flatten() {
        check::fields(scope, &["repositoryId", "refName", "matchKind"], &[])?;
        let id = scope["repositoryId"].as_str().unwrap_or_default();
        if !state.repositories.contains_key(id) {
            return refuse(
                404,
                "GitRepositoryNotFoundException",
                "TF401019: the repository does not exist",
            );
        }
    }
    Ok(())
}
