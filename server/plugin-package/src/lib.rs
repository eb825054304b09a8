//! What a plugin's file carries, and what can be said about it without running it.
//!
//! A plugin is one WebAssembly component. Two custom sections make it a package:
//! [`MANIFEST_SECTION`] says what it is and what it asks for, [`SIGNATURE_SECTION`], the last
//! one when it is there, says who vouches for all the bytes before it.
//!
//! [`inspect`] judges bytes from anywhere: it never fails and never panics, it reports.

pub mod component;
pub mod contract;
mod difference;
mod icon;
mod id;
mod inspection;
mod manifest;
mod schema;
mod section;
mod signature;
mod source;
mod text;

pub use difference::{CapabilityChange, Difference, difference};
pub use icon::Icon;
pub use id::{InvalidId, PluginId};
pub use inspection::{Finding, Import, ImportKind, Report, Severity, digest_of, inspect};
pub use manifest::{
    Access, Capabilities, Capability, CapabilityRequest, Example, Interface, Manifest,
    ManifestError, World,
};
pub use section::{
    MANIFEST_LIMIT, MANIFEST_SECTION, PACKAGE_LIMIT, ReadError, SIGNATURE_SECTION, Sections,
    read_manifest, write_manifest,
};
pub use signature::{
    KeyId, PublisherKey, SecretKey, Signature, SignatureError, SignatureState, Trust,
    generate_keys, sign,
};
pub use source::{SourceError, read_source};
