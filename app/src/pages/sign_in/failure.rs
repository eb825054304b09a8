//! Why a sign-in did not work, and what to do. The address holds a code: nothing that somebody
//! else wrote is shown.

use leptos::prelude::*;

use crate::components::{Alert, Tone};

/// What happened.
#[component]
pub(super) fn Failure(
    /// The word in the address.
    code: String,
    /// Names the audit event, for whoever runs the portal.
    reference: Option<String>,
) -> impl IntoView {
    let (title, text) = explain(&code);
    let reference = reference.filter(|it| is_reference(it));
    view! {
        <Alert tone=Tone::Danger title=title>
            <p>{text}</p>
            {reference.map(|id| view! {
                <p class="text-sm">"Reference: "<code class="break-all">{id}</code></p>
            })}
        </Alert>
    }
}

fn explain(code: &str) -> (&'static str, &'static str) {
    match code {
        "provider-unavailable" => (
            "The sign-in provider does not answer",
            "Wait a moment and try again. People who are signed in already can go on working.",
        ),
        "access-denied" => (
            "The sign-in was cancelled",
            "The provider was told not to let this portal know who you are. Try again, or ask \
             whoever runs the provider for access to this application.",
        ),
        "not-in-catalog" => (
            "You are not in the catalog",
            "You proved who you are, but no User entity of the catalog is you. Ask the people who \
             run this portal to add one, or to add the annotation graph.microsoft.com/user-id, \
             microsoft.com/email or the e-mail address of spec.profile that says it is you. Give \
             them the reference: the audit log tells them what you are known by.",
        ),
        "ambiguous" => (
            "Several entities of the catalog claim to be you",
            "For your safety none was chosen. Ask the people who run this portal to remove the \
             annotation or address from all but one; the audit log names two of them.",
        ),
        "tenant" => (
            "This account is of an organization that is not let in",
            "Sign in with an account of another organization, or ask the people who run this \
             portal to add yours to allowedTenants.",
        ),
        "groups" => (
            "Your groups could not be read",
            "You are in more groups than the provider tells of at once, and asking for them \
             failed, so it is not known what you may do. Try again in a moment. When it stays so, \
             the application lacks the permission GroupMember.Read.All of Microsoft Graph.",
        ),
        "too-late" => (
            "The sign-in took too long",
            "It has to be finished within ten minutes. Try again.",
        ),
        "not-begun" | "replayed" => (
            "That sign-in cannot be continued here",
            "It was begun in another browser, was used before, or cookies are not allowed. Begin \
             again with the button below.",
        ),
        "no-provider" => (
            "There is no such sign-in provider",
            "It may have been removed from the configuration. Choose another way below.",
        ),
        "token" | "refused" => (
            "The sign-in provider's answer is not accepted",
            "Try again. When it stays so, the people who run this portal find the reason in the \
             audit log by the reference.",
        ),
        _ => (
            "The sign-in did not work",
            "Try again. When it stays so, ask the people who run this portal.",
        ),
    }
}

/// A reference is shown only when it looks like one.
fn is_reference(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || it == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_reference_is_shown_as_one() {
        assert!(is_reference("019aaf6c-3f2e-7000-8000-0123456789ab"));
        for other in ["", "call us at 555", "<b>", &"a".repeat(65)] {
            assert!(!is_reference(other), "{other}");
        }
    }
}
