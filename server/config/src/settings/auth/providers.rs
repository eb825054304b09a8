//! `auth.providers`: Microsoft Entra ID and OpenID Connect, in Backstage's shape.

use portico_model::EntityRef;
use url::Url;

use super::Environment;
use crate::{Secret, reader::Reader, settings::portal::base_url};

/// The values of `tenantId` that stand for the accounts of many tenants.
const MANY_TENANTS: [&str; 3] = ["common", "organizations", "consumers"];

const MICROSOFT_LOGIN: &str = "https://login.microsoftonline.com";
const MICROSOFT_GRAPH: &str = "https://graph.microsoft.com";

/// One provider that people sign in at.
#[derive(Clone, Debug)]
pub struct ProviderConfig {
    /// What it is.
    pub kind: ProviderKind,
    /// Where it stands in the configuration: `auth.providers.microsoft.production`.
    pub key: String,
    /// `title`: what its button says after "Sign in with".
    pub title: String,
    /// `metadataUrl`: where it describes itself.
    pub metadata_url: String,
    /// `clientId`.
    pub client_id: String,
    /// `clientSecret`; a public client has none.
    pub client_secret: Option<Secret>,
    /// `tokenEndpointAuthMethod`; as the provider's description says when absent.
    pub token_auth_method: Option<TokenAuthMethod>,
    /// `callbackUrl`: where the provider sends browsers back to; derived from `app.baseUrl` when
    /// absent.
    pub callback_url: Option<String>,
    /// `tenantId` when it is one tenant, and `allowedTenants`, lower-case: whose accounts are
    /// accepted. Empty is no check, for providers without tenants.
    pub allowed_tenants: Vec<String>,
    /// The scopes asked for, `additionalScopes` included.
    pub scopes: Vec<String>,
    /// More parameters of the authorization request: `prompt`, `domainHint` and those of
    /// `authorizeParams`.
    pub authorize_params: Vec<(String, String)>,
    /// `audience`: what access tokens of workloads must be for. Without it a generic provider
    /// signs in no workloads.
    pub audiences: Vec<String>,
    /// `groupClaims`: what the groups in tokens mean.
    pub group_claims: GroupClaims,
    /// `graphUrl`: Microsoft Graph, without a trailing slash.
    pub graph_url: String,
    /// `signIn.resolvers`: how people are found in the catalog; the first that finds one counts.
    pub resolvers: Vec<SignInResolver>,
    /// `signIn.groups`: groups of the catalog that a role or a group at the provider makes
    /// people of the catalog members of.
    pub memberships: Vec<Membership>,
    /// `trustEmail`: whether an e-mail address counts of which the provider does not say whether
    /// it is verified. By default when it is Microsoft and `tenantId` is one tenant.
    pub trust_email: bool,
    /// `allowGuests`, or a resolver's `dangerouslyAllowSignInWithoutUserInCatalog`: whether
    /// people without a `User` entity get in.
    pub allow_guests: bool,
}

/// A group of the catalog that the provider may make somebody a member of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// `from`: the value of an app role, or the id of a group, as the provider writes it.
    pub from: String,
    /// `group`: the full ref of the group.
    pub group: String,
}

/// What kind of provider it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProviderKind {
    /// Microsoft Entra ID.
    Microsoft,
    /// Any OpenID Connect provider.
    Oidc,
}

/// How the portal proves who it is when it asks for tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenAuthMethod {
    /// `client_secret_basic`.
    Basic,
    /// `client_secret_post`.
    Post,
}

/// What the groups that a provider names mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupClaims {
    /// Each is a role `group:<id>`. What a person owns comes from the catalog alone.
    Roles,
    /// Nothing: they are not even asked for.
    Ignore,
}

/// How somebody who signed in is found in the catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInResolver {
    /// The annotation `graph.microsoft.com/user-id` is their object id.
    UserIdAnnotation,
    /// The annotation `microsoft.com/email` is their e-mail address.
    EmailAnnotation,
    /// `spec.profile.email` is their e-mail address.
    ProfileEmail,
    /// The part of their e-mail address before the `@` is the name of the entity.
    EmailLocalPart {
        /// Domains whose addresses count, lower-case; empty is all.
        allowed_domains: Vec<String>,
    },
    /// Their user name is the name of the entity.
    PreferredUsername,
}

impl ProviderConfig {
    /// What it is called in addresses: `microsoft`, `oidc`.
    pub fn id(&self) -> &'static str {
        self.kind.id()
    }
}

impl ProviderKind {
    /// What it is called in addresses and sessions.
    pub fn id(self) -> &'static str {
        match self {
            Self::Microsoft => "microsoft",
            Self::Oidc => "oidc",
        }
    }
}

