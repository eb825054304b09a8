//! Files as text.

use crate::ReadError;

/// Bytes as text, without a byte order mark.
pub(crate) fn decode(bytes: Vec<u8>, target: &str) -> Result<String, ReadError> {
    let text = String::from_utf8(bytes)
        .map_err(|_| ReadError::invalid(target, "the file is not UTF-8 text; save it as UTF-8"))?;
    Ok(text
        .strip_prefix('\u{feff}')
        .map(str::to_owned)
        .unwrap_or(text))
}
