//! Where a browser goes after signing in.

/// `path` when it is a page of this portal, else the start page.
pub(super) fn safe(path: Option<&str>) -> &str {
    path.filter(|path| is_local(path)).unwrap_or("/")
}

/// Browsers read `//host`, `/\host` and control characters in ways that leave the portal.
fn is_local(path: &str) -> bool {
    path.starts_with('/')
        && !path.starts_with("//")
        && path
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_in_the_portal() {
        assert_eq!(safe(Some("/catalog?kind=api")), "/catalog?kind=api");
        assert_eq!(safe(None), "/");
        for elsewhere in [
            "//evil.test",
            "https://evil.test",
            "/\\evil.test",
            "/\t/evil.test",
            "catalog",
            "",
        ] {
            assert_eq!(safe(Some(elsewhere)), "/", "{elsewhere}");
        }
    }
}
