//! The URLs of the portal, written once.

use portico_model::EntityRef;

/// The start page.
pub const HOME: &str = "/";
/// The catalog table.
pub const CATALOG: &str = "/catalog";
/// The catalog table, APIs only.
pub const APIS: &str = "/catalog?kind=api";
/// Register a location.
pub const REGISTER: &str = "/register";
/// Full-text search.
pub const SEARCH: &str = "/search";
/// Sources of the catalog and their problems.
pub const SOURCES: &str = "/sources";
/// The plugin gallery.
pub const PLUGINS: &str = "/plugins";
/// The audit log.
pub const AUDIT: &str = "/audit";
/// The REST API's reference page.
pub const API_REFERENCE: &str = "/docs/api";
/// The development sign-in page.
pub const SIGN_IN: &str = "/sign-in";
/// Where the development sign-in form is sent.
pub const SIGN_IN_ACTION: &str = "/auth/dev/sign-in";
/// Where the sign-out form is sent.
pub const SIGN_OUT_ACTION: &str = "/auth/sign-out";
/// The component gallery of development builds.
pub const COMPONENTS: &str = "/_components";

/// The page of one entity: `/catalog/<namespace>/<kind>/<name>`.
pub fn entity(entity_ref: &EntityRef) -> String {
    format!(
        "{CATALOG}/{}/{}/{}",
        entity_ref.namespace(),
        entity_ref.kind(),
        entity_ref.name()
    )
}

/// The page of one plugin.
pub fn plugin(id: &str) -> String {
    format!("{PLUGINS}/{}", encode(id))
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
    fn query_values_survive_the_url() {
        assert_eq!(search("a&b=ü c"), "/search?q=a%26b%3D%C3%BC+c");
        assert_eq!(encode("group:default/team"), "group:default/team");
    }
}
