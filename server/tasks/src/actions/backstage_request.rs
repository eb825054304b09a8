//! `http:backstage:request`

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use portico_access::Principal;
use portico_scaffolder::{Action, ActionContext, ActionError, Effect, Example};
use serde_json::{Map, Value, json};
use url::Url;

use super::{choice, fields, flag, number, object, text};
use crate::{PortalAnswer, PortalApi, PortalRequest};

/// As long as the portal's pages wait.
const TIMEOUT: Duration = Duration::from_mins(1);
const MAX_TIMEOUT: Duration = Duration::from_mins(10);
const METHODS: [&str; 8] = [
    "GET", "HEAD", "OPTIONS", "POST", "UPDATE", "DELETE", "PUT", "PATCH",
];
/// What changes nothing, and is done in dry runs as well.
const SAFE: [&str; 3] = ["GET", "HEAD", "OPTIONS"];
/// The headers that are passed on. Others could speak about who asks, or from where.
const HEADERS: [&str; 5] = [
    "accept",
    "accept-language",
    "content-type",
    "if-match",
    "if-none-match",
];
const JSON: &str = "application/json";
/// How much of a refusal is told.
const MAX_TOLD: usize = 1_000;

/// Calls the portal's own API.
pub(crate) struct BackstageRequest {
    pub(crate) api: Arc<dyn PortalApi>,
    pub(crate) who: Principal,
    pub(crate) depth: u8,
}

#[async_trait]
impl Action for BackstageRequest {
    fn id(&self) -> &'static str {
        "http:backstage:request"
    }

    fn description(&self) -> &'static str {
        "Calls the API of this portal in the name of whoever created the task, with the rights \
         they have then. No other host can be called, nothing is proxied, and what only people \
         decide (signing in, approvals, plugins, merging) is refused. A dry run asks what changes \
         nothing, and tells the rest."
    }

    fn input(&self) -> Value {
        let values = json!({"type": ["string", "number", "boolean"]});
        object(
            &["path", "method"],
            json!({
                "path": text("Where: /api/catalog/entities, or catalog/entities."),
                "method": choice(&METHODS, "The method."),
                "headers": {"type": "object", "additionalProperties": {"type": "string"},
                    "description": format!("Headers. Passed on: {}.", HEADERS.join(", "))},
                "params": {"type": "object",
                    "additionalProperties": {"anyOf": [values, {"type": "array", "items": values}]},
                    "description": "The query. A list is a parameter that is there several times."},
                "body": {"type": ["object", "array", "string"],
                    "description": "The body: a text as it is, anything else as JSON."},
                "logRequestPath": flag("Whether the log tells the path; true without it."),
                "continueOnBadResponse":
                    flag("Whether a status of 400 or more is an answer, not an error."),
                "timeout": number("How long to wait, in milliseconds; 60000 without it."),
            }),
        )
    }

    fn output(&self) -> Value {
        object(
            &["code", "headers", "body"],
            json!({
                "code": number("The status."),
                "headers": {"type": "object", "description": "The headers of the answer."},
                "body": {"description": "The answer when it is JSON, else {message: its text}."},
            }),
        )
    }

    fn examples(&self) -> Vec<Example> {
        let example = |description: &str, input: Value, body: Value| Example {
            description: description.to_owned(),
            input,
            output: output(200, json!({"content-type": JSON}), body),
        };
        vec![
            example(
                "Find the components of a system",
                json!({"path": "/api/catalog/entities/by-query", "method": "GET", "params": {
                    "filter": "kind=component,spec.system=${{ parameters.system }}"}}),
                json!({"items": []}),
            ),
            example(
                "Have an entity read again",
                json!({"path": "/api/catalog/refresh", "method": "POST",
                    "body": {"entityRef": "component:default/orders-api"}}),
                json!({}),
            ),
            example(
                "Run another template",
                json!({"path": "/api/scaffolder/v2/tasks", "method": "POST", "body": {
                    "templateRef": "template:default/new-environment",
                    "values": {"environment": "test"}}}),
                json!({"id": "0199b3a0-0000-7000-8000-000000000001"}),
            ),
        ]
    }

    fn supports_dry_run(&self) -> bool {
        true
    }

    async fn run(&self, context: &ActionContext) -> Result<Map<String, Value>, ActionError> {
        let request = self.request(context)?;
        let what = match told(context, "logRequestPath") {
            true => format!("{} {}", request.method, request.target),
            false => request.method.clone(),
        };
        if let (Some(recorder), false) = (&context.dry_run, SAFE.contains(&&*request.method)) {
            recorder.record(Effect {
                step: context.step.clone(),
                action: self.id().to_owned(),
                summary: context
                    .redacted(&json!(what))
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
                details: context.redacted(&json!({
                    "headers": objects(request.headers),
                    "body": context.input.get("body"),
                })),
            });
            return Ok(output(200, json!({}), json!({})));
        }
        context.log(&what);
        let timeout = context.input.get("timeout").and_then(Value::as_u64);
        let timeout = timeout
            .map_or(TIMEOUT, Duration::from_millis)
            .min(MAX_TIMEOUT);
        let answer = tokio::select! {
            answer = self.api.call(&self.who, request) => answer,
            () = tokio::time::sleep(timeout) => {
                Err(format!("no answer within {} ms", timeout.as_millis()))
            }
            () = context.cancelled.cancelled() => return Err(ActionError::Cancelled),
        };
        let answer = answer.map_err(|error| ActionError::Failed(format!("{what}: {error}")))?;
        if answer.code >= 400 && !context.flag("continueOnBadResponse") {
            return Err(ActionError::Failed(format!(
                "{what}: {} {}",
                answer.code,
                reason(&answer)
            )));
        }
        let body = body(&answer);
        Ok(output(answer.code, objects(answer.headers), body))
    }
}

