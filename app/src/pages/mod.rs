//! The pages, one module each.

mod ago;
mod api_reference;
mod audit;
mod catalog;
mod create;
mod draft_text;
mod entity;
#[cfg(debug_assertions)]
mod gallery;
mod home;
pub(crate) mod later;
mod lifecycle;
mod load;
mod not_found;
mod plugins;
mod policies;
mod problem;
mod register;
mod repositories;
mod search;
mod settings;
mod sign_in;
mod sources;
mod tasks;

pub use api_reference::ApiReferencePage;
pub use audit::AuditPage;
pub use catalog::CatalogPage;
pub use create::{ActionsPage, EditTemplatePage, TemplateFormPage, TemplatesPage};
pub use entity::EntityPage;
#[cfg(debug_assertions)]
pub use gallery::GalleryPage;
pub use home::HomePage;
pub use not_found::NotFoundPage;
pub use plugins::{
    ConnectionsPage, PluginComparePage, PluginPage, PluginsPage, PublishersPage, SubmitPluginPage,
};
pub use policies::PoliciesPage;
pub use register::RegisterPage;
pub use repositories::{ChangeRequestPage, RepositoriesPage, RepositoryPage};
pub use search::SearchPage;
pub use settings::{ServiceTokensPage, SessionsPage, TokensPage};
pub use sign_in::{SignInPage, SignedOutPage};
pub use sources::SourcesPage;
pub use tasks::{ApprovalsPage, TaskPage, TasksPage};
