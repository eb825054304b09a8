//! What `bindgen!` makes of the contracts in `wit/portico-plugin-1`.

wasmtime::component::bindgen!({
    path: "../../wit/portico-plugin-1",
    inline: "
        package portico:host;
        world all {
            import portico:plugin/log@1.0.0;
            import portico:plugin/config@1.0.0;
            import portico:plugin/catalog@1.0.0;
            import portico:plugin/workspace@1.0.0;
            import portico:plugin/repository@1.0.0;
            import portico:plugin/http@1.0.0;
            import portico:plugin/scm@1.0.0;
            import portico:plugin/state@1.0.0;
            import portico:plugin/clock@1.0.0;
            import portico:plugin/random@1.0.0;
            export portico:plugin/provider@1.0.0;
            export portico:plugin/action@1.0.0;
            export portico:plugin/check@1.0.0;
        }
    ",
    world: "portico:host/all",
    imports: {
        "portico:plugin/log@1.0.0": trappable,
        "portico:plugin/config@1.0.0": trappable,
        "portico:plugin/clock@1.0.0": trappable,
        "portico:plugin/random@1.0.0": trappable,
        default: async | trappable,
    },
    exports: { default: async },
});

impl From<crate::CapabilityError> for portico::plugin::types::Error {
    fn from(error: crate::CapabilityError) -> Self {
        use crate::CapabilityError as Ours;
        match error {
            Ours::Denied(text) => Self::Denied(text),
            Ours::NotFound(text) => Self::NotFound(text),
            Ours::Invalid(text) => Self::Invalid(text),
            Ours::TooMuch(text) => Self::TooMuch(text),
            Ours::Conflict(text) => Self::Conflict(text),
            Ours::Unavailable(text) => Self::Unavailable(text),
        }
    }
}
