//! What requests have to look like.

use axum::http::{HeaderMap, Method, StatusCode, header};
use serde_json::Value;

use super::{Answer, said};

/// A field of a body: its name, with `!` when it has to be there, and its type.
type Field = (&'static str, &'static str);

/// Refuses requests that the real host would refuse, or answer otherwise than asked.
pub(super) fn check_headers(
    method: &Method,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<(), Answer> {
    let text = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
    let bad = |message: &str| Err((StatusCode::BAD_REQUEST, said(message)));
    if text("user-agent").is_none_or(str::is_empty) {
        return Err((
            StatusCode::FORBIDDEN,
            said(
                "Request forbidden by administrative rules. Please make sure your request has a \
                  User-Agent header",
            ),
        ));
    }
    if text("x-github-api-version") != Some("2022-11-28") {
        return bad("the API version is missing");
    }
    if !text("accept").is_some_and(|it| it.starts_with("application/vnd.github")) {
        return bad("the media type is missing");
    }
    let is_json = text(header::CONTENT_TYPE.as_str()).is_some_and(|it| it == "application/json");
    if !body.is_empty() && !is_json {
        return bad("the body has no media type");
    }
    if !body.is_empty() && serde_json::from_slice::<Value>(body).is_err() {
        return bad("Problems parsing JSON");
    }
    if body.is_empty() && matches!(*method, Method::PATCH) {
        return bad("the body is missing");
    }
    Ok(())
}

/// Refuses bodies with fields that are unknown, missing or of another type.
pub(super) fn check_body(method: &str, path: &[&str], body: &Value) -> Result<(), Answer> {
    if matches!(method, "GET" | "DELETE" | "HEAD") {
        return Ok(());
    }
    let Some(fields) = fields(method, path) else {
        return Ok(());
    };
    let refuse = |text: String| {
        let body = serde_json::json!({"message": "Invalid request.", "errors": [text]});
        Err((StatusCode::UNPROCESSABLE_ENTITY, body))
    };
    let empty = serde_json::Map::new();
    let given = body.as_object().unwrap_or(&empty);
    for name in given.keys() {
        let known = fields
            .iter()
            .any(|(field, _)| field.trim_end_matches('!') == name);
        if !known {
            return refuse(format!("\"{name}\" is not a permitted key."));
        }
    }
    for (field, kind) in fields {
        let name = field.trim_end_matches('!');
        match given.get(name) {
            None if field.ends_with('!') => return refuse(format!("\"{name}\" wasn't supplied.")),
            Some(value) if !is(value, kind) => {
                return refuse(format!("For '{name}', {value} is not a {kind}."));
            }
            _ => {}
        }
    }
    Ok(())
}

fn is(value: &Value, kind: &str) -> bool {
    kind.split('|').any(|kind| match kind {
        "text" => value.is_string(),
        "flag" => value.is_boolean(),
        "number" => value.is_i64(),
        "list" => value.is_array(),
        "object" => value.is_object(),
        _ => value.is_null(),
    })
}

const REPOSITORY: &[Field] = &[
    ("name!", "text"),
    ("description", "text"),
    ("homepage", "text"),
    ("private", "flag"),
    ("visibility", "text"),
    ("auto_init", "flag"),
    ("has_issues", "flag"),
    ("has_projects", "flag"),
    ("has_wiki", "flag"),
    ("delete_branch_on_merge", "flag"),
    ("allow_merge_commit", "flag"),
    ("allow_squash_merge", "flag"),
    ("allow_rebase_merge", "flag"),
    ("allow_auto_merge", "flag"),
    ("allow_update_branch", "flag"),
    ("squash_merge_commit_title", "text"),
    ("squash_merge_commit_message", "text"),
    ("custom_properties", "object"),
];
const USERS_REPOSITORY: &[Field] = &[
    ("name!", "text"),
    ("description", "text"),
    ("private", "flag"),
    ("auto_init", "flag"),
];
const SETTINGS: &[Field] = &[
    ("description", "text"),
    ("homepage", "text"),
    ("default_branch", "text"),
    ("visibility", "text"),
    ("has_issues", "flag"),
    ("has_projects", "flag"),
    ("has_wiki", "flag"),
    ("delete_branch_on_merge", "flag"),
    ("allow_merge_commit", "flag"),
    ("allow_squash_merge", "flag"),
    ("allow_rebase_merge", "flag"),
    ("allow_auto_merge", "flag"),
    ("allow_update_branch", "flag"),
    ("squash_merge_commit_title", "text"),
    ("squash_merge_commit_message", "text"),
];
const PROTECTION: &[Field] = &[
    ("required_status_checks!", "object|null"),
    ("enforce_admins!", "flag|null"),
    ("required_pull_request_reviews!", "object|null"),
    ("restrictions!", "object|null"),
    ("required_linear_history", "flag"),
    ("allow_force_pushes", "flag|null"),
    ("block_creations", "flag"),
    ("required_conversation_resolution", "flag"),
];
const HOOK: &[Field] = &[
    ("name", "text"),
    ("config", "object"),
    ("events", "list"),
    ("active", "flag"),
];
const ISSUE: &[Field] = &[
    ("title!", "text|number"),
    ("body", "text"),
    ("assignees", "list"),
    ("labels", "list"),
    ("milestone", "text|number|null"),
];
const ENVIRONMENT: &[Field] = &[
    ("wait_timer", "number"),
    ("prevent_self_review", "flag"),
    ("reviewers", "list|null"),
    ("deployment_branch_policy", "object|null"),
];

/// The fields of a body; `None` for what is not told here.
fn fields(method: &str, path: &[&str]) -> Option<&'static [Field]> {
    let below = match path {
        ["repos", _, _, below @ ..] => below,
        ["orgs", _, "repos"] => return Some(REPOSITORY),
        ["user", "repos"] => return Some(USERS_REPOSITORY),
        ["graphql"] => return Some(&[("query!", "text"), ("variables", "object")]),
        _ => return None,
    };
    Some(match (method, below) {
        ("PATCH", []) => SETTINGS,
        ("POST", ["git", "blobs"]) => &[("content!", "text"), ("encoding", "text")],
        ("POST", ["git", "trees"]) => &[("tree!", "list"), ("base_tree", "text")],
        ("POST", ["git", "commits"]) => &[
            ("message!", "text"),
            ("tree!", "text"),
            ("parents", "list"),
            ("author", "object"),
            ("committer", "object"),
            ("signature", "text"),
        ],
        ("POST", ["git", "refs"]) => &[("ref!", "text"), ("sha!", "text")],
        ("PATCH", ["git", "refs", ..]) => &[("sha!", "text"), ("force", "flag")],
        ("POST", ["pulls"]) => &[
            ("title", "text"),
            ("head!", "text"),
            ("base!", "text"),
            ("body", "text"),
            ("draft", "flag"),
            ("maintainer_can_modify", "flag"),
            ("head_repo", "text"),
        ],
        ("PATCH", ["pulls", _]) => &[
            ("title", "text"),
            ("body", "text"),
            ("state", "text"),
            ("base", "text"),
        ],
        ("PUT", ["pulls", _, "merge"]) => &[
            ("sha", "text"),
            ("merge_method", "text"),
            ("commit_title", "text"),
            ("commit_message", "text"),
        ],
        ("POST", ["pulls", _, "requested_reviewers"]) => {
            &[("reviewers", "list"), ("team_reviewers", "list")]
        }
        ("PUT", ["branches", _, "protection"]) => PROTECTION,
        ("POST", ["branches", _, "protection", "required_signatures"]) => &[],
        ("PUT", ["contents", ..]) => &[
            ("message!", "text"),
            ("content!", "text"),
            ("branch", "text"),
            ("sha", "text"),
        ],
        ("PUT", ["topics"]) => &[("names!", "list")],
        ("PUT", ["collaborators", _]) => &[("permission", "text")],
        ("PUT", ["subscription"]) => &[("subscribed", "flag"), ("ignored", "flag")],
        ("POST", ["actions", "variables"] | ["environments", _, "variables"]) => {
            &[("name!", "text"), ("value!", "text")]
        }
        ("PATCH", ["actions", "variables", _] | ["environments", _, "variables", _]) => {
            &[("name", "text"), ("value", "text")]
        }
        ("PUT", ["actions", "secrets", _] | ["environments", _, "secrets", _]) => {
            &[("encrypted_value!", "text"), ("key_id!", "text")]
        }
        ("PUT", ["actions", "oidc", "customization", "sub"]) => {
            &[("use_default!", "flag"), ("include_claim_keys", "list")]
        }
        ("PUT", ["actions", "permissions", "access"]) => &[("access_level!", "text")],
        ("PATCH", ["properties", "values"]) => &[("properties!", "list")],
        ("POST", ["actions", "workflows", _, "dispatches"]) => &[
            ("ref!", "text"),
            ("inputs", "object"),
            ("return_run_details", "flag"),
        ],
        ("POST", ["autolinks"]) => &[
            ("key_prefix!", "text"),
            ("url_template!", "text"),
            ("is_alphanumeric", "flag"),
        ],
        ("POST", ["keys"]) => &[("key!", "text"), ("title", "text"), ("read_only", "flag")],
        ("PUT", ["environments", _]) => ENVIRONMENT,
        ("POST", ["environments", _, "deployment-branch-policies"]) => {
            &[("name!", "text"), ("type", "text")]
        }
        ("POST", ["issues"]) => ISSUE,
        ("POST", ["issues", _, "labels"]) => &[("labels", "list")],
        ("POST", ["issues", _, "assignees"]) => &[("assignees", "list")],
        ("POST", ["pages"]) => &[("build_type", "text"), ("source", "object")],
        ("POST", ["hooks"]) => HOOK,
        _ => return None,
    })
}
