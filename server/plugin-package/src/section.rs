//! The custom sections that make a component a package.

use std::{borrow::Cow, ops::Range};

use wasm_encoder::{CustomSection, Encode as _, Section as _};
use wasmparser::{CustomSectionReader, Encoding, Parser, Payload};

use crate::{Manifest, ManifestError};

/// The name of the section with the manifest, a JSON document.
pub const MANIFEST_SECTION: &str = "portico:manifest";

/// The name of the section with the signature, the last section, over all bytes before it.
pub const SIGNATURE_SECTION: &str = "portico:signature";

/// The most bytes of a manifest.
pub const MANIFEST_LIMIT: usize = 256 * 1024;

/// The most bytes of a plugin: above what a Python interpreter takes.
pub const PACKAGE_LIMIT: usize = 64 * 1024 * 1024;

/// Why bytes are no plugin.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// More than is looked at.
    #[error("the file has {size} bytes; at most {PACKAGE_LIMIT} are allowed")]
    TooLarge {
        /// In bytes.
        size: usize,
    },
    /// Something else altogether.
    #[error("this is not WebAssembly: the file does not begin with `\\0asm`")]
    NotWasm,
    /// Machine code.
    #[error("this is machine code, perhaps a precompiled component: submit the component itself")]
    Precompiled,
    /// A module without an interface.
    #[error("this is a core module, not a component: `portico plugin build` makes one of it")]
    CoreModule,
    /// Cut off or damaged.
    #[error("the file is damaged at byte {offset}: {problem}")]
    Malformed {
        /// Where, in bytes from the start.
        offset: u64,
        /// What the reader expected.
        problem: String,
    },
    /// A section that there may be one of.
    #[error("the file has more than one `{0}` section")]
    Duplicate(&'static str),
    /// Bytes after the signature would not be signed.
    #[error("the `{SIGNATURE_SECTION}` section is not the last one: sign the file again")]
    SignatureNotLast,
    /// Just a component.
    #[error("the component has no `{MANIFEST_SECTION}` section: `portico plugin build` writes it")]
    NoManifest,
    /// A manifest that is not valid.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

/// Where the parts of a package are.
#[derive(Clone, Debug)]
pub struct Sections<'a> {
    /// Everything but the signature: what is signed, compiled, and named by its digest.
    pub payload: &'a [u8],
    /// The manifest as it was found.
    pub manifest: Option<&'a [u8]>,
    /// The signature as it was found.
    pub signature: Option<&'a [u8]>,
    /// Where our own sections are, their headers included.
    ours: Vec<Range<usize>>,
}

impl<'a> Sections<'a> {
    /// Finds the parts. Only the frame of the file is looked at, not what is in its sections.
    pub fn find(bytes: &'a [u8]) -> Result<Self, ReadError> {
        check_header(bytes)?;
        let mut sections = Self {
            payload: bytes,
            manifest: None,
            signature: None,
            ours: Vec::new(),
        };
        let mut depth = 0_usize;
        // Where the next payload on the outermost level begins.
        let mut start = 0;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload.map_err(|error| ReadError::Malformed {
                offset: error.offset() as u64,
                problem: error.message().to_owned(),
            })?;
            match &payload {
                Payload::Version {
                    encoding: Encoding::Module,
                    ..
                } if depth == 0 => {
                    return Err(ReadError::CoreModule);
                }
                Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth += 1,
                Payload::End(_) => depth = depth.saturating_sub(1),
                Payload::CustomSection(section) if depth == 0 => {
                    sections.note(section, start, bytes)?;
                }
                _ => {}
            }
            if depth == 0 {
                start = end_of(&payload).unwrap_or(start);
            }
        }
        Ok(sections)
    }

    fn note(
        &mut self,
        section: &CustomSectionReader<'a>,
        start: usize,
        bytes: &'a [u8],
    ) -> Result<(), ReadError> {
        let end = section.range().end;
        let (slot, name) = match section.name() {
            MANIFEST_SECTION => (&mut self.manifest, MANIFEST_SECTION),
            SIGNATURE_SECTION => (&mut self.signature, SIGNATURE_SECTION),
            _ => return Ok(()),
        };
        if slot.replace(section.data()).is_some() {
            return Err(ReadError::Duplicate(name));
        }
        self.ours.push(start..end);
        if name == SIGNATURE_SECTION {
            if end != bytes.len() {
                return Err(ReadError::SignatureNotLast);
            }
            self.payload = bytes.get(..start).unwrap_or(bytes);
        }
        Ok(())
    }
}

/// The manifest of a plugin. Any bytes are read, or refused, without a panic.
pub fn read_manifest(bytes: &[u8]) -> Result<Manifest, ReadError> {
    let json = Sections::find(bytes)?
        .manifest
        .ok_or(ReadError::NoManifest)?;
    Ok(Manifest::from_json(json)?)
}

/// The component with this manifest, in place of one it has; a signature is left out.
pub fn write_manifest(component: &[u8], manifest: &Manifest) -> Result<Vec<u8>, ReadError> {
    let json = manifest.clone().checked()?.to_json()?;
    let mut bytes = Vec::with_capacity(component.len() + json.len() + 64);
    let mut rest = 0;
    for ours in Sections::find(component)?.ours {
        bytes.extend_from_slice(component.get(rest..ours.start).unwrap_or_default());
        rest = ours.end;
    }
    bytes.extend_from_slice(component.get(rest..).unwrap_or_default());
    append(&mut bytes, MANIFEST_SECTION, &json);
    Ok(bytes)
}

/// Appends a custom section.
pub(crate) fn append(bytes: &mut Vec<u8>, name: &str, data: &[u8]) {
    let section = CustomSection {
        name: name.into(),
        data: Cow::Borrowed(data),
    };
    bytes.push(section.id());
    section.encode(bytes);
}

fn check_header(bytes: &[u8]) -> Result<(), ReadError> {
    if bytes.len() > PACKAGE_LIMIT {
        return Err(ReadError::TooLarge { size: bytes.len() });
    }
    // wasmtime keeps compiled code in ELF files, on every platform.
    if bytes.starts_with(b"\x7fELF") {
        return Err(ReadError::Precompiled);
    }
    if !bytes.starts_with(b"\0asm") {
        return Err(ReadError::NotWasm);
    }
    Ok(())
}

/// Where a payload on the outermost level ends, in bytes from the start of the file.
fn end_of(payload: &Payload<'_>) -> Option<usize> {
    match payload {
        Payload::Version { range, .. } => Some(range.end),
        Payload::End(offset) => Some(*offset),
        other => other.as_section().map(|(_, range)| range.end),
    }
}
