//! Talking to the hosts that `integrations.*` names: GitHub and Azure DevOps, as services and as
//! servers.
//!
//! [`Integrations`] knows the hosts and signs in; [`GitHubApi`] and [`AzureApi`] are what calls
//! one of them, through [`Http`]: the client that everybody shares, so that a host that limits
//! the rate is left alone by all. What an answer means is for the caller to say.

pub mod azure;
mod error;
pub mod github;
mod hosts;
mod http;
mod integrations;
mod key_vault;
mod url;

#[cfg(test)]
mod fakes;

pub use azure::{AzureApi, managed_identity};
pub use error::HostError;
pub use github::GitHubApi;
pub use hosts::Hosts;
pub use http::{Answer, Body, Http, MAX_BYTES, Repeat, Request, check_public};
pub use integrations::Integrations;
pub use key_vault::{KeyVault, NewSecret};
pub use reqwest::{Method, StatusCode};
pub use url::{encode_segment, host_of};
