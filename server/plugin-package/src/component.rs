//! Making components.

/// Why a core module does not become a component.
#[derive(Debug, thiserror::Error)]
#[error("the module cannot be made a component: {0}")]
pub struct EncodeError(String);

/// Turns a core module with the component's type in it (what `wit-bindgen` makes of a crate for
/// `wasm32-unknown-unknown`) into a component. It imports only what the module uses.
pub fn encode(module: &[u8]) -> Result<Vec<u8>, EncodeError> {
    wit_component::ComponentEncoder::default()
        .module(module)
        .and_then(|encoder| encoder.validate(true).encode())
        .map_err(|error| EncodeError(format!("{error:#}")))
}
