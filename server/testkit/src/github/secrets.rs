//! The key that secrets of repositories are sealed with.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use crypto_box::SecretKey;
use serde_json::Value;

pub(super) const KEY_ID: &str = "568250167242549743";

fn secret_key() -> SecretKey {
    SecretKey::from([7; 32])
}

pub(super) fn public_key() -> [u8; 32] {
    *secret_key().public_key().as_bytes()
}

/// The text of a body with `encrypted_value` and `key_id`.
pub(super) fn unsealed(sealed: &Value) -> String {
    assert_eq!(sealed["key_id"], KEY_ID, "{sealed}");
    let sealed = sealed["encrypted_value"].as_str().expect("a sealed value");
    let sealed = STANDARD.decode(sealed).expect("base64");
    let open = secret_key().unseal(&sealed).expect("sealed for this key");
    String::from_utf8(open).expect("a text")
}
