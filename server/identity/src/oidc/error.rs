//! Why somebody was not signed in.

use crate::IdentityError;

/// Why a sign-in failed. The person sees [`Self::code`]'s page; the audit log and the operator
/// see the rest.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// There is no such provider in the configuration.
    #[error("no provider {0} is configured under auth.providers for this auth.environment")]
    NoProvider(String),
    /// The provider cannot be reached, or answers with something else.
    #[error("the sign-in provider does not answer: {0}")]
    Unavailable(String),
    /// This browser has not begun the sign-in that comes back.
    #[error("the sign-in that came back was not begun by this browser")]
    NotBegun,
    /// It took too long.
    #[error("the sign-in took longer than ten minutes")]
    TooLate,
    /// It came back before.
    #[error("the sign-in that came back has been used already")]
    Replayed,
    /// The provider said no, with this code of OAuth 2.0 and its explanation.
    #[error("the provider refused: {code}: {description}")]
    Refused {
        /// Such as `access_denied`.
        code: String,
        /// The provider's words, at most 300 characters.
        description: String,
    },
    /// What the provider sent does not prove who signed in.
    #[error("the provider's token is not accepted: {0}")]
    Token(String),
    /// The account is of a tenant that is not allowed.
    #[error("the tenant {0} is not one of allowedTenants")]
    Tenant(String),
    /// The provider named too many groups, and they cannot be read.
    #[error("the groups of the person cannot be read: {0}")]
    Groups(String),
    /// Nobody in the catalog is that person, and guests are not let in.
    #[error("no User of the catalog is that person: {0}")]
    NotInCatalog(String),
    /// Several entities of the catalog claim to be that person.
    #[error("{resolver} finds several users: {found}")]
    Ambiguous {
        /// The resolver.
        resolver: &'static str,
        /// The first of them.
        found: String,
    },
    /// Portico's own part failed.
    #[error(transparent)]
    Identity(Box<IdentityError>),
}

impl SignInError {
    /// The word for it in the address of the sign-in page and in audit events.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoProvider(_) => "no-provider",
            Self::Unavailable(_) => "provider-unavailable",
            Self::NotBegun => "not-begun",
            Self::TooLate => "too-late",
            Self::Replayed => "replayed",
            Self::Refused { code, .. } if code == "access_denied" => "access-denied",
            Self::Refused { .. } => "refused",
            Self::Token(_) => "token",
            Self::Tenant(_) => "tenant",
            Self::Groups(_) => "groups",
            Self::NotInCatalog(_) => "not-in-catalog",
            Self::Ambiguous { .. } => "ambiguous",
            Self::Identity(_) => "internal",
        }
    }
}

impl From<IdentityError> for SignInError {
    fn from(error: IdentityError) -> Self {
        Self::Identity(Box::new(error))
    }
}

impl From<portico_store::StoreError> for SignInError {
    fn from(error: portico_store::StoreError) -> Self {
        IdentityError::from(error).into()
    }
}
