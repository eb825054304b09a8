use super::{errors, load};
use crate::settings::{GroupClaims, ProviderKind, SignInResolver, TokenAuthMethod};

const TENANT: &str = "11111111-2222-3333-4444-555555555555";

#[test]
fn a_backstage_configuration_of_microsoft_is_used_as_it_is() {
    let loaded = load(&format!(
        "auth:\n  environment: production\n  providers:\n    guest: {{}}\n    microsoft:\n      \
         development: {{ clientId: dev, clientSecret: dev, tenantId: {TENANT} }}\n      \
         production:\n        clientId: portal\n        clientSecret: ${{GITHUB_TOKEN}}\n        \
         tenantId: {TENANT}\n        domainHint: {TENANT}\n        additionalScopes: [Mail.Send]\n        \
         signIn:\n          resolvers:\n            - resolver: emailMatchingUserEntityProfileEmail\n            \
         - resolver: emailLocalPartMatchingUserEntityName\n              allowedDomains: [Contoso.test]\n"
    ));
    assert_eq!(loaded.warnings, []);
    let [microsoft] = loaded.config.auth.providers.as_slice() else {
        panic!("one provider");
    };
    assert_eq!(microsoft.kind, ProviderKind::Microsoft);
    assert_eq!(microsoft.key, "auth.providers.microsoft.production");
    assert_eq!(microsoft.client_id, "portal");
    let secret = microsoft.client_secret.as_ref().unwrap();
    assert_eq!(secret.expose(), "ghp_secret");
    assert!(!loaded.config.explain().contains("ghp_secret"));
    assert_eq!(
        microsoft.metadata_url,
        format!("https://login.microsoftonline.com/{TENANT}/v2.0/.well-known/openid-configuration")
    );
    assert_eq!(microsoft.allowed_tenants, [TENANT]);
    assert_eq!(
        microsoft.authorize_params,
        [("domain_hint".to_owned(), TENANT.to_owned())]
    );
    assert_eq!(microsoft.scopes.last().unwrap(), "Mail.Send");
    assert_eq!(
        microsoft.resolvers,
        [
            SignInResolver::ProfileEmail,
            SignInResolver::EmailLocalPart {
                allowed_domains: vec!["contoso.test".to_owned()]
            }
        ]
    );
    assert!(!microsoft.allow_guests);
}

#[test]
fn values_may_stand_directly_below_a_provider() {
    let loaded = load(
        "auth:\n  providers:\n    oidc:\n      metadataUrl: http://localhost:9400/x\n      \
         clientId: portal\n      prompt: consent\n      title: Contoso ID\n      \
         groupClaims: ignore\n      tokenEndpointAuthMethod: client_secret_post\n      \
         signIn: { resolvers: [{ resolver: preferredUsernameMatchingUserEntityName, \
         dangerouslyAllowSignInWithoutUserInCatalog: true }] }\n",
    );
    assert_eq!(loaded.warnings, []);
    let oidc = loaded.config.auth.provider("oidc").unwrap();
    assert_eq!(oidc.title, "Contoso ID");
    assert_eq!(
        oidc.authorize_params,
        [("prompt".to_owned(), "consent".to_owned())]
    );
    assert_eq!(oidc.group_claims, GroupClaims::Ignore);
    assert_eq!(oidc.token_auth_method, Some(TokenAuthMethod::Post));
    assert!(oidc.allow_guests);
    assert!(oidc.allowed_tenants.is_empty());
}

#[test]
fn groups_and_roles_of_a_provider_make_members() {
    let oidc = |groups: &str| {
        format!(
            "auth: {{ providers: {{ oidc: {{ metadataUrl: 'http://localhost/x', clientId: a, \
             signIn: {{ groups: [{groups}] }} }} }} }}\n"
        )
    };
    let loaded = load(&oidc(
        "{ from: Portal.Admin, group: platform }, { from: 8f4c, group: 'group:shop/Payments' }",
    ));
    assert_eq!(loaded.warnings, []);
    let provider = loaded.config.auth.provider("oidc").unwrap();
    let found = provider.memberships.iter();
    let found: Vec<_> = found
        .map(|it| (it.from.as_str(), it.group.as_str()))
        .collect();
    let expected = [
        ("Portal.Admin", "group:default/platform"),
        ("8f4c", "group:shop/payments"),
    ];
    assert_eq!(found, expected);
    for wrong in [
        "{ group: a }",
        "{ from: a }",
        "{ from: a, group: 'user:ada' }",
    ] {
        assert!(!errors(&oidc(wrong)).is_empty(), "{wrong}");
    }
}

