//! The HTTP client of everybody who talks to a host: bounded, patient, and careful with secrets.
//!
//! At most a few requests run at a host at once. A host that limits the rate is
//! left alone until the time it names. Bodies have a size limit, requests a time
//! limit. Redirects never carry credentials to another host.

mod guard;
mod lane;
mod limit;

use std::time::{Duration, SystemTime};

use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::redirect;
use reqwest::{Client, ClientBuilder, Method, StatusCode, Url};
use tokio::sync::OnceCell;

use crate::HostError;

pub use guard::check_public;
use lane::Lanes;

/// The largest file that is read, the same as the YAML parser's limit.
pub const MAX_BYTES: u64 = 32 * 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const ATTEMPTS: u32 = 3;
/// How long a request waits for a host that limits the rate.
const PATIENCE: Duration = Duration::from_secs(5);
/// GitHub says "wait a minute" when too much was made at once.
const LONG_PATIENCE: Duration = Duration::from_secs(75);
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const MAX_REDIRECTS: usize = 5;

/// The clients of the whole process. Each is built when first used: reading the
/// system's certificates takes longer than all else at start-up.
pub struct Http {
    trusted: OnceCell<Client>,
    public: OnceCell<Client>,
    lanes: Lanes,
    timeout: Duration,
}

/// When a request may be sent again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// Whenever there was no answer, or one that says that the server failed.
    Always,
    /// Only when it certainly was not done: there was no connection, or the host limits the
    /// rate.
    Unsent,
}

/// What is sent with a request.
#[derive(Clone, Debug)]
pub struct Body {
    /// Its media type.
    pub content_type: &'static str,
    /// All of it.
    pub bytes: Vec<u8>,
}

impl Body {
    /// JSON.
    pub fn json(value: &serde_json::Value) -> Self {
        Self {
            content_type: "application/json",
            bytes: value.to_string().into_bytes(),
        }
    }
}

/// What to ask of a host.
#[derive(Clone)]
pub struct Request<'a> {
    /// The target as people know it, for messages.
    pub target: &'a str,
    /// GET, POST, ….
    pub method: Method,
    /// What to request.
    pub url: Url,
    /// What shares a rate limit: a host, or one organisation on it.
    pub lane: String,
    /// Credentials, conditions, media types.
    pub headers: HeaderMap,
    /// What is sent.
    pub body: Option<Body>,
    /// When it may be sent again.
    pub repeat: Repeat,
    /// Whether a host that limits the rate is waited for for a minute and a bit, not for seconds:
    /// what is half done is better finished, while readers come back by themselves.
    pub patient: bool,
    /// Whether an operator named the host. Others must be public addresses over https.
    pub trusted: bool,
}

/// A complete answer; the status may be any but "come back later" and server errors.
#[derive(Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// All that was sent.
    pub body: Vec<u8>,
    /// Where redirects led.
    pub url: Url,
}

impl Answer {
    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Where the answer redirects to, when it was not followed.
    pub fn redirect(&self) -> Option<&str> {
        if self.status.is_redirection() {
            self.header("location")
        } else {
            None
        }
    }

    /// The body as JSON.
    pub fn json<T: serde::de::DeserializeOwned>(&self, target: &str) -> Result<T, HostError> {
        serde_json::from_slice(&self.body).map_err(|error| {
            HostError::failed(
                target,
                format!("the host's answer is not understood: {error}"),
            )
        })
    }
}

impl Default for Http {
    fn default() -> Self {
        Self::new()
    }
}

impl Http {
    /// Clients with the usual time limit.
    pub fn new() -> Self {
        Self::with_timeout(TIMEOUT)
    }

    /// Clients with another time limit for a whole request.
    pub fn with_timeout(timeout: Duration) -> Self {
        Self {
            trusted: OnceCell::new(),
            public: OnceCell::new(),
            lanes: Lanes::default(),
            timeout,
        }
    }

