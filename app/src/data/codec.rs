//! How server functions and the browser talk: JSON, read the way pages read theirs.

use leptos::server_fn::codec::Post;
use leptos::server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType};
use serde::{Serialize, de::DeserializeOwned};

/// JSON in the body of a `POST` request and of its answer.
pub type Json = Post<TextJson>;

/// JSON that is read from text. What pages carry is read from text too; reading answers
/// from bytes would put a second parser of every type into the browser's code.
pub struct TextJson;

/// Why an answer could not be read.
#[derive(Debug, thiserror::Error)]
pub enum NotReadable {
    /// It is not text.
    #[error("the answer is not UTF-8")]
    Text(#[from] std::str::Utf8Error),
    /// It is not what was expected.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

impl ContentType for TextJson {
    const CONTENT_TYPE: &'static str = "application/json";
}

impl FormatType for TextJson {
    const FORMAT_TYPE: Format = Format::Text;
}

impl<T: Serialize> Encodes<T> for TextJson {
    type Error = serde_json::Error;

    fn encode(output: &T) -> Result<Bytes, Self::Error> {
        serde_json::to_vec(output).map(Bytes::from)
    }
}

impl<T: DeserializeOwned> Decodes<T> for TextJson {
    type Error = NotReadable;

    fn decode(bytes: Bytes) -> Result<T, Self::Error> {
        Ok(serde_json::from_str(std::str::from_utf8(&bytes)?)?)
    }
}
