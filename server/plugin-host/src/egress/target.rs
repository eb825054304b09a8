//! The URL of a request: below the connection's base URL, whatever the plugin tries.

use percent_encoding::percent_decode_str;
use url::Url;

use crate::services::Answer;
use crate::store::invalid;

const MAX_PATH_BYTES: usize = 8 << 10;
const MAX_ENCODINGS: usize = 5;

/// Base URL and path, put together.
pub(crate) fn target(base: &Url, path: &str) -> Answer<Url> {
    let wrong = |why: &str| Err(invalid(format!("the path of a request {why}")));
    if path.len() > MAX_PATH_BYTES {
        return wrong("is too long");
    }
    if path.chars().any(|it| it.is_control() || it.is_whitespace()) || path.contains(['\\', '#']) {
        return wrong("has no spaces, control characters, backslashes and fragments");
    }
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (path, None),
    };
    if path.starts_with("//") || climbs(path) {
        return wrong("stays below the connection's URL");
    }
    let root = base.path().trim_end_matches('/');
    let mut url = base.clone();
    // Setting path and query cannot change scheme, host and port, as parsing a joined text could.
    if !path.is_empty() {
        url.set_path(&format!("{root}/{}", path.trim_start_matches('/')));
    }
    url.set_query(query.or(base.query()));
    let below = url.path() == base.path() || url.path().starts_with(&format!("{root}/"));
    let same = url.origin() == base.origin() && url.username() == base.username();
    match below && same {
        true => Ok(url),
        false => wrong("stays below the connection's URL"),
    }
}

/// Whether some server may understand the path as one that goes up, decoding it more than once.
fn climbs(path: &str) -> bool {
    let mut decoded = path.to_owned();
    for _ in 0..MAX_ENCODINGS {
        if decoded.contains('\0') || decoded.split(['/', '\\']).any(is_dots) {
            return true;
        }
        let next = percent_decode_str(&decoded).decode_utf8_lossy();
        if next == decoded {
            return false;
        }
        decoded = next.into_owned();
    }
    // Nobody encodes that often who has nothing to hide.
    true
}

fn is_dots(part: &str) -> bool {
    // Some servers cut parameters off before they look at dots.
    let part = part.split(';').next().unwrap_or(part);
    part == "." || part == ".."
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_stay_below_the_base() {
        let base: Url = "https://api.example.com:8443/v1".parse().unwrap();
        for (path, url) in [
            ("", "https://api.example.com:8443/v1"),
            ("/items?a=b", "https://api.example.com:8443/v1/items?a=b"),
            ("items/1", "https://api.example.com:8443/v1/items/1"),
            (
                "/group%2Fproject",
                "https://api.example.com:8443/v1/group%2Fproject",
            ),
            ("/a..b/...", "https://api.example.com:8443/v1/a..b/..."),
            (
                "@evil.example/x",
                "https://api.example.com:8443/v1/@evil.example/x",
            ),
            (":80/x", "https://api.example.com:8443/v1/:80/x"),
            (
                "?next=https://evil.example",
                "https://api.example.com:8443/v1?next=https://evil.example",
            ),
        ] {
            assert_eq!(target(&base, path).unwrap().as_str(), url, "{path}");
        }
        let absolute = target(&base, "https://evil.example/x").unwrap();
        assert_eq!(absolute.host_str(), Some("api.example.com"));
    }

    #[test]
    fn nothing_climbs() {
        let base: Url = "https://api.example.com/v1/".parse().unwrap();
        for path in [
            "/../admin",
            "..",
            "/a/../../b",
            "/%2e%2e/admin",
            "/%2E./x",
            "/..%2fadmin",
            "/a%2f..%2f..",
            "/%252e%252e/x",
            "/..;x/admin",
            "//evil.example/x",
            "/a\\..\\b",
            "/a b",
            "/a\r\nHost: x",
            "/a#b",
            "/..%5cadmin",
            "/%25252e%25252e/x",
            "/x%00",
        ] {
            assert!(target(&base, path).is_err(), "{path}");
        }
    }
}
