//! The fields of a document, and what a word in each is worth.

/// Where a word occurs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Field {
    Name,
    Title,
    Tag,
    Type,
    Kind,
    Owner,
    Lifecycle,
    Namespace,
    Description,
}

impl Field {
    /// What a matching word is worth, before its rarity counts.
    pub(crate) fn weight(self) -> f32 {
        match self {
            Self::Name => 8.0,
            Self::Title => 6.0,
            Self::Tag => 4.0,
            Self::Type | Self::Kind | Self::Owner => 2.0,
            Self::Lifecycle | Self::Namespace | Self::Description => 1.0,
        }
    }
}
