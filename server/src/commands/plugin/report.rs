//! A report on a plugin, for people at a terminal.

use std::{fmt::Write as _, path::Path};

use crate::commands::remote::printable;
use portico_plugin_package::{
    Access, CapabilityChange, CapabilityRequest, Manifest, Report, Severity, SignatureState,
};

/// The report on a file.
pub(super) fn text(file: &Path, report: &Report) -> String {
    let mut out = String::new();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(out, "  {name:<13}{value}");
    };
    line("file", &file.display().to_string());
    if let Some(manifest) = &report.manifest {
        line(
            "plugin",
            &format!(
                "{} {} by {}",
                manifest.id, manifest.version, manifest.publisher
            ),
        );
        line("title", &manifest.title);
        line(
            "world",
            &format!("{} (WIT {})", manifest.world.name(), manifest.wit),
        );
    }
    line("size", &size(report.size));
    line("digest", &report.digest);
    line("signature", &signature(&report.signature));
    if let Some(manifest) = &report.manifest {
        capabilities(&mut out, manifest);
    }
    differences(&mut out, report);
    out.push_str(&findings(report));
    out
}

/// What is wrong with a file, and what to do about it. The texts may come from elsewhere.
pub(super) fn findings(report: &Report) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        let (code, message) = (printable(&finding.code), printable(&finding.message));
        let _ = writeln!(out, "{severity}[{code}]: {message}");
        if !finding.help.is_empty() {
            let _ = writeln!(out, "  = help: {}", printable(&finding.help));
        }
    }
    out
}

fn capabilities(out: &mut String, manifest: &Manifest) {
    if manifest.capabilities.is_empty() {
        let _ = writeln!(out, "  {:<13}none", "asks for");
    }
    for (index, (capability, request)) in manifest.capabilities.iter().enumerate() {
        let name = if index == 0 { "asks for" } else { "" };
        let what = format!("{capability}{}", extent(request));
        let _ = writeln!(out, "  {name:<13}{what:<22} {}", request.reason);
    }
}

/// How much of a capability is asked for, when that is not all there is to say.
fn extent(request: &CapabilityRequest) -> String {
    let mut parts = Vec::new();
    if request.access == Access::Write {
        parts.push("write".to_owned());
    }
    for list in [&request.kinds, &request.repositories, &request.connections] {
        parts.extend(list.iter().cloned());
    }
    if parts.is_empty() {
        String::new()
    } else {
        format!(" ({})", parts.join(", "))
    }
}

fn differences(out: &mut String, report: &Report) {
    let Some(difference) = &report.difference else {
        return;
    };
    if difference.changes.is_empty() {
        let _ = writeln!(out, "  {:<13}nothing", "changes");
    }
    for change in &difference.changes {
        let text = match change {
            CapabilityChange::Added { capability, reason } => format!("+ {capability}: {reason}"),
            CapabilityChange::Removed { capability } => format!("- {capability}"),
            CapabilityChange::Widened {
                capability,
                details,
            } => {
                format!("+ {capability}: {}", details.join("; "))
            }
            CapabilityChange::Narrowed {
                capability,
                details,
            } => {
                format!("- {capability}: {}", details.join("; "))
            }
        };
        let _ = writeln!(out, "  {:<13}{text}", "changes");
    }
}

fn signature(state: &SignatureState) -> String {
    match state {
        SignatureState::Unsigned => "none".to_owned(),
        SignatureState::Trusted { publisher, key } => format!("good, {publisher}, key {key}"),
        SignatureState::Refused { error } => format!("refused: {error}"),
    }
}

fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => format!("{bytes} bytes"),
        10_000..10_000_000 => format!("{} kB", bytes / 1000),
        _ => format!("{:.1} MB", bytes as f64 / 1_000_000.0),
    }
}

#[cfg(test)]
mod tests {
    use portico_plugin_package::{Trust, inspect};

    use super::*;

    #[test]
    fn what_is_wrong_is_said() {
        let report = inspect(b"\0asm\x01\0\0\0", &Trust::default(), None);
        let text = text(Path::new("a.wasm"), &report);
        assert!(
            text.contains("error[core-module]: this is a core module"),
            "{text}"
        );
        assert!(text.contains("  size         8 bytes"), "{text}");
    }
}
