//! `parseEntityRef`: the parts of an entity reference, in the case they are written in.

use serde_json::{Value as Json, json};

use super::text;

/// `ref | parseEntityRef`, with a default kind, or `{defaultKind, defaultNamespace}`.
pub(super) fn parse(arguments: &[Json]) -> Result<Json, String> {
    let reference = text(arguments)?;
    let defaults = arguments.get(1);
    let of = |name| defaults.and_then(|it| it.get(name)).and_then(Json::as_str);
    let default_kind = defaults
        .and_then(Json::as_str)
        .or_else(|| of("defaultKind"));
    // The first colon ends the kind, when no slash comes before it.
    let (kind, rest) = match reference.split_once(':') {
        Some((kind, rest)) if !kind.contains('/') => (Some(kind), rest),
        _ => (None, reference),
    };
    let (namespace, name) = match rest.split_once('/') {
        Some((namespace, name)) => (Some(namespace), name),
        None => (None, rest),
    };
    if kind == Some("") || namespace == Some("") || name.is_empty() {
        return Err(format!(
            "\"{reference}\" is not an entity reference; write [kind:][namespace/]name"
        ));
    }
    let kind = kind.or(default_kind).ok_or_else(|| {
        format!("\"{reference}\" has no kind; add {{ defaultKind: 'component' }}")
    })?;
    let namespace = namespace
        .or_else(|| of("defaultNamespace"))
        .unwrap_or("default");
    Ok(json!({ "kind": kind, "namespace": namespace, "name": name }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_has_a_default() {
        let parse = |reference: &str, defaults: Json| parse(&[reference.into(), defaults]);
        let parts =
            |kind, namespace, name| Ok(json!({"kind": kind, "namespace": namespace, "name": name}));
        assert_eq!(parse("Group:a/b", Json::Null), parts("Group", "a", "b"));
        assert_eq!(parse("b", "user".into()), parts("user", "default", "b"));
        let defaults = json!({"defaultKind": "api", "defaultNamespace": "n"});
        assert_eq!(parse("b", defaults), parts("api", "n", "b"));
        assert!(parse("b", Json::Null).unwrap_err().contains("no kind"));
        assert!(parse("group:", Json::Null).is_err());
    }
}
