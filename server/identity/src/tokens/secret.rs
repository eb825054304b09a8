//! The tokens themselves: a prefix that says what it is, and 32 random bytes.

use aws_lc_rs::rand;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use portico_config::Secret;
use sha2::{Digest as _, Sha256};

use super::TokenKind;
use crate::{IdentityError, Result};

/// How many random characters lists show.
const SHOWN: usize = 4;

/// A new token, and how it begins.
pub(super) fn random(kind: TokenKind) -> Result<(Secret, String)> {
    let mut bytes = [0; 32];
    rand::fill(&mut bytes).map_err(|_| IdentityError::Crypto("no random numbers"))?;
    let random = URL_SAFE_NO_PAD.encode(bytes);
    let prefix = kind.prefix();
    let shown: String = random.chars().take(SHOWN).collect();
    Ok((
        Secret::new(format!("{prefix}{random}")),
        format!("{prefix}{shown}"),
    ))
}

/// Whether a text looks like a token of ours; what does not is not looked up.
pub(super) fn looks_right(token: &str) -> bool {
    let random = [TokenKind::Personal, TokenKind::Service]
        .iter()
        .find_map(|kind| token.strip_prefix(kind.prefix()));
    random.is_some_and(|it| it.len() == 43)
}

/// What the store keeps of a token. One hash is enough: nobody guesses 32 random bytes.
pub(super) fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_token_is_another_and_shows_little() {
        let (one, shown) = random(TokenKind::Personal).unwrap();
        let (two, _) = random(TokenKind::Personal).unwrap();
        assert_ne!(one, two);
        assert!(looks_right(one.expose()));
        assert!(
            one.expose().starts_with(&shown) && shown.len() == 16,
            "{shown}"
        );
        for text in ["", "portico_pat_", "portico_pat_short", &one.expose()[1..]] {
            assert!(!looks_right(text), "{text}");
        }
    }
}
