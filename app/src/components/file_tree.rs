//! Files in their folders.

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
