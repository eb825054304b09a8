//! The pages that are offered everywhere: in the side bar, the palette, and after `g`.

use crate::components::{GoTo, Icon};
use crate::data::session::{Right, Session};
use crate::paths;

/// Where the side bar shows a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// What everybody works with.
    Main,
    /// What one reads up.
    Reference,
    /// What the platform team looks after.
    Admin,
    /// Nowhere: the top bar or a menu leads there.
    Elsewhere,
}

/// A page that is offered everywhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub section: Section,
    pub icon: Icon,
    pub label: &'static str,
    pub href: &'static str,
    /// The letter after `g` that leads there.
    pub key: Option<&'static str>,
    /// Without it the page would refuse.
    pub right: Option<Right>,
}

const fn place(
    section: Section,
    icon: Icon,
    label: &'static str,
    href: &'static str,
    key: Option<&'static str>,
    right: Option<Right>,
) -> Place {
    Place {
        section,
        icon,
        label,
        href,
        key,
        right,
    }
}

/// Every such page, in the side bar's order.
#[rustfmt::skip] // A table.
const PLACES: &[Place] = {
    use Right::{
        ManageTokens, OwnSessions, ReadAudit, ReadCatalog, ReadPlugins, ReadPolicies,
        ReadRepositories, ReadSources, ReadTasks, ReadTemplates, Register,
    };
    use Section::{Admin, Elsewhere, Main, Reference};
    &[
        place(Main, Icon::House, "Home", paths::HOME, Some("h"), None),
        place(Main, Icon::Box, "Catalog", paths::CATALOG, Some("c"), Some(ReadCatalog)),
        place(Main, Icon::Plug, "APIs", paths::APIS, Some("a"), Some(ReadCatalog)),
        place(Elsewhere, Icon::Search, "Search", paths::SEARCH, Some("s"), Some(ReadCatalog)),
        place(Main, Icon::CirclePlus, "Create", paths::CREATE, Some("n"), Some(ReadTemplates)),
        place(Main, Icon::Activity, "Tasks", paths::TASKS, Some("t"), Some(ReadTasks)),
        place(Main, Icon::Check, "Approvals", paths::APPROVALS, None, Some(ReadTasks)),
        place(Main, Icon::Inbox, "Register", paths::REGISTER, Some("r"), Some(Register)),
        place(Main, Icon::GitBranch, "Sources", paths::SOURCES, Some("o"), Some(ReadSources)),
        place(Main, Icon::FolderGit2, "Repositories", paths::REPOSITORIES, None, Some(ReadRepositories)),
        place(Main, Icon::Hexagon, "Plugins", paths::PLUGINS, Some("p"), Some(ReadPlugins)),
        place(Reference, Icon::BookOpen, "Actions of templates", paths::ACTIONS, None, Some(ReadTemplates)),
        place(Reference, Icon::Braces, "REST API", paths::API_REFERENCE, None, None),
        place(Admin, Icon::Shield, "Policies", paths::POLICIES, None, Some(ReadPolicies)),
        place(Admin, Icon::ScrollText, "Audit log", paths::AUDIT, None, Some(ReadAudit)),
        place(Admin, Icon::KeyRound, "Service tokens", paths::SERVICE_TOKENS, None, Some(ManageTokens)),
        place(Elsewhere, Icon::Monitor, "Sessions", paths::SESSIONS, None, Some(OwnSessions)),
    ]
};

/// The pages that the person of a session may open.
pub(super) fn places(session: &Session) -> impl Iterator<Item = Place> {
    let open = move |place: &Place| place.right.is_none_or(|right| session.may(right));
    PLACES.iter().copied().filter(open)
}

impl Place {
    /// How the keyboard leads there.
    pub(super) fn go_to(self) -> Option<GoTo> {
        let Self {
            key, label, href, ..
        } = self;
        key.map(|key| GoTo { key, label, href })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(rights: &[Right]) -> Vec<&'static str> {
        let session = Session {
            rights: rights.to_vec(),
            ..Session::default()
        };
        places(&session).map(|it| it.label).collect()
    }

    #[test]
    fn nothing_is_offered_that_would_refuse() {
        assert_eq!(labels(&[]), ["Home", "REST API"]);
        assert_eq!(
            labels(&[Right::ReadCatalog, Right::ReadAudit]),
            ["Home", "Catalog", "APIs", "Search", "REST API", "Audit log"]
        );
    }

    #[test]
    fn a_letter_leads_to_one_page() {
        let mut keys: Vec<_> = PLACES.iter().filter_map(|it| it.key).collect();
        let all = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), all);
    }
}
