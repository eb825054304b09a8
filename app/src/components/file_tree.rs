//! Files in their folders.

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;

use super::Icon;

/// A file, or a folder with what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileNode {
    /// Its name, without its folder.
    pub name: String,
    /// What it leads to.
    pub href: Option<String>,
    /// What a folder holds; none for a file.
    pub children: Option<Vec<FileNode>>,
}

impl FileNode {
    /// A file.
    pub fn file(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            href: None,
            children: None,
        }
    }

    /// A folder.
    pub fn folder(name: impl Into<String>, children: Vec<Self>) -> Self {
        Self {
            name: name.into(),
            href: None,
            children: Some(children),
        }
    }

    /// Files by their paths: folders first, each by name.
    pub fn tree<'a>(paths: impl IntoIterator<Item = &'a str>) -> Vec<Self> {
        let mut folders = BTreeMap::<&str, Vec<&str>>::new();
        let mut files = BTreeSet::new();
        for path in paths {
            match path.split_once('/') {
                Some((folder, rest)) => folders.entry(folder).or_default().push(rest),
                None => drop(files.insert(path)),
            }
        }
        let folders = folders
            .into_iter()
            .map(|(name, paths)| Self::folder(name, Self::tree(paths)));
        folders.chain(files.into_iter().map(Self::file)).collect()
    }
}

/// A tree of files; folders open and close without JavaScript.
#[component]
pub fn FileTree(
    /// What is in the top folder.
    nodes: Vec<FileNode>,
) -> impl IntoView {
    view! { <div class="file-tree">{level(nodes)}</div> }
}

fn level(nodes: Vec<FileNode>) -> AnyView {
    let items = nodes
        .into_iter()
        .map(|node| {
            let content = match node.children {
                Some(children) => view! {
                    <details open>
                        <summary class="file-node">
                            <span class="file-arrow"><Icon icon=Icon::ChevronRight size=12/></span>
                            <Icon icon=Icon::Folder size=14/>
                            {node.name}
                        </summary>
                        {level(children)}
                    </details>
                }
                .into_any(),
                None => view! {
                    <a class="file-node" href=node.href>
                        <Icon icon=Icon::FileText size=14/>
                        {node.name}
                    </a>
                }
                .into_any(),
            };
            view! { <li>{content}</li> }
        })
        .collect_view();
    view! { <ul>{items}</ul> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::FileNode;

    #[test]
    fn paths_are_a_tree() {
        let file = |name: &str| FileNode::file(name);
        let folder = |name: &str, children| FileNode::folder(name, children);
        assert_eq!(
            FileNode::tree(["b.md", "src/main.rs", "src/x/y.rs", "a.md"]),
            [
                folder(
                    "src",
                    vec![folder("x", vec![file("y.rs")]), file("main.rs")]
                ),
                file("a.md"),
                file("b.md"),
            ]
        );
    }
}
