//! How the portal speaks.

use leptos::prelude::*;

use super::Specimen;
use crate::components::{
    Alert, Button, ButtonKind, EmptyState, ErrorPanel, Icon, Progress, Skeleton, StepState, Steps,
    Tone,
};
use crate::data::UiError;

pub(super) fn section() -> impl IntoView {
    view! {
        <Specimen title="Alerts">
            <div class="gallery-stack">
                <Alert tone=Tone::Info title="This entity is read from a branch"/>
                <Alert tone=Tone::Warning title="The last two reads failed">
                    "What you see is from three hours ago."
                </Alert>
                <Alert tone=Tone::Danger title="The file could not be parsed">
                    <code>"catalog-info.yaml:12:3"</code>" found a tab where spaces are expected."
                </Alert>
                <Alert tone=Tone::Success title="Registered 14 entities"/>
            </div>
        </Specimen>
        <Specimen title="Progress and steps">
            <div class="gallery-stack">
                <Progress label="Reading 10,000 files" value=Signal::stored(Some(0.42))/>
                <Progress label="Connecting" value=Signal::stored(None)/>
                <Steps steps=vec![
                    ("Locate".to_owned(), StepState::Done),
                    ("Preview".to_owned(), StepState::Current),
                    ("Register".to_owned(), StepState::Waiting),
                    ("Notify".to_owned(), StepState::Failed),
                ]/>
            </div>
        </Specimen>
        <Specimen title="Empty state">
            <EmptyState
                icon=Icon::Inbox
                title="Nothing is registered yet"
                text="Services, APIs and teams appear here once a catalog-info.yaml is registered."
            >
                <Button kind=ButtonKind::Primary icon=Icon::Plus>"Register a location"</Button>
            </EmptyState>
        </Specimen>
        <Specimen title="Error">
            <ErrorPanel error=UiError::internal("The catalog did not answer within 10 seconds.")/>
        </Specimen>
        <Specimen title="Skeleton">
            <div class="gallery-stack">
                <Skeleton width="40%" height="1.25rem"/>
                <Skeleton/>
                <Skeleton width="75%"/>
            </div>
        </Specimen>
    }
}
