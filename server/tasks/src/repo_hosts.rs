//! The hosts that addresses of repositories may name.

use portico_integrations::Hosts;
use portico_model::repo_url::{Host, HostKind, LOCAL_HOST};
use portico_templating::backstage::{HostKind as TemplateHostKind, RepoHosts};

use crate::Tasks;

impl Tasks {
    /// The hosts that addresses of repositories may name, ours first. Forms offer those of the
    /// configuration, and ours where there is source control.
    pub fn repo_hosts(&self) -> Vec<Host> {
        let integrations = &self.catalog().config().integrations;
        let offered = |name: &str, kind| match kind {
            HostKind::Local => self.0.scm.is_some(),
            HostKind::GitHub => integrations.github.iter().any(|it| it.host == name),
            HostKind::Azure => integrations.azure.iter().any(|it| it.host == name),
        };
        let known = known(self.catalog().sources().integrations().hosts());
        known
            .map(|(name, kind)| Host {
                name: name.to_owned(),
                kind,
                offered: offered(name, kind),
            })
            .collect()
    }
}

/// Every host by its name: ours, those of the configuration, and the public ones.
pub(crate) fn known(hosts: &Hosts) -> impl Iterator<Item = (&str, HostKind)> {
    let github = hosts.github.iter().map(|it| it.host.as_str());
    let azure = hosts.azure.iter().map(|it| it.host.as_str());
    [(LOCAL_HOST, HostKind::Local)]
        .into_iter()
        .chain(github.map(|host| (host, HostKind::GitHub)))
        .chain(azure.map(|host| (host, HostKind::Azure)))
}

/// What a host is; `{org}.visualstudio.com` is `dev.azure.com`.
pub(crate) fn kind_of(host: &str, hosts: &Hosts) -> Option<HostKind> {
    let found = known(hosts).find(|(name, _)| *name == host);
    let found = found.map(|(_, kind)| kind);
    found.or_else(|| hosts.azure(host).map(|_| HostKind::Azure))
}

/// The hosts as the language of templates knows them.
pub(crate) fn of_templates(hosts: &Hosts) -> RepoHosts {
    RepoHosts::only(known(hosts).map(|(name, kind)| {
        let kind = match kind {
            // As of Gitea: an address needs no owner.
            HostKind::Local => TemplateHostKind::Gitea,
            HostKind::GitHub => TemplateHostKind::GitHub,
            HostKind::Azure => TemplateHostKind::Azure,
        };
        (name.to_owned(), kind)
    }))
}
