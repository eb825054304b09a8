//! Icons: one of Portico's by its name, or a drawing of the author's.

use serde::{Deserialize, Serialize};

/// The most bytes a drawing has.
const LIMIT: usize = 16 * 1024;

/// What a plugin is shown with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Icon {
    /// An icon of Portico's, by its name, such as `database`.
    Name(String),
    /// An SVG document. Once a manifest has been read it is free of scripts and of
    /// references to anything outside it.
    Svg(String),
}

impl Icon {
    /// The icon as it may be shown, or what is wrong with it.
    pub(crate) fn sanitised(self) -> Result<Self, String> {
        match self {
            Self::Name(name) => {
                let valid = !name.is_empty()
                    && name.len() <= 40
                    && name.bytes().all(|byte| {
                        byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
                    });
                if valid {
                    Ok(Self::Name(name))
                } else {
                    Err("is not the name of an icon, which has a-z, 0-9 and - only".to_owned())
                }
            }
            Self::Svg(svg) => sanitise(&svg).map(Self::Svg),
        }
    }
}

fn sanitise(svg: &str) -> Result<String, String> {
    if svg.len() > LIMIT {
        return Err(format!(
            "has {} bytes; at most {LIMIT} are allowed",
            svg.len()
        ));
    }
    // An entity can hold a reference to itself, or a megabyte.
    if svg.contains("<!") && svg.to_ascii_uppercase().contains("<!DOCTYPE") {
        return Err("has a DOCTYPE; leave it out".to_owned());
    }
    let mut clean = Vec::new();
    svg_hush::Filter::new()
        .filter(&mut svg.as_bytes(), &mut clean)
        .map_err(|error| format!("is not an SVG document: {error}"))?;
    let clean = String::from_utf8(clean).map_err(|_| "is not UTF-8".to_owned())?;
    if !clean.contains("<svg") {
        return Err("has no <svg> element".to_owned());
    }
    Ok(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_do_not_survive() {
        let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script><a href="javascript:alert(3)"><path d="M0 0h1"/></a><image href="https://evil.example/x.png"/></svg>"#;
        let Ok(Icon::Svg(clean)) = Icon::Svg(svg.to_owned()).sanitised() else {
            panic!("a drawing is accepted");
        };
        assert!(clean.contains("M0 0h1"), "{clean}");
        assert!(
            !clean.contains("alert") && !clean.contains("evil"),
            "{clean}"
        );
        let again = Icon::Svg(clean.clone()).sanitised();
        assert_eq!(again, Ok(Icon::Svg(clean)), "sanitising is idempotent");
    }

    #[test]
    fn what_is_no_icon_is_refused() {
        for icon in [
            Icon::Name(String::new()),
            Icon::Name("../x".to_owned()),
            Icon::Svg("hello".to_owned()),
            Icon::Svg("<html/>".to_owned()),
            Icon::Svg("<!DOCTYPE svg [<!ENTITY a \"&a;\">]><svg>&a;</svg>".to_owned()),
            Icon::Svg(format!("<svg>{}</svg>", " ".repeat(LIMIT))),
        ] {
            assert!(icon.clone().sanitised().is_err(), "{icon:?}");
        }
    }
}