/// The providers of an environment. What is written for other environments is not read.
pub(super) fn read(providers: &Reader<'_>, environment: Environment) -> Vec<ProviderConfig> {
    // Backstage's guest sign-in is what the development sign-in page is here.
    providers.value("guest");
    [
        ("microsoft", ProviderKind::Microsoft),
        ("oidc", ProviderKind::Oidc),
    ]
    .into_iter()
    .filter_map(|(name, kind)| {
        let provider = providers.value(name);
        if !provider.is_present() {
            return None;
        }
        provider.read_object(|it| of_environment(it, kind, environment))
    })
    .collect()
}

fn of_environment(
    provider: &Reader<'_>,
    kind: ProviderKind,
    environment: Environment,
) -> Option<ProviderConfig> {
    let (name, other) = match environment {
        Environment::Development => ("development", "production"),
        Environment::Production => ("production", "development"),
    };
    let (own, other) = (provider.value(name), provider.value(other));
    if own.is_present() {
        return own.read_object(|it| one(it, kind));
    }
    if other.is_present() {
        provider.warn(format!(
            "has nothing for auth.environment: {name}; nobody signs in there"
        ));
        return None;
    }
    one(provider, kind)
}

fn one(it: &Reader<'_>, kind: ProviderKind) -> Option<ProviderConfig> {
    let is_microsoft = kind == ProviderKind::Microsoft;
    let client_id = it.required_text("clientId");
    let client_secret = it.secret("clientSecret");
    let tenant = is_microsoft.then(|| it.required_text("tenantId")).flatten();
    let metadata_url = metadata_url(it, tenant.as_deref());
    let allowed_tenants = allowed_tenants(it, tenant.as_deref());
    let sign_in = it.object("signIn", |sign_in| {
        let resolvers = sign_in.list("resolvers").into_iter();
        let groups = sign_in.list("groups").into_iter();
        (
            resolvers
                .map(|entry| entry.read_object(resolver))
                .collect::<Vec<_>>(),
            groups
                .filter_map(|entry| entry.read_object(membership))
                .collect::<Vec<_>>(),
        )
    });
    let (sign_in, memberships) = sign_in;
    // The people of one tenant get their addresses from its administrators. Those of other tenants
    // do too, and the administrators of one can write addresses of another.
    let trust_email = it.boolean("trustEmail", tenant.as_deref().is_some_and(is_one_tenant));
    let allow_guests =
        it.boolean("allowGuests", false) || sign_in.iter().any(|(_, guests)| *guests);
    let mut resolvers: Vec<_> = sign_in.into_iter().filter_map(|(it, _)| it).collect();
    if resolvers.is_empty() {
        resolvers = default_resolvers(kind);
    }
    Some(ProviderConfig {
        kind,
        key: it.key().to_owned(),
        title: it.text_or(
            "title",
            if is_microsoft {
                "Microsoft"
            } else {
                "single sign-on"
            },
        ),
        metadata_url: metadata_url?,
        client_id: client_id?,
        client_secret,
        token_auth_method: it.choice(
            "tokenEndpointAuthMethod",
            &[
                ("client_secret_basic", TokenAuthMethod::Basic),
                ("client_secret_post", TokenAuthMethod::Post),
            ],
        ),
        callback_url: callback_url(it),
        allowed_tenants,
        scopes: scopes(it, kind),
        authorize_params: authorize_params(it, is_microsoft),
        audiences: it.texts("audience"),
        group_claims: it.choice_or_first(
            "groupClaims",
            &[("ignore", GroupClaims::Ignore)],
            ("roles", GroupClaims::Roles),
        ),
        graph_url: graph_url(it, is_microsoft),
        resolvers,
        memberships,
        trust_email,
        allow_guests,
    })
}

fn metadata_url(it: &Reader<'_>, tenant: Option<&str>) -> Option<String> {
    let value = it.value("metadataUrl");
    if let (false, Some(tenant)) = (value.is_present(), tenant) {
        return Some(format!(
            "{MICROSOFT_LOGIN}/{tenant}/v2.0/.well-known/openid-configuration"
        ));
    }
    it.require("metadataUrl");
    value.parse(
        "an https address such as https://id.contoso.com/.well-known/openid-configuration \
         (http is for loopback addresses only)",
        |text| is_safe(text).then(|| text.to_owned()),
    )
}

/// What is sent there must not be read on the way.
fn is_safe(text: &str) -> bool {
    let Ok(url) = Url::parse(text) else {
        return false;
    };
    let loopback = match url.host() {
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && loopback)
}

fn allowed_tenants(it: &Reader<'_>, tenant: Option<&str>) -> Vec<String> {
    let written: Vec<String> = it
        .texts("allowedTenants")
        .into_iter()
        .map(|it| it.to_ascii_lowercase())
        .collect();
    for wrong in written.iter().filter(|it| !is_guid(it)) {
        it.problem(format!(
            "\"allowedTenants\" must list ids of tenants such as \
             11111111-2222-3333-4444-555555555555, but has \"{wrong}\""
        ));
    }
    match tenant.map(str::to_ascii_lowercase) {
        Some(many) if !is_one_tenant(&many) && written.is_empty() => {
            it.problem(format!(
                "needs \"allowedTenants\", the ids of the tenants whose people may sign in: with \
                 tenantId \"{many}\" any Microsoft account in the world could"
            ));
            written
        }
        Some(one) if is_guid(&one) && written.is_empty() => vec![one],
        _ => written,
    }
}

