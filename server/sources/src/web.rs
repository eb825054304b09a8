//! Reading any other https address, with whatever it has to tell changes by.

use portico_config::ReadingAllow;
use portico_integrations::{Http, Method, Repeat, Request, host_of};
use reqwest::StatusCode;
use reqwest::header::{
    ETAG, HeaderMap, HeaderName, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED,
};
use sha2::{Digest, Sha256};
use url::Url;

use crate::ReadError;
use crate::raw::{RawFile, RawOutcome};

/// Reads plain addresses.
pub(crate) struct Web<'a> {
    pub(crate) http: &'a Http,
    pub(crate) allowed: &'a [ReadingAllow],
}

/// What a fingerprint was made of.
const VALIDATORS: [(&str, HeaderName, HeaderName); 2] = [
    ("etag:", ETAG, IF_NONE_MATCH),
    ("modified:", LAST_MODIFIED, IF_MODIFIED_SINCE),
];
const HASH: &str = "sha256:";

impl Web<'_> {
    pub(crate) async fn read(
        &self,
        url: &Url,
        target: &str,
        fingerprint: Option<&str>,
    ) -> Result<RawOutcome, ReadError> {
        let mut headers = HeaderMap::new();
        for (prefix, _, condition) in &VALIDATORS {
            let value = fingerprint.and_then(|it| it.strip_prefix(prefix));
            if let Some(value) = value.and_then(|it| HeaderValue::from_str(it).ok()) {
                headers.insert(condition.clone(), value);
            }
        }
        let trusted = self.allowed.iter().any(|it| it.allows(url));
        let lane = host_of(url);
        let answer = self
            .http
            .send(Request {
                target,
                method: Method::GET,
                url: url.clone(),
                lane,
                headers,
                body: None,
                repeat: Repeat::Always,
                patient: false,
                trusted,
            })
            .await?;
        if let Some(to) = answer.redirect() {
            return Err(ReadError::denied(
                target,
                format!("it redirects to {to}; use that address"),
            ));
        }
        match answer.status {
            StatusCode::NOT_MODIFIED => return Ok(RawOutcome::Unchanged),
            StatusCode::NOT_FOUND | StatusCode::GONE => {
                return Err(ReadError::not_found(target, "check the address"));
            }
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                return Err(ReadError::denied(
                    target,
                    "the host wants credentials, which Portico has for integrations.* only",
                ));
            }
            status if !status.is_success() => {
                return Err(ReadError::failed(
                    target,
                    format!("the host answered {status}"),
                ));
            }
            _ => {}
        }
        let validator = VALIDATORS.iter().find_map(|(prefix, header, _)| {
            Some(format!("{prefix}{}", answer.header(header.as_str())?))
        });
        let hash = format!("{HASH}{}", hex::encode(Sha256::digest(&answer.body)));
        if fingerprint == Some(hash.as_str()) {
            return Ok(RawOutcome::Unchanged);
        }
        let fingerprint = Some(validator.unwrap_or(hash));
        Ok(RawOutcome::File(RawFile {
            content: answer.body,
            fingerprint,
        }))
    }
}
