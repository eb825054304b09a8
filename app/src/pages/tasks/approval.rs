//! What a task waits for people to decide, and what they decided.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::components::{
    Button, ButtonKind, Card, EntityLink, FormField, Icon, Remount, Textarea, Toaster, Tone,
};
use crate::data::EntityLabel;
use crate::data::tasks::{ApprovalView, TaskView, decide_task};

/// The question that the task waits for, and the answers so far.
pub(super) fn approval(task: RwSignal<TaskView>) -> impl IntoView {
    let approvals = Memo::new(move |_| task.with(|task| (task.approvals.clone(), task.now)));
    let remount = Remount::new();
    move || {
        let (approvals, now) = approvals.get();
        let shown = approvals.into_iter().filter(|it| it.state != "withdrawn");
        let shown = shown.map(|it| match it.state.as_str() {
            "pending" => pending(it, now).into_any(),
            _ => decided(it).into_any(),
        });
        let shown = shown.collect_view();
        remount.draw(move || shown.into_any())
    }
}

/// A question, with the answers for those who may give one.
fn pending(approval: ApprovalView, now: i64) -> impl IntoView {
    let comment = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let toaster = use_context::<Toaster>();
    let task = StoredValue::new(approval.task.clone());
    let decide = move |approve: bool| {
        busy.set(true);
        spawn_local(async move {
            let said = comment.get_untracked();
            let answer = decide_task(task.get_value(), approve, said).await;
            if let Some(toaster) = toaster {
                match answer {
                    Ok(()) if approve => toaster.show(Tone::Success, "Approved"),
                    Ok(()) => toaster.show(Tone::Success, "Rejected"),
                    Err(error) => toaster.show(Tone::Danger, error.message),
                }
            }
            busy.try_set(false);
        });
    };
    let subject = match &approval.step {
        Some(step) => format!("The step \u{201c}{step}\u{201d}"),
        None => "This task".to_owned(),
    };
    let four_eyes = approval
        .four_eyes
        .then_some(" Somebody else than who asked has to decide.");
    view! {
        <Card title="Waiting for approval">
            <div class="stack">
                <p>
                    {subject}
                    " goes on when "
                    {people(&approval.by)}
                    " agrees, within "
                    {left(approval.expires_at - now)}
                    "."
                    {four_eyes}
                </p>
                {approval.reason.map(|reason| view! { <blockquote class="approval-reason">{reason}</blockquote> })}
                {approval.may_decide.then(|| view! {
                    <FormField id="approval-comment" label="Comment">
                        <Textarea
                            name="comment"
                            rows=2
                            value=comment
                            on:input=move |event| comment.set(event_target_value(&event))
                        />
                    </FormField>
                    <div class="flex flex-wrap gap-2">
                        <Button
                            kind=ButtonKind::Primary
                            icon=Icon::Check
                            loading=busy
                            on:click=move |_| decide(true)
                        >
                            "Approve"
                        </Button>
                        <Button kind=ButtonKind::Danger icon=Icon::X loading=busy on:click=move |_| decide(false)>
                            "Reject"
                        </Button>
                    </div>
                })}
            </div>
        </Card>
    }
}

/// An answer in a line.
fn decided(approval: ApprovalView) -> impl IntoView {
    let step = approval.step.map(|step| format!(" \u{201c}{step}\u{201d}"));
    let by = approval.decided_by.filter(|_| approval.state != "expired");
    view! {
        <p class="note approval-decided">
            {match approval.state.as_str() {
                "approved" => "Approved",
                "rejected" => "Rejected",
                _ => "Nobody decided in time about",
            }}
            {step}
            {by.map(|by| view! { " by " {person(&by)} })}
            {approval.comment.map(|comment| view! { ": " <q>{comment}</q> })}
        </p>
    }
}

/// Who decides: `a or b`.
pub(super) fn people(all: &[EntityLabel]) -> impl IntoView + use<> {
    let names = all.iter().enumerate().map(|(at, label)| {
        view! { {(at > 0).then_some(" or ")} {person(label)} }
    });
    names.collect_view()
}

/// Somebody, with a link when the catalog knows them.
pub(super) fn person(label: &EntityLabel) -> AnyView {
    match label.exists {
        true => view! { <EntityLink entity_ref=label.reference() title=label.title.clone()/> }
            .into_any(),
        false => label.entity_ref.clone().into_any(),
    }
}

/// How much time is left, in words.
pub(super) fn left(millis: i64) -> String {
    let minutes = millis.max(0) / 60_000;
    match minutes {
        0..120 => format!("{minutes} min"),
        120..2_880 => format!("{} h", minutes / 60),
        _ => format!("{} days", minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    use super::left;

    #[test]
    fn what_is_left_is_told_in_the_unit_that_fits() {
        assert_eq!(left(-5), "0 min");
        assert_eq!(left(90 * 60_000), "90 min");
        assert_eq!(left(30 * 3_600_000), "30 h");
        assert_eq!(left(7 * 86_400_000), "7 days");
    }
}