    /// Sends a request, again where [`Repeat`] allows it after connection and server errors.
    ///
    pub async fn send(&self, request: Request<'_>) -> Result<Answer, HostError> {
        if !request.trusted {
            guard::check_url(&request.url, request.target)?;
        }
        let patience = if request.patient {
            LONG_PATIENCE
        } else {
            PATIENCE
        };
        let lane = self.lanes.lane(&request.lane);
        let _permit = lane.enter(request.target).await?;
        let mut attempt = 1;
        loop {
            lane.wait(request.target, &request.lane, patience).await?;
            let sent = self.attempt(&request).await;
            if attempt < ATTEMPTS && may_repeat(&sent, request.repeat) {
                let jitter = 0.5 + rand::random::<f64>();
                tokio::time::sleep((FIRST_PAUSE * 2_u32.pow(attempt - 1)).mul_f64(jitter)).await;
                attempt += 1;
                continue;
            }
            let answer = sent.map_err(|error| error.told)?;
            if let Some(until) = limit::blocked_until(&answer, SystemTime::now()) {
                lane.block(until);
                if !answer.status.is_success() && answer.status != StatusCode::NOT_MODIFIED {
                    if attempt < ATTEMPTS && request.patient {
                        attempt += 1;
                        continue;
                    }
                    return Err(HostError::RateLimited {
                        target: request.target.to_owned(),
                        host: request.lane,
                        retry_at: until,
                    });
                }
            }
            if answer.status.is_server_error() {
                return Err(HostError::failed(
                    request.target,
                    format!("the host answered {}", answer.status),
                ));
            }
            return Ok(answer);
        }
    }

    async fn attempt(&self, request: &Request<'_>) -> Result<Answer, NoAnswer> {
        let client = self.client(request.trusted).await?;
        let mut send = client
            .request(request.method.clone(), request.url.clone())
            .headers(request.headers.clone());
        if let Some(body) = &request.body {
            send = send
                .header(CONTENT_TYPE, body.content_type)
                .body(body.bytes.clone());
        }
        let told = |error: reqwest::Error| NoAnswer {
            told: self.told(request.target, &error),
            is_unsent: error.is_connect(),
        };
        let mut response = send.send().await.map_err(told)?;
        let status = response.status();
        let url = response.url().clone();
        let headers = std::mem::take(response.headers_mut());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(told)? {
            if (body.len() + chunk.len()) as u64 > MAX_BYTES {
                let target = request.target.to_owned();
                return Err(NoAnswer::from(HostError::TooLarge {
                    target,
                    limit_bytes: MAX_BYTES,
                }));
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

    async fn client(&self, trusted: bool) -> Result<&Client, HostError> {
        let builder = Client::builder()
            .user_agent(concat!("portico/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(self.timeout);
        let build = async |builder: ClientBuilder| {
            builder
                .build()
                .map_err(|error| HostError::failed("the HTTP client", error))
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

    fn told(&self, target: &str, error: &reqwest::Error) -> HostError {
        if error.is_timeout() {
            return HostError::Timeout {
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
            return HostError::denied(target, cause.to_string());
        }
        HostError::failed(target, cause)
    }
}

/// Why there is no answer.
struct NoAnswer {
    told: HostError,
    /// The host certainly knows nothing of the request.
    is_unsent: bool,
}

impl From<HostError> for NoAnswer {
    fn from(told: HostError) -> Self {
        Self {
            told,
            is_unsent: false,
        }
    }
}

/// Whether it is worth another attempt, and does no harm.
fn may_repeat(sent: &Result<Answer, NoAnswer>, repeat: Repeat) -> bool {
    match sent {
        Ok(answer) => {
            repeat == Repeat::Always
                && answer.status.is_server_error()
                && !answer.headers.contains_key(RETRY_AFTER)
        }
        Err(error) => {
            matches!(error.told, HostError::Failed { .. })
                && (repeat == Repeat::Always || error.is_unsent)
        }
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
