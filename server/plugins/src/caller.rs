//! For whom a call is made: what a plugin does, it does with no more rights than they have.

use portico_access::Principal;

tokio::task_local! {
    static CALLER: Principal;
}

/// Runs a call of a plugin for somebody.
pub(crate) async fn on_behalf_of<F: Future>(who: Principal, call: F) -> F::Output {
    CALLER.scope(who, call).await
}

/// For whom the current call is made; the portal itself for providers on their schedule.
pub(crate) fn caller() -> Principal {
    CALLER.try_with(Clone::clone).unwrap_or(Principal::System)
}
