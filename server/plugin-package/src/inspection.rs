//! What can be said about a plugin without running it.

mod imports;
mod world;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use imports::{Import, ImportKind};

use crate::{
    Capability, Difference, Manifest, ReadError, Sections, SignatureState, Trust, World, contract,
    difference,
};

/// The result of [`inspect`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// In bytes, signature included.
    pub size: u64,
    /// `sha256:` and the digest of everything but the signature: what runs, whoever signed it.
    pub digest: String,
    /// The manifest, when it is there and valid.
    pub manifest: Option<Manifest>,
    /// Who vouches for it.
    pub signature: SignatureState,
    /// The world it really fits; the declared one when it fits that.
    pub world: Option<World>,
    /// What it really imports.
    pub imports: Vec<Import>,
    /// Capabilities it imports without asking for them.
    pub undeclared: Vec<Capability>,
    /// Capabilities it asks for and does not import.
    pub unused: Vec<Capability>,
    /// What it asks for beyond the active version, when there is one.
    pub difference: Option<Difference>,
    /// Everything somebody should know, the worst first.
    pub findings: Vec<Finding>,
}

/// Something somebody should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// What it is, for programs: `undeclared-capability`.
    pub code: String,
    /// What it is, for people.
    pub message: String,
    /// What to do about it; empty when the message says so.
    pub help: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// It cannot be accepted.
    Error,
    /// Somebody has to look at it.
    Warning,
    /// For information.
    Note,
}

impl Report {
    /// Whether nothing forbids it; whether it is wanted is for people to say.
    pub fn is_acceptable(&self) -> bool {
        !self
            .findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
    }

    fn find(&mut self, severity: Severity, code: &str, message: impl Into<String>, help: &str) {
        self.findings.push(Finding {
            severity,
            code: code.to_owned(),
            message: message.into(),
            help: help.to_owned(),
        });
    }
}

/// Looks at bytes from anywhere. `active` is the manifest of the version in use, if any.
pub fn inspect(bytes: &[u8], trust: &Trust, active: Option<&Manifest>) -> Report {
    let mut report = Report {
        size: bytes.len() as u64,
        digest: digest_of(bytes),
        manifest: None,
        signature: SignatureState::Unsigned,
        world: None,
        imports: Vec::new(),
        undeclared: Vec::new(),
        unused: Vec::new(),
        difference: None,
        findings: Vec::new(),
    };
    match Sections::find(bytes) {
        Ok(sections) => {
            look_at_manifest(&mut report, &sections, trust, active);
            look_at_component(&mut report, sections.payload);
        }
        Err(error) => report.find(Severity::Error, code(&error), error.to_string(), ""),
    }
    report.findings.sort_by_key(|finding| finding.severity);
    report
}

fn look_at_manifest(
    report: &mut Report,
    sections: &Sections<'_>,
    trust: &Trust,
    active: Option<&Manifest>,
) {
    let manifest = sections
        .manifest
        .ok_or(ReadError::NoManifest)
        .and_then(|json| Ok(Manifest::from_json(json)?));
    let manifest = match manifest {
        Ok(manifest) => manifest,
        Err(error) => {
            report.find(Severity::Error, code(&error), error.to_string(), "");
            return;
        }
    };
    report.signature = trust.state(sections, &manifest, active.map(|active| &active.version));
    match &report.signature {
        SignatureState::Unsigned => {
            let help = "`portico plugin sign` signs it";
            report.find(
                Severity::Warning,
                "unsigned",
                "nobody has signed this file",
                help,
            );
        }
        SignatureState::Refused { error } => {
            let message = error.to_string();
            report.find(Severity::Error, "signature", message, "");
        }
        SignatureState::Trusted { .. } => {}
    }
    if let Some(active) = active {
        let difference = difference(&active.capabilities, &manifest.capabilities);
        if difference.needs_approval() {
            let message = format!("asks for more than version {}", active.version);
            report.find(Severity::Warning, "wider", message, "");
        }
        report.difference = Some(difference);
    }
    report.manifest = Some(manifest);
}

