//! How a plugin in a registry is named.

use std::fmt;

use oci_client::Reference;

use super::RegistryError;

/// What a reference to a registry may begin with, to tell it from a file.
pub(super) const SCHEME: &str = "oci://";

/// A name with the digest of the manifest in it: it names one file for ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pinned(Reference);

/// A reference as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    Pinned(Pinned),
    /// A tag, which can be moved.
    Tag(Reference),
}

impl Written {
    pub(crate) fn parse(text: &str) -> Result<Self, RegistryError> {
        let reference = parse(text)?;
        match reference.digest() {
            None => Ok(Self::Tag(reference)),
            Some(digest) if digest.starts_with("sha256:") => Ok(Self::Pinned(Pinned(reference))),
            Some(_) => Err(RegistryError::reference(text, "its digest is not a sha256")),
        }
    }

    /// The host it is at.
    pub(crate) fn registry(&self) -> &str {
        match self {
            Self::Pinned(Pinned(it)) | Self::Tag(it) => it.registry(),
        }
    }
}

impl Pinned {
    /// A name with the digest it has.
    pub(super) fn new(reference: &Reference, digest: String) -> Self {
        let (registry, repository) = (reference.registry(), reference.repository());
        let (registry, repository) = (registry.to_owned(), repository.to_owned());
        Self(match reference.tag() {
            Some(tag) => {
                Reference::with_tag_and_digest(registry, repository, tag.to_owned(), digest)
            }
            None => Reference::with_digest(registry, repository, digest),
        })
    }

    pub(super) fn as_reference(&self) -> &Reference {
        &self.0
    }
}

impl fmt::Display for Pinned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Reads a reference, with or without what says that it is one.
pub(super) fn parse(text: &str) -> Result<Reference, RegistryError> {
    let text = text.trim();
    let name = text.strip_prefix(SCHEME).unwrap_or(text);
    // Elsewhere "plugins/orders" is at Docker Hub; here it is more likely a mistake.
    let host = name.split_once('/').map_or("", |(host, _)| host);
    if !(host.contains(['.', ':']) || host == "localhost") {
        return Err(RegistryError::reference(text, "it begins with no host"));
    }
    name.parse()
        .map_err(|error: oci_client::ParseError| RegistryError::reference(text, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    #[test]
    fn only_a_digest_pins() {
        for name in [
            "registry.example.com/a/b",
            "localhost:5000/a",
            "r.example/a:1.0",
        ] {
            let written = Written::parse(&format!("oci://{name}@{DIGEST}")).unwrap();
            let Written::Pinned(pinned) = &written else {
                panic!("{written:?}")
            };
            assert_eq!(pinned.to_string(), format!("{name}@{DIGEST}"));
            assert_eq!(written.registry(), name.split('/').next().unwrap());
            assert!(
                matches!(Written::parse(name), Ok(Written::Tag(_))),
                "{name}"
            );
        }
    }

    #[test]
    fn what_names_nothing_is_said() {
        let mistakes = [
            ("", "begins with no host"),
            ("plugins/orders:1.0", "begins with no host"),
            ("https://registry.example.com/a:1", "invalid reference"),
            ("registry.example.com/Orders", "invalid reference"),
            ("registry.example.com/a@sha256:12", "invalid reference"),
        ];
        for (text, why) in mistakes {
            let error = Written::parse(text).unwrap_err().to_string();
            assert!(error.contains(why), "{text}: {error}");
        }
        let long = format!("registry.example.com/a@sha512:{}", "a".repeat(128));
        let error = Written::parse(&long).unwrap_err().to_string();
        assert!(error.contains("not a sha256"), "{error}");
    }
}