impl BackstageRequest {
    fn request(&self, context: &ActionContext) -> Result<PortalRequest, ActionError> {
        let target = target(context.required("path")?, context.input.get("params"))?;
        let mut headers = Vec::new();
        let given = context.input.get("headers").and_then(Value::as_object);
        for (name, value) in given.into_iter().flatten() {
            let name = name.to_ascii_lowercase();
            match value.as_str() {
                Some(value) if HEADERS.contains(&&*name) => headers.push((name, value.to_owned())),
                _ => context.log(format!("The header {name} is not passed on")),
            }
        }
        let has_type = headers.iter().any(|(name, _)| name == "content-type");
        let body = match context.input.get("body") {
            None | Some(Value::Null) => Vec::new(),
            Some(body) => {
                let is_json = !body.is_string() || is_json(body);
                if !has_type && is_json {
                    headers.push(("content-type".to_owned(), JSON.to_owned()));
                }
                match body.as_str() {
                    Some(text) => text.as_bytes().to_vec(),
                    None => body.to_string().into_bytes(),
                }
            }
        };
        Ok(PortalRequest {
            method: context.required("method")?.to_owned(),
            target,
            headers,
            body,
            depth: self.depth,
        })
    }
}

/// A flag that is set when it is left out.
fn told(context: &ActionContext, name: &str) -> bool {
    context.input.get(name).and_then(Value::as_bool) != Some(false)
}

/// Whether a text is an object or a list, written as JSON.
fn is_json(body: &Value) -> bool {
    let text = body.as_str().unwrap_or_default();
    serde_json::from_str::<Value>(text).is_ok_and(|it| it.is_object() || it.is_array())
}

