//! A portal that runs somewhere, as commands talk to it.

use anyhow::{Context as _, Error, Result, anyhow, ensure};
use clap::Args;
use reqwest::StatusCode;
use serde_json::Value;

/// Which portal, and as whom.
#[derive(Debug, Args)]
pub(crate) struct RemoteArgs {
    /// The portal.
    #[arg(long, env = "PORTICO_URL", value_name = "URL")]
    url: String,
    /// Says who you are. A portal in development mode on this machine does not ask.
    #[arg(long, env = "PORTICO_TOKEN", hide_env_values = true)]
    token: Option<String>,
}

/// What the portal said.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// Null when it is not JSON.
    pub(super) body: Value,
    portal: String,
    has_token: bool,
}

impl RemoteArgs {
    /// The address, without a slash at its end.
    pub(super) fn portal(&self) -> Result<&str> {
        let portal = self.url.trim_end_matches('/');
        ensure!(
            portal.starts_with("https://") || portal.starts_with("http://"),
            "\"{portal}\" is no address of a portal: write one such as https://portal.example.com"
        );
        Ok(portal)
    }

    /// Sends a body; `kind` is its media type.
    pub(super) async fn post(&self, path: &str, kind: &str, body: Vec<u8>) -> Result<Answer> {
        let portal = self.portal()?;
        let mut request = reqwest::Client::new()
            .post(format!("{portal}{path}"))
            .header("content-type", kind)
            .body(body);
        let token = self.token.as_deref().filter(|token| !token.is_empty());
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        let response = request.send().await.with_context(|| {
            format!("{portal} cannot be reached: is the address right, and does the portal run?")
        })?;
        let status = response.status();
        let answer = response
            .text()
            .await
            .with_context(|| format!("{portal} did not finish its answer"))?;
        Ok(Answer {
            status,
            body: serde_json::from_str(&answer).unwrap_or_default(),
            portal: portal.to_owned(),
            has_token: token.is_some(),
        })
    }
}

impl Answer {
    /// A text of the body, without what could steer a terminal.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.body.get(name).and_then(Value::as_str).map(printable)
    }

    /// Why the portal did not do what was asked: an error when nobody was heard at all, else the
    /// reason it gives. `what` completes "this token may not …".
    pub(super) fn refusal(&self, what: &str) -> Result<String, Error> {
        let detail = self.text("detail").or_else(|| self.text("title"));
        let (portal, status) = (&self.portal, self.status);
        let detail = detail.filter(|_| !status.is_success()).ok_or_else(|| {
            anyhow!(
                "{portal} does not answer as a Portico portal does ({status}); check the address"
            )
        })?;
        match status {
            StatusCode::UNAUTHORIZED if self.has_token => Err(anyhow!(
                "the portal does not know this token; ask the platform team for one ({detail})"
            )),
            StatusCode::UNAUTHORIZED => Err(anyhow!(
                "the portal wants to know who you are; put a token of the platform team into \
                 PORTICO_TOKEN"
            )),
            StatusCode::FORBIDDEN => Err(anyhow!("this token may not {what}: {detail}")),
            _ => Ok(detail),
        }
    }
}

/// A text of somebody else's that cannot steer a terminal.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .filter(|char| !char.is_control() || *char == '\n')
        .collect()
}
