//! How every page shows data that arrives.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::{ErrorPanel, Remount, Skeleton};
use crate::data::UiError;
#[cfg(feature = "ssr")]
use crate::data::UiErrorKind;

/// A page's data: on the server before the page is sent, in the browser when the URL changes.
pub(super) type Loading<T> = Resource<Result<T, UiError>>;

/// Shows `data` by `render`; a skeleton before the first answer, the old content while a
/// newer answer is on its way, and the error with a way out when there is one.
pub(super) fn loaded<T>(
    data: Loading<T>,
    render: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
{
    let remount = Remount::new();
    view! {
        <Transition fallback=skeleton>
            {
                let render = render.clone();
                move || {
                    data.get().map(|answer| match answer {
                        Ok(value) => remount.draw(|| render(value)),
                        Err(error) => {
                            #[cfg(feature = "ssr")]
                            answer_with_status(error.kind);
                            view! {
                                <Title text=error.message.clone()/>
                                <ErrorPanel error/>
                            }
                            .into_any()
                        }
                    })
                }
            }
        </Transition>
    }
}

/// Gives the document the status that its error means.
#[cfg(feature = "ssr")]
fn answer_with_status(kind: UiErrorKind) {
    // A page that offers to sign in, or to write something else, is an answer.
    if matches!(kind, UiErrorKind::SignedOut | UiErrorKind::Invalid) {
        return;
    }
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(kind.status());
    }
}

fn skeleton() -> impl IntoView {
    view! {
        <div class="skeleton-page" aria-busy="true" aria-label="Loading">
            <Skeleton width="30%" height="1.5rem"/>
            <Skeleton width="55%"/>
            <Skeleton height="12rem"/>
        </div>
    }
}