/// Path and query, encoded; never beyond `/api/`.
fn target(path: &str, params: Option<&Value>) -> Result<String, ActionError> {
    let wrong = |why: &str| ActionError::Input(format!("input.path: {path} {why}"));
    let plain = path.trim_start_matches('/');
    let plain = plain.strip_prefix("api/").unwrap_or(plain);
    if plain == "proxy" || plain.starts_with("proxy/") {
        return Err(wrong(
            "is for a proxy, and there is none here: a plugin with a grant for that host can call \
             it",
        ));
    }
    // The host stands for nothing: only path and query are used.
    let url = Url::parse(&format!("http://portal/api/{plain}"));
    let mut url = url.map_err(|error| wrong(&format!("is no path: {error}")))?;
    if !url.path().starts_with("/api/") || plain.contains("://") && !plain.contains('?') {
        return Err(wrong("is not of this portal; write /api/catalog/entities"));
    }
    for (name, value) in params.and_then(Value::as_object).into_iter().flatten() {
        let values = match value {
            Value::Array(values) => values.as_slice(),
            value => std::slice::from_ref(value),
        };
        for value in values {
            let text = value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned);
            url.query_pairs_mut().append_pair(name, &text);
        }
    }
    Ok(match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    })
}

/// The answer when it is JSON, else its text as a message.
fn body(answer: &PortalAnswer) -> Value {
    let message = || json!({"message": String::from_utf8_lossy(&answer.body)});
    let is_json = answer.headers.iter().any(|(name, value)| {
        let essence = value.split(';').next().unwrap_or_default().trim();
        name == "content-type" && (essence == JSON || essence.ends_with("+json"))
    });
    match is_json {
        true => serde_json::from_slice(&answer.body).unwrap_or_else(|_| message()),
        false => message(),
    }
}

/// What a refusal says.
fn reason(answer: &PortalAnswer) -> String {
    let body = body(answer);
    let text = ["detail", "message"]
        .iter()
        .find_map(|it| body.get(it)?.as_str());
    let text = text.map_or_else(|| body.to_string(), str::to_owned);
    text.chars().take(MAX_TOLD).collect()
}

fn output(code: u16, headers: Value, body: Value) -> Map<String, Value> {
    fields(json!({"code": code, "headers": headers, "body": body}))
}

/// Pairs of texts as an object.
fn objects(pairs: impl IntoIterator<Item = (String, String)>) -> Value {
    let fields = pairs.into_iter().map(|(name, value)| (name, json!(value)));
    Value::Object(fields.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_the_api() {
        let target = |path: &str| target(path, None).unwrap();
        for path in [
            "/api/catalog/entities",
            "api/catalog/entities",
            "catalog/entities",
        ] {
            assert_eq!(target(path), "/api/catalog/entities");
        }
        assert_eq!(
            target("search/query?term=a b"),
            "/api/search/query?term=a%20b"
        );
        assert_eq!(target("a/../catalog/entities"), "/api/catalog/entities");
        assert_eq!(target("//evil.example/x"), "/api/evil.example/x");
        assert_eq!(
            target("catalog/x?y=https://a.example"),
            "/api/catalog/x?y=https://a.example"
        );
    }

    #[test]
    fn other_places_are_refused() {
        for path in [
            "https://evil.example/api/x",
            "../metrics",
            "api/../../healthz",
            "x/%2e%2e/%2e%2e/metrics",
        ] {
            assert!(target(path, None).is_err(), "{path}");
        }
        for path in ["proxy/jenkins", "/api/proxy/jenkins", "/proxy"] {
            let error = target(path, None).unwrap_err().to_string();
            assert!(
                error.contains("no proxy") || error.contains("for a proxy"),
                "{error}"
            );
        }
    }

    #[test]
    fn parameters_are_encoded() {
        let params = json!({"filter": "kind=api&x", "limit": 5, "fields": ["a", "b"]});
        assert_eq!(
            target("catalog/entities", Some(&params)).unwrap(),
            "/api/catalog/entities?filter=kind%3Dapi%26x&limit=5&fields=a&fields=b"
        );
    }

    #[test]
    fn answers_are_json_or_a_message() {
        let answer = |content_type: &str, body: &str| PortalAnswer {
            code: 400,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.as_bytes().to_vec(),
        };
        assert_eq!(
            body(&answer("application/json; charset=utf-8", "[1]")),
            json!([1])
        );
        assert_eq!(
            body(&answer("text/plain", "[1]")),
            json!({"message": "[1]"})
        );
        let problem = answer("application/problem+json", r#"{"detail":"no such thing"}"#);
        assert_eq!(reason(&problem), "no such thing");
    }
}
