//! `pattern`: regular expressions of ECMA-262, which the browser has.

/// Whether a text matches. What cannot be told here is left to the server.
#[cfg(feature = "hydrate")]
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    use leptos::wasm_bindgen::{JsCast, JsValue};
    use web_sys::js_sys::{Array, Function, Reflect, RegExp, global};

    // By reflection, because a pattern that is none throws.
    let expression = || -> Result<RegExp, JsValue> {
        let class: Function = Reflect::get(&global(), &"RegExp".into())?.dyn_into()?;
        let arguments = Array::of2(&pattern.into(), &"u".into());
        Ok(Reflect::construct(&class, &arguments)?.unchecked_into())
    };
    expression().map_or(true, |expression| expression.test(text))
}

/// The server checks values with a whole validator.
#[cfg(not(feature = "hydrate"))]
pub(super) fn matches(_: &str, _: &str) -> bool {
    true
}