fn look_at_component(report: &mut Report, bytes: &[u8]) {
    if let Err(problem) = world::validate(bytes) {
        let help = "build it for plain WebAssembly 2.0 and the component model, without threads";
        report.find(Severity::Error, "invalid-component", problem, help);
        return;
    }
    report.imports = imports::of(bytes);
    look_at_imports(report);
    let declared = report.manifest.as_ref().map(|manifest| manifest.world);
    let version = match &report.manifest {
        Some(manifest) => manifest.wit.clone(),
        None => contract::version().clone(),
    };
    let fits = |world| world::fits(bytes, world, &version);
    let mut worlds = declared.into_iter().chain(World::ALL);
    report.world = worlds.find(|&world| fits(world).is_ok());
    if let Some(declared) = declared
        && report.world != Some(declared)
        && let Err(problem) = fits(declared)
    {
        let message = format!(
            "is no component of the world `{}`: {problem}",
            declared.name()
        );
        let help = match report.world {
            Some(_) => "the manifest names another world than the component is made for",
            None => "build it against the WIT package of this Portico",
        };
        report.find(Severity::Error, "world", message, help);
    }
}

fn look_at_imports(report: &mut Report) {
    for import in report.imports.clone() {
        let (code, help) = match import.kind {
            ImportKind::Wasi => (
                "wasi-import",
                "there is no WASI here: build for `wasm32-unknown-unknown`, or with stubs in its place",
            ),
            ImportKind::Unknown => (
                "unknown-import",
                "no interface of this name is offered to plugins",
            ),
            ImportKind::OtherVersion => {
                ("import-version", "build it against the SDK of this Portico")
            }
            ImportKind::Capability(_) | ImportKind::Types => continue,
        };
        let message = format!("imports `{}`", import.name);
        report.find(Severity::Error, code, message, help);
    }
    let Some(manifest) = &report.manifest else {
        return;
    };
    let imported = report
        .imports
        .iter()
        .filter_map(|import| match import.kind {
            ImportKind::Capability(capability) => Some(capability),
            _ => None,
        });
    let imported: Vec<Capability> = imported.collect();
    let declared = &manifest.capabilities;
    let undeclared: Vec<Capability> = imported
        .iter()
        .filter(|capability| !declared.contains_key(capability))
        .copied()
        .collect();
    let unused: Vec<Capability> = declared
        .keys()
        .filter(|capability| !imported.contains(capability))
        .copied()
        .collect();
    for capability in &undeclared {
        let message = format!("uses the capability `{capability}` without asking for it");
        let help = format!("add [capabilities.{capability}] with a reason to plugin.toml");
        report.find(Severity::Error, "undeclared-capability", message, &help);
    }
    for capability in &unused {
        let message = format!("asks for the capability `{capability}` and does not use it");
        let help = format!("remove [capabilities.{capability}] from plugin.toml");
        report.find(Severity::Warning, "unused-capability", message, &help);
    }
    report.undeclared = undeclared;
    report.unused = unused;
}

/// What names a plugin's file: the SHA-256 of everything but its signature, so that signing a
/// file does not make another one of it.
pub fn digest_of(bytes: &[u8]) -> String {
    let signed = Sections::find(bytes).map_or(bytes, |sections| sections.payload);
    format!("sha256:{}", hex::encode(Sha256::digest(signed)))
}

fn code(error: &ReadError) -> &'static str {
    match error {
        ReadError::TooLarge { .. } => "too-large",
        ReadError::NotWasm => "not-wasm",
        ReadError::Precompiled => "precompiled",
        ReadError::CoreModule => "core-module",
        ReadError::Malformed { .. } => "malformed",
        ReadError::Duplicate(_) => "duplicate-section",
        ReadError::SignatureNotLast => "signature-not-last",
        ReadError::NoManifest => "no-manifest",
        ReadError::Manifest(_) => "manifest",
    }
}