#[test]
fn what_would_let_in_anybody_is_an_error() {
    let microsoft = |rest: &str| {
        let text = format!("auth: {{ providers: {{ microsoft: {{ clientId: a, {rest} }} }} }}\n");
        errors(&text).join("\n")
    };
    let open = microsoft("tenantId: common");
    assert!(open.contains("needs \"allowedTenants\""), "{open}");
    let named = microsoft("tenantId: common, allowedTenants: [contoso.com]");
    assert!(named.contains("has \"contoso.com\""), "{named}");
    let plain = microsoft(&format!(
        "tenantId: {TENANT}, metadataUrl: 'http://login.contoso.test/x'"
    ));
    assert!(plain.contains("must be an https address"), "{plain}");
    let missing = errors("auth: { providers: { oidc: { title: x } } }\n").join("\n");
    for key in ["clientId", "metadataUrl"] {
        assert!(
            missing.contains(&format!("needs the key \"{key}\"")),
            "{missing}"
        );
    }
}

#[test]
fn addresses_are_trusted_of_one_tenant() {
    let trusts = |provider: &str, rest: &str| {
        let metadata = "metadataUrl: 'https://id.test/x'";
        let loaded = load(&format!(
            "auth: {{ providers: {{ {provider}: {{ clientId: a, {metadata}, {rest} }} }} }}\n"
        ));
        assert_eq!(loaded.warnings, []);
        loaded.config.auth.providers[0].trust_email
    };
    let many = format!("tenantId: Organizations, allowedTenants: [{TENANT}]");
    assert!(trusts("microsoft", &format!("tenantId: {TENANT}")));
    assert!(trusts("microsoft", "tenantId: contoso.onmicrosoft.com"));
    assert!(!trusts("microsoft", &many));
    assert!(trusts("microsoft", &format!("{many}, trustEmail: true")));
    assert!(!trusts("oidc", "title: x"));
    assert!(trusts("oidc", "trustEmail: true"));
}

#[test]
fn a_name_before_an_at_wants_a_domain_behind_it() {
    let loaded = load(
        "auth: { providers: { oidc: { clientId: a, metadataUrl: 'https://id.test/x', \
         signIn: { resolvers: [{ resolver: emailLocalPartMatchingUserEntityName }] } } } }\n",
    );
    let [warning] = loaded.warnings.as_slice() else {
        panic!("{:?}", loaded.warnings);
    };
    assert!(warning.message.contains("allowedDomains"));
}

#[test]
fn people_are_chosen_on_a_page_only_where_no_provider_tells_who_they_are() {
    let provider = |environment: &str| {
        let client = "clientId: a, metadataUrl: 'https://id.test/x'";
        format!("auth:\n  providers:\n    oidc: {{ {environment}: {{ {client} }} }}\n")
    };
    assert!(load("{}\n").config.is_development());
    assert!(
        !load("auth: { environment: production }\n")
            .config
            .is_development()
    );
    assert!(!load(&provider("development")).config.is_development());
    assert!(load(&provider("production")).config.is_development());
}

#[test]
fn a_provider_of_another_environment_is_not_used() {
    let loaded = load(
        "auth:\n  environment: production\n  providers:\n    \
         oidc: { development: { clientId: a, metadataUrl: 'https://id.test/x' } }\n",
    );
    assert!(loaded.config.auth.providers.is_empty());
    let [warning] = loaded.warnings.as_slice() else {
        panic!("{:?}", loaded.warnings);
    };
    assert!(
        warning.message.contains("production"),
        "{}",
        warning.message
    );
}
