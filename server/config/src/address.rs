//! Where the portal is reached.

use std::net::IpAddr;

use crate::{Config, Listen};

impl Config {
    /// Where browsers reach the portal, without a trailing slash: `app.baseUrl`, or else
    /// `backend.baseUrl`, or else where it listens.
    pub fn portal_url(&self) -> String {
        let configured = self.configured_url().map(str::to_owned);
        configured.unwrap_or_else(|| self.backend.listen.url())
    }

    /// As [`Config::portal_url`]; nothing when no base URL is configured. For links in pages:
    /// without it a path leads right, whatever name somebody opened the portal by.
    pub fn configured_url(&self) -> Option<&str> {
        let app = self.app.base_url.as_deref();
        app.or(self.backend.base_url.as_deref())
    }

    /// Where programs reach the API, without a trailing slash: `backend.baseUrl`, or else where
    /// browsers reach the portal.
    pub fn api_url(&self) -> String {
        let configured = self.backend.base_url.clone();
        configured.unwrap_or_else(|| self.portal_url())
    }

    /// Whether browsers reach the portal over https. One base URL of https is enough: what is
    /// for https only is rather not sent than sent for all to read.
    pub fn is_https(&self) -> bool {
        let urls = [&self.app.base_url, &self.backend.base_url];
        let mut urls = urls.into_iter().flatten();
        urls.any(|url| url::Url::parse(url).is_ok_and(|url| url.scheme() == "https"))
    }
}

impl Listen {
    /// Where a browser on this machine finds what listens here.
    fn url(&self) -> String {
        format!("http://{}:{}", self.name(), self.port)
    }

    /// Nobody can open the address that stands for all of them.
    fn name(&self) -> String {
        match self.host.parse() {
            Ok(IpAddr::V4(ip)) if !ip.is_unspecified() && !ip.is_loopback() => ip.to_string(),
            Ok(IpAddr::V6(ip)) if !ip.is_unspecified() && !ip.is_loopback() => format!("[{ip}]"),
            Ok(_) => "localhost".to_owned(),
            Err(_) => self.host.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(app: Option<&str>, backend: Option<&str>) -> Config {
        let mut config = Config::default();
        config.app.base_url = app.map(str::to_owned);
        config.backend.base_url = backend.map(str::to_owned);
        config
    }

    #[test]
    fn browsers_and_programs_have_an_address_each() {
        let (app, api) = ("https://portal.contoso.test", "http://api.contoso.test");
        let none = "http://localhost:3000";
        for (app, backend, portal, programs) in [
            (Some(app), Some(api), app, api),
            (Some(app), None, app, app),
            (None, Some(api), api, api),
            (None, None, none, none),
        ] {
            let config = config(app, backend);
            assert_eq!(config.portal_url(), portal);
            assert_eq!(config.api_url(), programs);
        }
        assert_eq!(config(None, Some(api)).configured_url(), Some(api));
        assert_eq!(config(None, None).configured_url(), None);
    }

    #[test]
    fn what_listens_everywhere_is_found_on_this_machine() {
        for (host, name) in [
            ("0.0.0.0", "localhost"),
            ("::", "localhost"),
            ("127.0.0.1", "localhost"),
            ("::1", "localhost"),
            ("10.1.2.3", "10.1.2.3"),
            ("fd00::7", "[fd00::7]"),
            ("portal.internal", "portal.internal"),
        ] {
            let mut config = config(None, None);
            host.clone_into(&mut config.backend.listen.host);
            assert_eq!(config.portal_url(), format!("http://{name}:3000"), "{host}");
        }
    }

    #[test]
    fn one_address_of_https_is_enough() {
        let (secure, plain) = (Some("HTTPS://a.test"), Some("http://a.test"));
        assert!(config(secure, None).is_https());
        assert!(config(None, secure).is_https());
        assert!(config(secure, plain).is_https());
        assert!(config(plain, secure).is_https());
        assert!(!config(plain, None).is_https());
        assert!(!config(None, None).is_https());
    }
}
