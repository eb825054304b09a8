//! Where people see and edit a catalog file on its host.

use url::Url;

use crate::target::{join, segments};

/// Links derived from a `url` target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// Where the file is edited.
    pub edit: Option<String>,
    /// The folder the file is in, with a trailing slash.
    pub folder: Option<String>,
}

/// The links of a target. Only the shape of the address is looked at, so that
/// GitHub, GitHub Enterprise and Azure DevOps need no configuration here.
pub fn links(target: &str) -> Links {
    let Ok(url) = Url::parse(target) else {
        return Links::default();
    };
    if !matches!(url.scheme(), "http" | "https") {
        return Links::default();
    }
    let parts = segments(&url);
    if parts.iter().any(|part| part == "_git") {
        let path = url
            .query_pairs()
            .find(|(key, _)| key == "path")
            .map(|it| it.1.into_owned());
        let folder = path.and_then(|path| join(&path, "./")).map(|folder| {
            let mut address = url.clone();
            let others: Vec<_> = url.query_pairs().filter(|(key, _)| key != "path").collect();
            let folder = format!("/{}", folder.trim_start_matches('/'));
            address
                .query_pairs_mut()
                .clear()
                .append_pair("path", &folder)
                .extend_pairs(others);
            address.into()
        });
        return Links {
            edit: Some(target.to_owned()),
            folder,
        };
    }
    match parts.get(2).map(String::as_str) {
        Some(verb @ ("blob" | "tree")) if parts.len() > 4 => {
            let as_verb =
                |other: &str| target.replacen(&format!("/{verb}/"), &format!("/{other}/"), 1);
            let folder = as_verb("tree");
            let folder = folder.rfind('/').map(|slash| folder[..=slash].to_owned());
            Links {
                edit: Some(as_verb("edit")),
                folder,
            }
        }
        _ => Links {
            edit: None,
            folder: url.join("./").ok().map(String::from),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(target: &str) -> (Option<String>, Option<String>) {
        let Links { edit, folder } = links(target);
        (edit, folder)
    }

    #[test]
    fn each_host_has_its_own_addresses() {
        assert_eq!(
            parts("https://ghe.contoso.com/o/r/blob/main/a/blob/catalog-info.yaml"),
            (
                Some("https://ghe.contoso.com/o/r/edit/main/a/blob/catalog-info.yaml".to_owned()),
                Some("https://ghe.contoso.com/o/r/tree/main/a/blob/".to_owned())
            )
        );
        let azure = "https://dev.azure.com/o/p/_git/r?path=/a/b.yaml&version=GBmain";
        assert_eq!(
            parts(azure),
            (
                Some(azure.to_owned()),
                Some("https://dev.azure.com/o/p/_git/r?path=%2Fa%2F&version=GBmain".to_owned())
            )
        );
        assert_eq!(
            parts("https://x.com/a/b.yaml"),
            (None, Some("https://x.com/a/".to_owned()))
        );
        assert_eq!(parts("git+https://x.com/r.git#main:a.yaml"), (None, None));
        assert_eq!(parts("/srv/a.yaml"), (None, None));
    }
}