fn is_one_tenant(tenant: &str) -> bool {
    !MANY_TENANTS
        .iter()
        .any(|many| many.eq_ignore_ascii_case(tenant))
}

fn is_guid(text: &str) -> bool {
    let groups: Vec<_> = text.split('-').map(str::len).collect();
    groups == [8, 4, 4, 4, 12] && text.bytes().all(|it| it == b'-' || it.is_ascii_hexdigit())
}

fn callback_url(it: &Reader<'_>) -> Option<String> {
    it.value("callbackUrl").parse(
        "an address that ends in /handler/frame, such as \
         https://portal.contoso.com/api/auth/microsoft/handler/frame",
        |text| {
            let ends = Url::parse(text).is_ok_and(|url| url.path().ends_with("/handler/frame"));
            ends.then(|| text.to_owned())
        },
    )
}

fn scopes(it: &Reader<'_>, kind: ProviderKind) -> Vec<String> {
    let usual: &[&str] = match kind {
        ProviderKind::Microsoft => &["openid", "profile", "email", "offline_access", "User.Read"],
        ProviderKind::Oidc => &["openid", "profile", "email", "offline_access"],
    };
    let mut scopes: Vec<String> = usual.iter().map(|it| (*it).to_owned()).collect();
    // One text may hold several, as in the protocol itself.
    let more = it.texts("additionalScopes");
    for scope in more.iter().flat_map(|it| it.split_whitespace()) {
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    scopes
}

fn authorize_params(it: &Reader<'_>, is_microsoft: bool) -> Vec<(String, String)> {
    let mut params = Vec::new();
    let prompt = it.text("prompt").filter(|it| it != "auto");
    params.extend(prompt.map(|it| ("prompt".to_owned(), it)));
    if is_microsoft {
        let hint = it.text("domainHint");
        params.extend(hint.map(|it| ("domain_hint".to_owned(), it)));
    }
    for entry in it.list("authorizeParams") {
        let param = entry.read_object(|it| (it.required_text("name"), it.required_text("value")));
        if let (Some(name), Some(value)) = param {
            params.push((name, value));
        }
    }
    params
}

fn graph_url(it: &Reader<'_>, is_microsoft: bool) -> String {
    let written = is_microsoft.then(|| base_url(it, "graphUrl")).flatten();
    written.unwrap_or_else(|| MICROSOFT_GRAPH.to_owned())
}

fn membership(entry: &Reader<'_>) -> Option<Membership> {
    entry.require("group");
    let group = entry.value("group").parse(
        "a group of the catalog such as group:default/payments",
        |text| {
            EntityRef::parse(text, Some("group"), EntityRef::DEFAULT_NAMESPACE)
                .ok()
                .filter(|group| group.kind() == "group")
        },
    );
    Some(Membership {
        from: entry.required_text("from")?,
        group: group?.to_string(),
    })
}

fn resolver(entry: &Reader<'_>) -> (Option<SignInResolver>, bool) {
    #[derive(Clone, Copy)]
    enum Name {
        UserId,
        Email,
        Profile,
        LocalPart,
        Username,
    }
    entry.require("resolver");
    let name = entry.choice(
        "resolver",
        &[
            ("userIdMatchingUserEntityAnnotation", Name::UserId),
            ("emailMatchingUserEntityAnnotation", Name::Email),
            ("emailMatchingUserEntityProfileEmail", Name::Profile),
            ("emailLocalPartMatchingUserEntityName", Name::LocalPart),
            ("preferredUsernameMatchingUserEntityName", Name::Username),
        ],
    );
    let domains = entry.texts("allowedDomains");
    if matches!(name, Some(Name::LocalPart)) && domains.is_empty() {
        entry.warn(
            "has no \"allowedDomains\": whoever has the address ada@ at any domain in the world \
             is the user ada; name your domains",
        );
    }
    let guests = entry.boolean("dangerouslyAllowSignInWithoutUserInCatalog", false);
    let resolver = name.map(|name| match name {
        Name::UserId => SignInResolver::UserIdAnnotation,
        Name::Email => SignInResolver::EmailAnnotation,
        Name::Profile => SignInResolver::ProfileEmail,
        Name::LocalPart => SignInResolver::EmailLocalPart {
            allowed_domains: domains.iter().map(|it| it.to_lowercase()).collect(),
        },
        Name::Username => SignInResolver::PreferredUsername,
    });
    (resolver, guests)
}

/// What cannot be mistaken comes first.
fn default_resolvers(kind: ProviderKind) -> Vec<SignInResolver> {
    match kind {
        ProviderKind::Microsoft => vec![
            SignInResolver::UserIdAnnotation,
            SignInResolver::EmailAnnotation,
            SignInResolver::ProfileEmail,
        ],
        ProviderKind::Oidc => vec![SignInResolver::ProfileEmail],
    }
}
