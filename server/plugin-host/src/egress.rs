//! The way out: requests to vetted addresses only, with every bound on what comes back.

mod address;
mod headers;
mod target;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use http::{HeaderMap, Method};
use quick_cache::sync::Cache;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, redirect};
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::services::{Answer, CapabilityError, Connection};
use crate::store::{invalid, too_much};
use address::Class;
pub(crate) use headers::request_headers;
pub(crate) use target::target;

/// Clients, with their open connections, that are kept for later requests.
const CLIENTS: usize = 64;
const CONNECT_TIME: Duration = Duration::from_secs(5);
const IDLE_TIME: Duration = Duration::from_secs(30);

/// What happens with a request to an address of a private network that its connection does
/// not allow. Metadata services and the like are refused in both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EgressMode {
    /// It is sent, and told to the observer: to see what enforcing would break.
    Count,
    /// It is refused.
    #[default]
    Enforce,
}

/// Turns names into addresses.
#[async_trait]
pub(crate) trait Resolver: Send + Sync {
    async fn resolve(&self, host: &str, port: u16) -> std::io::Result<Vec<SocketAddr>>;
}

struct SystemResolver;

#[async_trait]
impl Resolver for SystemResolver {
    async fn resolve(&self, host: &str, port: u16) -> std::io::Result<Vec<SocketAddr>> {
        Ok(tokio::net::lookup_host((host, port)).await?.collect())
    }
}

/// Sends requests.
pub(crate) struct Egress {
    mode: EgressMode,
    resolver: Box<dyn Resolver>,
    clients: Cache<(String, Vec<SocketAddr>), Client>,
}

/// A request that is ready: its URL lies below the connection's.
pub(crate) struct Outgoing {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Vec<u8>>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Where a request may connect to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Vetted {
    pub(crate) addresses: Vec<SocketAddr>,
    /// Addresses that only the mode lets pass.
    pub(crate) counted: Option<String>,
}

impl Egress {
    pub(crate) fn new(mode: EgressMode) -> Self {
        Self::with(mode, Box::new(SystemResolver))
    }

    fn with(mode: EgressMode, resolver: Box<dyn Resolver>) -> Self {
        Self {
            mode,
            resolver,
            clients: Cache::new(CLIENTS),
        }
    }

    /// Resolves the host once and keeps the addresses that may be connected to.
    pub(crate) async fn vet(&self, connection: &Connection) -> Answer<Vetted> {
        let url = &connection.base_url;
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(invalid("the connection's URL has no host"));
        };
        if !(url.scheme() == "https" || url.scheme() == "http" && connection.allow_private) {
            return Err(CapabilityError::Denied(
                "the connection's URL is not https, which only private hosts may do without".into(),
            ));
        }
        let found = match host {
            Host::Ipv4(ip) => vec![SocketAddr::new(IpAddr::V4(ip), port)],
            Host::Ipv6(ip) => vec![SocketAddr::new(IpAddr::V6(ip), port)],
            Host::Domain(name) => self.resolver.resolve(name, port).await.map_err(|error| {
                CapabilityError::Unavailable(format!("{name} is not found: {error}"))
            })?,
        };
        self.choose(connection, &found)
    }

    fn choose(&self, connection: &Connection, found: &[SocketAddr]) -> Answer<Vetted> {
        let of = |wanted: Class| {
            let matching = found
                .iter()
                .filter(move |it| address::class(it.ip()) == wanted);
            matching.copied().collect::<Vec<_>>()
        };
        let (public, private) = (of(Class::Public), of(Class::Private));
        let mut addresses = public;
        if connection.allow_private {
            addresses.extend(private);
            if !addresses.is_empty() {
                return Ok(allowed(addresses));
            }
        } else if !addresses.is_empty() {
            return Ok(allowed(addresses));
        } else if self.mode == EgressMode::Count && !private.is_empty() {
            return Ok(Vetted {
                counted: Some(list(&private)),
                addresses: private,
            });
        }
        let host = connection.base_url.host_str().unwrap_or_default();
        Err(CapabilityError::Denied(format!(
            "{host} leads to {}, which is not allowed",
            list(found)
        )))
    }

    /// Sends a request to a vetted address and reads the whole answer.
    pub(crate) async fn send(
        &self,
        connection: &Connection,
        vetted: &Vetted,
        request: Outgoing,
        limit: u64,
    ) -> Answer<Incoming> {
        let host = request.url.host_str().unwrap_or_default().to_owned();
        let client = self
            .clients
            .get_or_insert_with(&(host, vetted.addresses.clone()), || {
                client(&vetted.addresses)
            })
            .map_err(|error| unavailable(&error))?;
        let mut headers = request.headers;
        headers.extend(connection.headers.clone());
        let mut sending = client.request(request.method, request.url).headers(headers);
        if let Some(body) = request.body {
            sending = sending.body(body);
        }
        let mut response = sending.send().await.map_err(|error| unavailable(&error))?;
        let status = response.status().as_u16();
        let secrets = headers::Secrets::of(connection);
        let headers = secrets.response_headers(response.headers())?;
        let mut body = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| unavailable(&error))?
        {
            if (body.len() + chunk.len()) as u64 > limit {
                return Err(too_much(format!("the answer has more than {limit} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Incoming {
            status,
            headers,
            body: secrets.redact(body),
        })
    }
}

fn allowed(addresses: Vec<SocketAddr>) -> Vetted {
    Vetted {
        addresses,
        counted: None,
    }
}

fn list(addresses: &[SocketAddr]) -> String {
    let addresses: Vec<_> = addresses.iter().map(|it| it.ip().to_string()).collect();
    addresses.join(", ")
}

/// Without its URL, which may hold more than the plugin may know.
fn unavailable(error: &reqwest::Error) -> CapabilityError {
    let what = if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the answer broke off or is not valid"
    };
    CapabilityError::Unavailable(what.into())
}

/// A client that can reach these addresses and no others: whatever name it is given.
fn client(addresses: &[SocketAddr]) -> reqwest::Result<Client> {
    Client::builder()
        .dns_resolver(Arc::new(Fixed(addresses.to_vec())))
        .no_proxy()
        .redirect(redirect::Policy::none())
        .referer(false)
        .user_agent("portico")
        .connect_timeout(CONNECT_TIME)
        .pool_idle_timeout(IDLE_TIME)
        .build()
}

struct Fixed(Vec<SocketAddr>);

impl Resolve for Fixed {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Addrs = Box::new(self.0.clone().into_iter());
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

#[cfg(test)]
mod tests;
