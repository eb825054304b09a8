//! The HTTP client of every reader: bounded, patient, and careful with secrets.
//!
//! At most a few requests run at a host at once. A host that limits the rate is
//! left alone until the time it names. Bodies have a size limit, requests a time
//! limit. Redirects never carry credentials to another host.

mod guard;
mod lane;
mod limit;

use std::time::{Duration, SystemTime};

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::redirect;
use reqwest::{Client, ClientBuilder, Method, StatusCode, Url};
use tokio::sync::OnceCell;

use crate::ReadError;

pub(crate) use guard::check_public;
use lane::Lanes;

/// The largest file that is read, the same as the YAML parser's limit.
pub(crate) const MAX_BYTES: u64 = 32 * 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const ATTEMPTS: u32 = 3;
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const MAX_REDIRECTS: usize = 5;

/// The clients of the whole process. Each is built when first used: reading the
/// system's certificates takes longer than all else at start-up.
pub(crate) struct Http {
    trusted: OnceCell<Client>,
    public: OnceCell<Client>,
    lanes: Lanes,
    timeout: Duration,
}

/// What to ask of a host.
#[derive(Clone)]
pub(crate) struct Request<'a> {
    /// The target as people know it, for messages.
    pub(crate) target: &'a str,
    /// What to request.
    pub(crate) url: Url,
    /// What shares a rate limit: a host, or one organisation on it.
    pub(crate) lane: String,
    /// Credentials, conditions, media types.
    pub(crate) headers: HeaderMap,
    /// Whether an operator named the host. Others must be public addresses over https.
    pub(crate) trusted: bool,
}

/// A complete answer; the status may be any but "come back later" and server errors.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
    /// Where redirects led.
    pub(crate) url: Url,
}

impl Answer {
    /// A header's text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Where the answer redirects to, when it was not followed.
    pub(crate) fn redirect(&self) -> Option<&str> {
        if self.status.is_redirection() {
            self.header("location")
        } else {
            None
        }
    }

    /// The body as text, without a byte order mark.
    pub(crate) fn text(self, target: &str) -> Result<String, ReadError> {
        decode(self.body, target)
    }

    /// The body as JSON.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(
        &self,
        target: &str,
    ) -> Result<T, ReadError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            ReadError::failed(
                target,
                format!("the host's answer is not understood: {error}"),
            )
        })
    }
}

/// Bytes as text, without a byte order mark.
pub(crate) fn decode(bytes: Vec<u8>, target: &str) -> Result<String, ReadError> {
    let text = String::from_utf8(bytes)
        .map_err(|_| ReadError::invalid(target, "the file is not UTF-8 text; save it as UTF-8"))?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(text))
}

impl Http {
    pub(crate) fn new() -> Self {
        Self::with_timeout(TIMEOUT)
    }

    pub(crate) fn with_timeout(timeout: Duration) -> Self {
        Self {
            trusted: OnceCell::new(),
            public: OnceCell::new(),
            lanes: Lanes::default(),
            timeout,
        }
    }

    /// Sends a GET request; tries again after connection and server errors.
    pub(crate) async fn get(&self, request: Request<'_>) -> Result<Answer, ReadError> {
        self.send(&Method::GET, request).await
    }

    /// Sends a POST request without a body, in the same way: only for what may be done twice.
    pub(crate) async fn post(&self, request: Request<'_>) -> Result<Answer, ReadError> {
        self.send(&Method::POST, request).await
    }

