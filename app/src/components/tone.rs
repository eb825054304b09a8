//! The meanings a colour may have.

/// What a coloured thing says. Never colour alone: a word or an icon goes with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Neutral,
    /// Selected, or an action.
    Accent,
    /// As it should be.
    Success,
    /// Deserves attention.
    Warning,
    /// Wrong.
    Danger,
    /// Good to know.
    Info,
}

impl Tone {
    /// Value of the `data-tone` attribute the style sheet reads.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Accent => "accent",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Danger => "danger",
            Self::Info => "info",
        }
    }
}
