//! Headers of requests and answers: what a plugin may set, and what it may see.

use http::{HeaderMap, HeaderName, HeaderValue, header};
use memchr::memmem::Finder;

use crate::services::{Answer, Connection};
use crate::store::{invalid, too_much};

const MAX_HEADERS: usize = 100;
const MAX_HEADER_BYTES: usize = 32 << 10;
/// Shorter values are found everywhere.
const MIN_SECRET_BYTES: usize = 6;
const REDACTED: &[u8] = b"[redacted]";

/// Set by the connection, or by HTTP itself.
const RESERVED: [&str; 17] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "forwarded",
    "host",
    "http2-settings",
    "keep-alive",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-http-method-override",
    "x-original-url",
];

/// Checks the headers a plugin wants to send.
pub(crate) fn request_headers(
    given: &[(String, String)],
    connection: &Connection,
) -> Answer<HeaderMap> {
    let bytes: usize = given
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    if given.len() > MAX_HEADERS || bytes > MAX_HEADER_BYTES {
        return Err(too_much("too many headers, or too long ones"));
    }
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let parsed = HeaderName::from_bytes(name.as_bytes());
        let name = parsed.map_err(|_| invalid(format!("{name:?} is no name of a header")))?;
        let text = name.as_str();
        let reserved = RESERVED.contains(&text)
            || text.starts_with("proxy-")
            || text.starts_with("x-forwarded-")
            || connection.headers.contains_key(&name);
        if reserved {
            return Err(invalid(format!(
                "the header {name} is not for plugins to set"
            )));
        }
        let value = HeaderValue::from_str(value).map_err(|_| {
            invalid(format!(
                "the value of {name} has characters it may not have"
            ))
        })?;
        headers.append(name, value);
    }
    Ok(headers)
}

/// What must not be seen by the plugin, also when the other side repeats it.
pub(super) struct Secrets(Vec<Vec<u8>>);

impl Secrets {
    pub(super) fn of(connection: &Connection) -> Self {
        let sensitive = |(name, value): &(&HeaderName, &HeaderValue)| {
            value.is_sensitive() || *name == header::AUTHORIZATION || *name == header::COOKIE
        };
        let values = connection.headers.iter().filter(sensitive);
        // `Bearer TOKEN`: the token alone is as secret.
        let parts = values.flat_map(|(_, value)| {
            let value = value.as_bytes();
            let token = value.split(|it| *it == b' ').next_back().unwrap_or(value);
            [value.to_vec(), token.to_vec()]
        });
        Self(parts.filter(|it| it.len() >= MIN_SECRET_BYTES).collect())
    }

    /// The headers a plugin may see.
    pub(super) fn response_headers(&self, given: &HeaderMap) -> Answer<Vec<(String, String)>> {
        let bytes: usize = given
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len())
            .sum();
        if given.len() > MAX_HEADERS || bytes > MAX_HEADER_BYTES {
            return Err(too_much(
                "the answer has too many headers, or too long ones",
            ));
        }
        let hidden = |name: &HeaderName| {
            // Cookies sign in, as the connection does; the others are between the two ends.
            matches!(
                *name,
                header::SET_COOKIE | header::CONNECTION | header::TRANSFER_ENCODING
            ) || name.as_str().starts_with("proxy-")
        };
        let seen = given.iter().filter(|(name, _)| !hidden(name));
        let seen = seen.map(|(name, value)| {
            let value = self.redact(value.as_bytes().to_vec());
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(&value).into_owned(),
            )
        });
        Ok(seen.collect())
    }

    /// Overwrites each secret that occurs.
    pub(super) fn redact(&self, mut text: Vec<u8>) -> Vec<u8> {
        for secret in &self.0 {
            let finder = Finder::new(secret);
            if finder.find(&text).is_none() {
                continue;
            }
            let mut redacted = Vec::with_capacity(text.len());
            let mut rest = 0;
            for at in finder.find_iter(&text) {
                redacted.extend_from_slice(&text[rest..at]);
                redacted.extend_from_slice(REDACTED);
                rest = at + secret.len();
            }
            redacted.extend_from_slice(&text[rest..]);
            text = redacted;
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection() -> Connection {
        let mut headers = HeaderMap::new();
        headers.insert(
            "authorization",
            HeaderValue::from_static("Bearer s3cret-token"),
        );
        headers.insert("x-tenant", HeaderValue::from_static("contoso-tenant"));
        Connection {
            base_url: "https://example.com".parse().unwrap(),
            headers,
            allow_private: false,
        }
    }

    fn pairs(name: &str, value: &str) -> Vec<(String, String)> {
        vec![(name.to_owned(), value.to_owned())]
    }

    #[test]
    fn plugins_set_harmless_headers_only() {
        let check = |name: &str, value: &str| request_headers(&pairs(name, value), &connection());
        assert!(check("Accept", "application/json").is_ok());
        for (name, value) in [
            ("Authorization", "x"),
            ("HOST", "evil"),
            ("Transfer-Encoding", "chunked"),
            ("Content-Length", "0"),
            ("Proxy-Authorization", "x"),
            ("X-Forwarded-For", "x"),
            ("X-Tenant", "fabrikam"),
            ("X-A", "b\r\nHost: evil"),
            ("X-A\r\nB", "c"),
            ("", "x"),
            ("x a", "b"),
            ("Cookie", "a=b"),
        ] {
            assert!(check(name, value).is_err(), "{name}");
        }
        let many = vec![("x-a".to_owned(), "b".to_owned()); 1_000];
        assert!(request_headers(&many, &connection()).is_err());
    }

    #[test]
    fn secrets_are_not_seen_even_when_repeated() {
        let secrets = Secrets::of(&connection());
        let body = b"you sent s3cret-token, Bearer s3cret-token for contoso-tenant".to_vec();
        let body = String::from_utf8(secrets.redact(body)).unwrap();
        assert!(
            !body.contains("s3cret") && body.contains("contoso-tenant"),
            "{body}"
        );
        let mut headers = HeaderMap::new();
        headers.insert("x-echo", HeaderValue::from_static("Bearer s3cret-token"));
        headers.insert("set-cookie", HeaderValue::from_static("session=1"));
        let seen = secrets.response_headers(&headers).unwrap();
        assert_eq!(seen, [("x-echo".to_owned(), "[redacted]".to_owned())]);
    }
}
