//! What tokens can be limited to, in words for people.

use portico_access::Restriction;

use crate::{IdentityError, Result};

/// A part of the portal that a token can be limited to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// The plugin, as restrictions name it.
    pub plugin: &'static str,
    /// What people call it.
    pub label: &'static str,
    /// What changing things there means.
    pub help: &'static str,
}

/// The parts of the portal that tokens can be limited to.
pub const AREAS: &[Area] = &[
    Area {
        plugin: "catalog",
        label: "Catalog",
        help: "Entities, locations, search; to change: register, refresh, remove",
    },
    Area {
        plugin: "scaffolder",
        label: "Templates and tasks",
        help: "Templates and their tasks; to change: run templates, stop and approve tasks",
    },
    Area {
        plugin: "scm",
        label: "Repositories",
        help: "Repositories and change requests; to change: propose and merge",
    },
    Area {
        plugin: "plugins",
        label: "Plugins",
        help: "The gallery of plugins; to change: hand in, call, manage",
    },
    Area {
        plugin: "user-settings",
        label: "Own settings",
        help: "Stars and table columns",
    },
    Area {
        plugin: "audit",
        label: "Audit log",
        help: "What was done and refused, for administrators",
    },
];

const VERBS: [&str; 4] = ["create", "read", "update", "delete"];

/// What a restriction lets a token do, for a list.
pub fn describe(restriction: &Restriction) -> String {
    let area = AREAS.iter().find(|it| it.plugin == restriction.plugin);
    let area = area.map_or(restriction.plugin.as_str(), |it| it.label);
    if !restriction.permissions.is_empty() {
        return format!("{area}: {}", restriction.permissions.join(", "));
    }
    match restriction.verbs.as_slice() {
        [] => format!("{area}: everything"),
        verbs => format!("{area}: {}", verbs.join(", ")),
    }
}

/// Refuses restrictions that cannot mean anything.
pub(super) fn check(restrictions: &[Restriction]) -> Result<()> {
    for restriction in restrictions {
        let Restriction { plugin, verbs, .. } = restriction;
        if !AREAS.iter().any(|area| area.plugin == plugin) {
            let known: Vec<&str> = AREAS.iter().map(|area| area.plugin).collect();
            let known = known.join(", ");
            return Err(IdentityError::Input(format!(
                "a token cannot be limited to \"{plugin}\"; there are: {known}"
            )));
        }
        if let Some(verb) = verbs.iter().find(|it| !VERBS.contains(&it.as_str())) {
            let known = VERBS.join(", ");
            return Err(IdentityError::Input(format!(
                "a token cannot be limited to the action \"{verb}\"; there are: {known}"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn restriction(plugin: &str, verbs: &[&str]) -> Restriction {
        Restriction {
            plugin: plugin.to_owned(),
            permissions: Vec::new(),
            verbs: verbs.iter().map(|&it| it.to_owned()).collect(),
        }
    }

    #[test]
    fn restrictions_are_told_in_words() {
        let told = |plugin, verbs: &[&str]| describe(&restriction(plugin, verbs));
        assert_eq!(told("catalog", &["read"]), "Catalog: read");
        assert_eq!(told("scm", &[]), "Repositories: everything");
        let named = Restriction {
            permissions: vec!["catalog.entity.read".to_owned()],
            ..restriction("catalog", &[])
        };
        assert_eq!(describe(&named), "Catalog: catalog.entity.read");
    }

    #[test]
    fn what_means_nothing_is_refused() {
        assert!(check(&[restriction("catalog", &["read"])]).is_ok());
        assert!(check(&[restriction("catalogue", &[])]).is_err());
        assert!(check(&[restriction("catalog", &["write"])]).is_err());
        assert!(check(&[restriction("token", &[])]).is_err(), "nor session");
    }
}
