//! The few browser facilities components use, each answering with nothing when
//! the browser refuses. To be called from effects and event handlers only.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, ScrollIntoViewOptions, ScrollLogicalPosition};

/// The element with this id, as `T`.
pub fn element_by_id<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// The element that has the focus.
pub fn focused() -> Option<Element> {
    document().active_element()
}

/// Focuses the first element that matches a CSS selector; whether there was one.
pub fn focus_first(selector: &str) -> bool {
    let found = document().query_selector(selector).ok().flatten();
    found
        .and_then(|element| element.dyn_into::<HtmlElement>().ok())
        .is_some_and(|element| element.focus().is_ok())
}

/// Moves the focus among the elements that match `selector` inside `root`,
/// by `step`, and stops at both ends. Starts at the first when none is focused.
pub fn move_focus(root: &Element, selector: &str, step: i32) {
    let Ok(list) = root.query_selector_all(selector) else {
        return;
    };
    let all: Vec<HtmlElement> = (0..list.length())
        .filter_map(|at| list.item(at)?.dyn_into().ok())
        .collect();
    let Ok(last) = i32::try_from(all.len()).map(|count| count - 1) else {
        return;
    };
    if last < 0 {
        return;
    }
    let current = focused().and_then(|focused| {
        all.iter()
            .position(|element| element.contains(Some(&focused)))
    });
    let next = match current {
        Some(at) => (at as i32 + step).clamp(0, last),
        None if step < 0 => last,
        None => 0,
    };
    if let Some(element) = all.get(next as usize) {
        let _ = element.focus();
    }
}

/// Whether keys typed now belong to a text field.
pub fn is_typing() -> bool {
    focused().is_some_and(|element| {
        let tag = element.tag_name();
        matches!(tag.as_str(), "INPUT" | "TEXTAREA" | "SELECT")
            || element.has_attribute("contenteditable")
    })
}

/// Puts text on the clipboard.
pub fn copy(text: &str) {
    // The promise is not awaited: the browser asks the person itself when it must.
    let _ = window().navigator().clipboard().write_text(text);
}

/// Reads a preference this browser keeps.
pub fn stored(key: &str) -> Option<String> {
    window()
        .local_storage()
        .ok()
        .flatten()?
        .get_item(key)
        .ok()
        .flatten()
}

/// Keeps a preference in this browser.
pub fn store(key: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(key, value);
    }
}

/// Sets an attribute of the root element, where `tokens.css` reads preferences.
pub fn set_root_attribute(name: &str, value: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute(name, value);
    }
}

/// Whether the root element has an attribute.
pub fn root_has_attribute(name: &str) -> bool {
    let root = document().document_element();
    root.is_some_and(|root| root.has_attribute(name))
}

/// Moves the cursor of the page's table by `step` rows.
pub fn move_row_cursor(step: i32) {
    if let Some(root) = document().document_element() {
        move_focus(&root, "[data-row-link] > a", step);
    }
}

/// Whether a modal dialog is over the page.
pub fn dialog_is_open() -> bool {
    document()
        .query_selector("dialog[open]")
        .ok()
        .flatten()
        .is_some()
}

/// Scrolls as little as shows the element.
pub fn scroll_into_view(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Takes the focus out of the page's filter, so that single keys work again.
pub fn leave_filter() {
    let element = focused().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    if let Some(element) = element.filter(|element| element.has_attribute("data-filter")) {
        let _ = element.blur();
    }
}

/// Sends a file to the server; the answer's status and its text. Fails when the server
/// cannot be reached.
#[cfg(feature = "hydrate")]
pub async fn send_file(path: &str, kind: &str, file: &web_sys::File) -> Option<(u16, String)> {
    send(path, kind, file).await
}

/// Sends JSON to the server, as [`send_file`] does a file.
#[cfg(feature = "hydrate")]
pub async fn send_json(path: &str, body: &str) -> Option<(u16, String)> {
    send(path, "application/json", &body.into()).await
}

#[cfg(feature = "hydrate")]
async fn send(path: &str, kind: &str, body: &wasm_bindgen::JsValue) -> Option<(u16, String)> {
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{Headers, RequestInit, Response};

    let headers = Headers::new().ok()?;
    headers.set("content-type", kind).ok()?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(body);
    let answer = JsFuture::from(window().fetch_with_str_and_init(path, &request));
    let answer: Response = answer.await.ok()?.dyn_into().ok()?;
    let text = JsFuture::from(answer.text().ok()?).await.ok()?;
    Some((answer.status(), text.as_string()?))
}

/// Nobody presses a button on the server.
#[cfg(not(feature = "hydrate"))]
pub async fn send_json(_: &str, _: &str) -> Option<(u16, String)> {
    None
}

/// Nobody chooses a file on the server.
#[cfg(not(feature = "hydrate"))]
pub async fn send_file(_: &str, _: &str, _: &web_sys::File) -> Option<(u16, String)> {
    None
}