    async fn send(&self, method: &Method, request: Request<'_>) -> Result<Answer, ReadError> {
        if !request.trusted {
            guard::check_url(&request.url, request.target)?;
        }
        let lane = self.lanes.lane(&request.lane);
        let _permit = lane.enter(request.target, &request.lane).await?;
        let mut attempt = 1;
        loop {
            let answer = self.attempt(method, &request).await;
            let again = match &answer {
                Ok(answer) if answer.status.is_server_error() => {
                    !answer.headers.contains_key(RETRY_AFTER)
                }
                Err(ReadError::Failed { .. }) => true,
                _ => false,
            };
            if again && attempt < ATTEMPTS {
                let jitter = 0.5 + rand::random::<f64>();
                tokio::time::sleep((FIRST_PAUSE * 2_u32.pow(attempt - 1)).mul_f64(jitter)).await;
                attempt += 1;
                continue;
            }
            let answer = answer?;
            if let Some(until) = limit::blocked_until(&answer, SystemTime::now()) {
                lane.block(until);
                if !answer.status.is_success() && answer.status != StatusCode::NOT_MODIFIED {
                    return Err(ReadError::RateLimited {
                        target: request.target.to_owned(),
                        host: request.lane,
                        retry_at: until,
                    });
                }
            }
            if answer.status.is_server_error() {
                return Err(ReadError::failed(
                    request.target,
                    format!("the host answered {}", answer.status),
                ));
            }
            return Ok(answer);
        }
    }

    async fn attempt(&self, method: &Method, request: &Request<'_>) -> Result<Answer, ReadError> {
        let client = self.client(request.trusted).await?;
        let send = client
            .request(method.clone(), request.url.clone())
            .headers(request.headers.clone())
            .send();
        let told = |error| self.told(request.target, &error);
        let mut response = send.await.map_err(told)?;
        let status = response.status();
        let url = response.url().clone();
        let headers = std::mem::take(response.headers_mut());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(told)? {
            if (body.len() + chunk.len()) as u64 > MAX_BYTES {
                let target = request.target.to_owned();
                return Err(ReadError::TooLarge {
                    target,
                    limit_bytes: MAX_BYTES,
                });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            status,
            headers,
            body,
            url,
        })
    }

    async fn client(&self, trusted: bool) -> Result<&Client, ReadError> {
        let builder = Client::builder()
            .user_agent(concat!("portico/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(self.timeout);
        let build = async |builder: ClientBuilder| {
            builder
                .build()
                .map_err(|error| ReadError::failed("the HTTP client", error))
        };
        if trusted {
            let builder = builder.redirect(same_host_redirects());
            return self.trusted.get_or_try_init(|| build(builder)).await;
        }
        let builder = builder
            .redirect(public_redirects())
            .dns_resolver(guard::PublicResolver);
        self.public.get_or_try_init(|| build(builder)).await
    }

    fn told(&self, target: &str, error: &reqwest::Error) -> ReadError {
        if error.is_timeout() {
            return ReadError::Timeout {
                target: target.to_owned(),
                after: self.timeout,
            };
        }
        // The innermost cause says most, and the outer ones repeat the (API) address.
        let mut cause: &dyn std::error::Error = error;
        while let Some(source) = cause.source() {
            cause = source;
        }
        if error.is_redirect() {
            return ReadError::denied(target, cause.to_string());
        }
        ReadError::failed(target, cause)
    }
}

/// Redirects of hosts that an operator named: on the same host only, so that
/// credentials stay there and no host can point into the network. The reader sees
/// any other redirect as the answer.
fn same_host_redirects() -> redirect::Policy {
    redirect::Policy::custom(|attempt| {
        let before = attempt.previous().last();
        let same = before.is_some_and(|before| before.origin() == attempt.url().origin());
        if attempt.previous().len() > MAX_REDIRECTS {
            attempt.error("the host redirects in circles; use the final address")
        } else if same {
            attempt.follow()
        } else {
            attempt.stop()
        }
    })
}

/// Redirects of all other hosts: to any public address over https.
fn public_redirects() -> redirect::Policy {
    redirect::Policy::custom(|attempt| {
        if attempt.previous().len() > MAX_REDIRECTS {
            return attempt.error("the host redirects in circles; use the final address");
        }
        match guard::check_url(attempt.url(), attempt.url().as_str()) {
            Ok(()) => attempt.follow(),
            Err(error) => attempt.error(error.to_string()),
        }
    })
}

#[cfg(test)]
mod tests;
