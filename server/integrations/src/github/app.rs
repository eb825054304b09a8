//! Signing in as a GitHub App: a token an hour, for each owner that installed the app.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use parking_lot::Mutex;
use portico_config::{GitHubApp, GitHubIntegration, Secret};
use reqwest::Method;
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};

use super::{JSON, address, bearer, headers};
use crate::{Answer, HostError, Http, Repeat, Request, encode_segment};

/// How long an app's own token is valid; GitHub allows ten minutes.
const CLAIM_LIFETIME: Duration = Duration::from_mins(9);
/// How far GitHub's clock may be behind ours.
const CLOCK_SKEW: Duration = Duration::from_mins(1);
/// Tokens are renewed this long before they expire: a request may take a while.
const RENEW_BEFORE: Duration = Duration::from_mins(5);
/// How long it is remembered that an owner has not installed an app.
const ASK_AGAIN: Duration = Duration::from_mins(1);

/// The installation tokens of the process.
#[derive(Default)]
pub struct AppTokens {
    /// By app and owner.
    known: Mutex<HashMap<(String, String), Known>>,
}

/// A token and until when it is used; `None` where the owner has not installed the app.
type Known = (Option<Secret>, SystemTime);

/// What an app says of itself (RFC 7519, as GitHub wants it).
#[derive(Serialize)]
struct Claims<'a> {
    iat: u64,
    exp: u64,
    iss: &'a str,
}

#[derive(Deserialize)]
struct Installation {
    id: u64,
}

#[derive(Deserialize)]
struct Installed {
    account: Account,
}

#[derive(Deserialize)]
struct Account {
    login: String,
}

#[derive(Deserialize)]
struct InstallationToken {
    token: String,
    expires_at: jiff::Timestamp,
}

impl AppTokens {
    /// The token of the first app of the host that the owner has installed, and the key of
    /// the app in the configuration.
    pub(crate) async fn token<'a>(
        &self,
        http: &Http,
        host: &'a GitHubIntegration,
        owner: &str,
        target: &str,
    ) -> Result<Option<(Secret, &'a str)>, HostError> {
        for app in host.apps.iter().filter(|app| serves(app, owner)) {
            let id = (app.key.clone(), owner.to_lowercase());
            let known = self.known.lock().get(&id).cloned();
            let token = match known {
                Some((token, until)) if SystemTime::now() < until => token,
                _ => {
                    let asked = Asking {
                        http,
                        host,
                        app,
                        target,
                    };
                    let (token, until) = asked.token(owner).await?;
                    self.known.lock().insert(id, (token.clone(), until));
                    token
                }
            };
            if let Some(token) = token {
                return Ok(Some((token, &app.key)));
            }
        }
        Ok(None)
    }
}

impl AppTokens {
    /// Who installed the apps of a host, as far as they may be used for them: a hundred for each.
    pub(crate) async fn owners(
        &self,
        http: &Http,
        host: &GitHubIntegration,
    ) -> Result<Vec<String>, HostError> {
        let mut owners = Vec::new();
        for app in &host.apps {
            if !app.allowed_owners.is_empty() {
                owners.extend(app.allowed_owners.iter().cloned());
                continue;
            }
            let asked = Asking {
                http,
                host,
                app,
                target: &host.host,
            };
            let path = "app/installations?per_page=100";
            let answer = http.send(asked.request(Method::GET, path)?).await?;
            asked.check(&answer)?;
            let installed: Vec<Installed> = answer.json(&host.host)?;
            owners.extend(installed.into_iter().map(|it| it.account.login));
        }
        Ok(owners)
    }
}

fn serves(app: &GitHubApp, owner: &str) -> bool {
    let mut names = app.allowed_owners.iter();
    app.allowed_owners.is_empty() || names.any(|name| name.eq_ignore_ascii_case(owner))
}

/// One question of one app to its host.
struct Asking<'a> {
    http: &'a Http,
    host: &'a GitHubIntegration,
    app: &'a GitHubApp,
    target: &'a str,
}

impl Asking<'_> {
    /// A token for the owner's installation, and until when it (or its absence) is remembered.
    async fn token(&self, owner: &str) -> Result<Known, HostError> {
        let Some(installation) = self.installation(owner).await? else {
            return Ok((None, SystemTime::now() + ASK_AGAIN));
        };
        let path = format!("app/installations/{}/access_tokens", installation.id);
        let answer = self.http.send(self.request(Method::POST, &path)?).await?;
        self.check(&answer)?;
        let made: InstallationToken = answer.json(self.target)?;
        let until = SystemTime::from(made.expires_at) - RENEW_BEFORE;
        Ok((Some(Secret::new(made.token)), until))
    }

    /// The owner's installation: organisations and users are asked for in different places.
    async fn installation(&self, owner: &str) -> Result<Option<Installation>, HostError> {
        for kind in ["orgs", "users"] {
            let path = format!("{kind}/{}/installation", encode_segment(owner));
            let answer = self.http.send(self.request(Method::GET, &path)?).await?;
            if answer.status != StatusCode::NOT_FOUND {
                self.check(&answer)?;
                return answer.json(self.target).map(Some);
            }
        }
        Ok(None)
    }

    fn request(&self, method: Method, path: &str) -> Result<Request<'_>, HostError> {
        let mut headers = headers(JSON);
        let claim = Secret::new(self.claim(SystemTime::now())?);
        bearer(&mut headers, &claim, &self.app.key, self.target)?;
        Ok(Request {
            target: self.target,
            method,
            url: address(self.host, path, self.target)?,
            lane: self.host.host.clone(),
            headers,
            body: None,
            // One more token does no harm.
            repeat: Repeat::Always,
            patient: false,
            trusted: true,
        })
    }

    /// The app's own token, signed with its key.
    fn claim(&self, now: SystemTime) -> Result<String, HostError> {
        let key = &self.app.key;
        let denied = |error| {
            let fix = format!(
                "{key}.privateKey is not the PEM text of an RSA key ({error}); \
                 copy the whole file that GitHub made"
            );
            HostError::denied(self.target, fix)
        };
        let pem = self.app.private_key.expose().as_bytes();
        let signer = EncodingKey::from_rsa_pem(pem).map_err(denied)?;
        let claims = Claims {
            iat: seconds(now - CLOCK_SKEW),
            exp: seconds(now + CLAIM_LIFETIME),
            iss: &self.app.app_id,
        };
        encode(&Header::new(Algorithm::RS256), &claims, &signer).map_err(denied)
    }

    fn check(&self, answer: &Answer) -> Result<(), HostError> {
        let (host, key) = (&self.host.host, &self.app.key);
        match answer.status {
            status if status.is_success() => Ok(()),
            StatusCode::UNAUTHORIZED => Err(HostError::denied(
                self.target,
                format!(
                    "{host} does not accept the app in {key}; check that appId and privateKey \
                     belong together, and the clock of this machine"
                ),
            )),
            StatusCode::FORBIDDEN => Err(HostError::denied(
                self.target,
                format!("the installation of the app in {key} is suspended or was removed"),
            )),
            status => Err(HostError::failed(
                self.target,
                format!("{host} answered {status} to the app in {key}"),
            )),
        }
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
