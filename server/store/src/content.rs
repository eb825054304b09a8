//! The content of sources is stored compressed: YAML shrinks to a third or less, and
//! this compression costs less than writing what it saves.

use crate::StoreError;

pub(crate) fn compress(content: &str) -> Vec<u8> {
    lz4_flex::compress_prepend_size(content.as_bytes())
}

pub(crate) fn decompress(source_id: &str, bytes: &[u8]) -> Result<String, StoreError> {
    let inconsistent = |what: String| StoreError::Inconsistent {
        table: "source_content",
        what: format!("content of source {source_id}: {what}"),
    };
    let bytes = lz4_flex::decompress_size_prepended(bytes)
        .map_err(|error| inconsistent(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| inconsistent(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out_smaller_in_between() {
        let yaml = "kind: Component\n".repeat(100);
        let stored = compress(&yaml);
        assert!(stored.len() < yaml.len() / 10);
        assert_eq!(decompress("s", &stored).unwrap(), yaml);
    }

    #[test]
    fn damage_is_reported_with_the_source() {
        let stored = compress("kind: Component");
        let error = decompress("abc", &stored[..stored.len() - 3]).unwrap_err();
        assert!(error.to_string().contains("source abc"), "{error}");
    }
}
