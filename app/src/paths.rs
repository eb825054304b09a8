//! The URLs of the portal, written once.

use portico_model::EntityRef;

/// The start page.
pub const HOME: &str = "/";
/// The catalog table.
pub const CATALOG: &str = "/catalog";
/// The catalog table, APIs only.
pub const APIS: &str = "/catalog?kind=api";
/// The templates to choose from.
pub const CREATE: &str = "/create";
/// Write a new template.
pub const NEW_TEMPLATE: &str = "/create/new";
/// The actions that templates can use.
pub const ACTIONS: &str = "/create/actions";
/// What templates do and did.
pub const TASKS: &str = "/tasks";
/// Tasks that wait for people.
pub const APPROVALS: &str = "/approvals";
/// Register a location.
pub const REGISTER: &str = "/register";
/// Full-text search.
pub const SEARCH: &str = "/search";
/// Sources of the catalog and their problems.
pub const SOURCES: &str = "/sources";
/// The plugin gallery.
pub const PLUGINS: &str = "/plugins";
/// The repositories that the portal keeps itself.
pub const REPOSITORIES: &str = "/repositories";
/// Hand in a plugin.
pub const SUBMIT_PLUGIN: &str = "/plugins/submit";
/// Connections of plugins.
pub const CONNECTIONS: &str = "/plugins/connections";
/// Keys of publishers of plugins.
pub const PUBLISHERS: &str = "/plugins/publishers";
/// Policies.
pub const POLICIES: &str = "/policies";
/// Where one is signed in.
pub const SESSIONS: &str = "/settings/sessions";
/// One's access tokens.
pub const TOKENS: &str = "/settings/tokens";
/// Access tokens of services.
pub const SERVICE_TOKENS: &str = "/settings/service-tokens";
/// The audit log.
pub const AUDIT: &str = "/audit";
/// The REST API's reference page.
pub const API_REFERENCE: &str = "/docs/api";
/// The sign-in page.
pub const SIGN_IN: &str = "/sign-in";
/// Where the development sign-in form is sent.
pub const SIGN_IN_ACTION: &str = "/auth/dev/sign-in";
/// Where the sign-out form is sent.
pub const SIGN_OUT_ACTION: &str = "/auth/sign-out";
/// The component gallery of development builds.
pub const COMPONENTS: &str = "/_components";

/// The sign-in page, which leads back to a path of this portal.
pub fn sign_in(return_to: &str) -> String {
    format!("{SIGN_IN}?return_to={}", encode(return_to))
}

/// Where signing in at a provider begins.
pub fn start_sign_in(provider: &str, return_to: &str) -> String {
    format!("/api/auth/{provider}/start?return_to={}", encode(return_to))
}

/// The page of one entity: `/catalog/<namespace>/<kind>/<name>`.
pub fn entity(entity_ref: &EntityRef) -> String {
    format!(
        "{CATALOG}/{}/{}/{}",
        entity_ref.namespace(),
        entity_ref.kind(),
        entity_ref.name()
    )
}

/// The form of a template.
pub fn template(entity_ref: &EntityRef) -> String {
    format!("{CREATE}/{}/{}", entity_ref.namespace(), entity_ref.name())
}

/// The editor of a template.
pub fn edit_template(entity_ref: &EntityRef) -> String {
    format!("{}/edit", template(entity_ref))
}

/// The form of a template with values filled in.
pub fn template_again(entity_ref: &str, values: &serde_json::Value) -> String {
    let entity_ref = crate::data::reference(entity_ref);
    let values = encode(&values.to_string());
    format!("{}?formData={values}", template(&entity_ref))
}

/// The page of one task.
pub fn task(id: &str) -> String {
    format!("{TASKS}/{id}")
}

/// The page of one plugin.
pub fn plugin(id: &str) -> String {
    format!("{PLUGINS}/{}", encode(id))
}

/// The page of one repository.
pub fn repository(name: &str) -> String {
    format!("{REPOSITORIES}/{name}")
}

/// A part of a repository's page: `branches`, `change-requests`.
pub fn repository_tab(name: &str, tab: &str) -> String {
    format!("{REPOSITORIES}/{name}/{tab}")
}

/// A file or folder of a repository, on its default branch when none is named.
pub fn repository_file(name: &str, branch: Option<&str>, path: &str) -> String {
    let mut query: Vec<String> = Vec::new();
    query.extend(branch.map(|branch| format!("ref={}", encode(branch))));
    query.extend((!path.is_empty()).then(|| format!("path={}", encode(path))));
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{REPOSITORIES}/{name}{mark}{}", query.join("&"))
}

/// The page of one change request.
pub fn change_request(repository: &str, number: i64) -> String {
    format!("{REPOSITORIES}/{repository}/change-requests/{number}")
}

/// The version that runs beside another version of a plugin.
pub fn plugin_compare(id: &str, after: &str) -> String {
    format!("{}/compare?after={}", plugin(id), encode(after))
}

/// Two versions of a plugin side by side.
pub fn plugin_versions(id: &str, before: &str, after: &str) -> String {
    format!("{}&before={}", plugin_compare(id, after), encode(before))
}

/// The search page with a query.
pub fn search(query: &str) -> String {
    format!("{SEARCH}?q={}", encode(query))
}

/// Percent-encodes a query value.
pub fn encode(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' | b':' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            _ => {
                const HEX: &[u8; 16] = b"0123456789ABCDEF";
                out.push('%');
                out.push(char::from(HEX[usize::from(byte >> 4)]));
                out.push(char::from(HEX[usize::from(byte & 15)]));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entity_has_the_url_that_backstage_gives_it() {
        let orders = EntityRef::new("Component", "Default", "orders-api");
        assert_eq!(entity(&orders), "/catalog/default/component/orders-api");
    }

    #[test]
    fn files_of_repositories_are_queries() {
        assert_eq!(repository_file("a", None, ""), "/repositories/a");
        assert_eq!(
            repository_file("a", Some("x/y"), "b c.md"),
            "/repositories/a?ref=x/y&path=b+c.md"
        );
    }

    #[test]
    fn query_values_survive_the_url() {
        assert_eq!(search("a&b=ü c"), "/search?q=a%26b%3D%C3%BC+c");
        assert_eq!(encode("group:default/team"), "group:default/team");
    }
}
