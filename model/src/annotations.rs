//! Annotation keys that the portal reads or writes.

/// Where the document was read from, as `<type>:<target>`.
pub const MANAGED_BY_LOCATION: &str = "backstage.io/managed-by-location";
/// The registered location that led to the document.
pub const MANAGED_BY_ORIGIN_LOCATION: &str = "backstage.io/managed-by-origin-location";
/// The source code of the entity, as `<type>:<target>`.
pub const SOURCE_LOCATION: &str = "backstage.io/source-location";
/// `"true"` when nothing refers to the entity's source any more.
pub const ORPHAN: &str = "backstage.io/orphan";
/// The page that shows the document.
pub const VIEW_URL: &str = "backstage.io/view-url";
/// The page that edits the document.
pub const EDIT_URL: &str = "backstage.io/edit-url";
/// Where the entity's documentation is built from.
pub const TECHDOCS_REF: &str = "backstage.io/techdocs-ref";
/// Another entity whose documentation stands for this one's.
pub const TECHDOCS_ENTITY: &str = "backstage.io/techdocs-entity";
/// The template that created the entity.
pub const SOURCE_TEMPLATE: &str = "backstage.io/source-template";
/// The entity's repository on GitHub, as `owner/repository`.
pub const GITHUB_PROJECT_SLUG: &str = "github.com/project-slug";
/// The entity's repository on Azure DevOps, as `project/repository`.
pub const AZURE_PROJECT_REPO: &str = "dev.azure.com/project-repo";
/// A user's id in Microsoft Entra.
pub const ENTRA_USER_ID: &str = "graph.microsoft.com/user-id";
/// A group's id in Microsoft Entra.
pub const ENTRA_GROUP_ID: &str = "graph.microsoft.com/group-id";
