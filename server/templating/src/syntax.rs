//! The marks that templates are written with, and how blanks around them are treated.

/// The marks of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Syntax {
    pub(crate) variable_start: &'static str,
    pub(crate) variable_end: &'static str,
    /// Whether the first line break after a tag is dropped.
    pub(crate) trim_blocks: bool,
    /// Whether blanks before a tag that begins its line are dropped.
    pub(crate) lstrip_blocks: bool,
}

impl Syntax {
    /// `${{ value }}` and `{% tag %}`: templates of Backstage, and their skeletons.
    pub const BACKSTAGE: Self = Self {
        variable_start: "${{",
        variable_end: "}}",
        trim_blocks: false,
        lstrip_blocks: false,
    };

    /// `{{ value }}` and `{% tag %}`: Nunjucks, Jinja, Cookiecutter.
    pub const JINJA: Self = Self {
        variable_start: "{{",
        ..Self::BACKSTAGE
    };

    /// The same marks, with other rules for the blanks around tags.
    #[must_use]
    pub fn with_blanks(self, trim_blocks: bool, lstrip_blocks: bool) -> Self {
        Self {
            trim_blocks,
            lstrip_blocks,
            ..self
        }
    }

    /// Whether a text has no marks at all, so that it stands for itself.
    pub fn is_plain(&self, text: &str) -> bool {
        !(text.contains(self.variable_start)
            || text.contains(BLOCK_START)
            || text.contains(COMMENT_START)
            || text.contains(COMMENT_END))
    }
}

pub(crate) const BLOCK_START: &str = "{%";
pub(crate) const BLOCK_END: &str = "%}";
pub(crate) const COMMENT_START: &str = "{#";
pub(crate) const COMMENT_END: &str = "#}";
