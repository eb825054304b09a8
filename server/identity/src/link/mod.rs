//! Which `User` of the catalog somebody is who signed in at a provider.

use portico_access::Principal;
use portico_catalog::{Catalog, EntityQuery};
use portico_config::{ProviderConfig, SignInResolver};
use portico_model::{EntityRef, Predicate};

use crate::{
    IdentityError,
    oidc::{Claims, SignInError},
};

const USER_ID: &str = "metadata.annotations.graph.microsoft.com/user-id";
const TENANT_ID: &str = "metadata.annotations.graph.microsoft.com/tenant-id";
const EMAIL: &str = "metadata.annotations.microsoft.com/email";
const PROFILE_EMAIL: &str = "spec.profile.email";

/// The user that the first resolver finds which finds any. Two users that both claim to be the
/// person are an error and not a choice.
pub(crate) fn resolve(
    catalog: &Catalog,
    provider: &ProviderConfig,
    claims: &Claims,
) -> Result<Option<EntityRef>, SignInError> {
    for resolver in &provider.resolvers {
        let found = find(catalog, resolver, claims, provider.trust_email)?;
        if let [first, second, ..] = found.as_slice() {
            return Err(SignInError::Ambiguous {
                resolver: name(resolver),
                found: format!("{first}, {second}"),
            });
        }
        if let Some(user) = found.into_iter().next() {
            return Ok(Some(user));
        }
    }
    Ok(None)
}

/// Why nobody was found, for the operator.
pub(crate) fn nobody(provider: &ProviderConfig, claims: &Claims) -> SignInError {
    let names: Vec<_> = provider.resolvers.iter().map(name).collect();
    let mut why = format!("none of {} finds one", names.join(", "));
    if claims.email.is_some() && claims.trusted_email(provider.trust_email).is_none() {
        why.push_str(
            "; their e-mail address does not count, because the provider does not say that it is \
             verified (email_verified, xms_edov), or says that it is not: see trustEmail",
        );
    }
    SignInError::NotInCatalog(why)
}

fn find(
    catalog: &Catalog,
    resolver: &SignInResolver,
    claims: &Claims,
    trust_email: bool,
) -> Result<Vec<EntityRef>, SignInError> {
    let email = claims.trusted_email(trust_email);
    match resolver {
        SignInResolver::UserIdAnnotation => {
            let Some(oid) = &claims.oid else {
                return Ok(Vec::new());
            };
            // Object ids are of one tenant: an entity that names another one is not meant.
            let tenant = claims.tid.iter().cloned().collect();
            let here = Predicate::Any(vec![
                Predicate::Not(Box::new(Predicate::Exists(TENANT_ID.to_owned()))),
                Predicate::In(TENANT_ID.to_owned(), tenant),
            ]);
            users(catalog, vec![equals(USER_ID, oid), here])
        }
        SignInResolver::EmailAnnotation => match email {
            Some(email) => users(catalog, vec![equals(EMAIL, email)]),
            None => Ok(Vec::new()),
        },
        SignInResolver::ProfileEmail => match email {
            Some(email) => by_profile(catalog, email),
            None => Ok(Vec::new()),
        },
        SignInResolver::EmailLocalPart { allowed_domains } => {
            let parts = email.and_then(|it| it.rsplit_once('@'));
            let allowed = |domain: &str| {
                allowed_domains.is_empty() || allowed_domains.contains(&domain.to_lowercase())
            };
            let local = parts.filter(|(_, domain)| allowed(domain));
            Ok(named(catalog, local.map(|(local, _)| local)))
        }
        SignInResolver::PreferredUsername => {
            Ok(named(catalog, claims.preferred_username.as_deref()))
        }
    }
}

/// As Backstage does, also without what follows a `+`.
fn by_profile(catalog: &Catalog, email: &str) -> Result<Vec<EntityRef>, SignInError> {
    let found = users(catalog, vec![equals(PROFILE_EMAIL, email)])?;
    let plain = email.split_once('@').and_then(|(local, domain)| {
        let (local, _) = local.split_once('+')?;
        Some(format!("{local}@{domain}"))
    });
    match plain {
        Some(plain) if found.is_empty() => users(catalog, vec![equals(PROFILE_EMAIL, &plain)]),
        _ => Ok(found),
    }
}

/// The user of that name in the default namespace.
fn named(catalog: &Catalog, name: Option<&str>) -> Vec<EntityRef> {
    let user = name
        .filter(|it| !it.contains([':', '/']))
        .and_then(|it| EntityRef::parse(it, Some("user"), EntityRef::DEFAULT_NAMESPACE).ok());
    user.filter(|it| catalog.principal(it).is_some())
        .into_iter()
        .collect()
}

/// At most two of the users for whom all of these hold: two are too many already.
fn users(catalog: &Catalog, mut all: Vec<Predicate>) -> Result<Vec<EntityRef>, SignInError> {
    all.push(equals("kind", "user"));
    let query = EntityQuery {
        predicate: Predicate::All(all),
        limit: 2,
        ..EntityQuery::default()
    };
    let page = catalog
        .labels(&Principal::System, &query)
        .map_err(|error| SignInError::from(IdentityError::from(error)))?;
    let refs = page.items.iter().filter_map(|label| {
        EntityRef::parse(&label.entity_ref, None, EntityRef::DEFAULT_NAMESPACE).ok()
    });
    Ok(refs.collect())
}

fn equals(key: &str, value: &str) -> Predicate {
    // The catalog compares in lower case.
    Predicate::In(key.to_owned(), vec![value.to_lowercase()])
}

fn name(resolver: &SignInResolver) -> &'static str {
    match resolver {
        SignInResolver::UserIdAnnotation => "userIdMatchingUserEntityAnnotation",
        SignInResolver::EmailAnnotation => "emailMatchingUserEntityAnnotation",
        SignInResolver::ProfileEmail => "emailMatchingUserEntityProfileEmail",
        SignInResolver::EmailLocalPart { .. } => "emailLocalPartMatchingUserEntityName",
        SignInResolver::PreferredUsername => "preferredUsernameMatchingUserEntityName",
    }
}
