//! What one rendering may take.

/// Bounds of one rendering. The defaults are those of Backstage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Steps: an expression, a tag or a round of a loop is one, and going through long texts
    /// and lists takes one for every 64 characters or items.
    pub steps: u64,
    /// The size of the text, in bytes.
    pub output: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            steps: 1_000_000,
            output: 16_777_216,
        }
    }
}
