//! What narrows the list of tasks: in the URL, and in a form that works by itself.

use leptos::prelude::*;

use crate::components::{Button, Choice, EntityLink, Icon, Select};
use crate::data::reference;
use crate::data::tasks::TasksAsked;
use crate::paths;

/// Whose tasks of which template.
pub(super) fn filters(asked: &TasksAsked, templates: &[(String, String)]) -> impl IntoView + use<> {
    let choices = [Choice::new("", "Any template")].into_iter();
    let choices = choices.chain(
        templates
            .iter()
            .map(|(name, title)| Choice::new(name, title)),
    );
    let whose = [
        Choice::new("", "Mine"),
        Choice::new("everybody", "Everybody's"),
    ];
    let who = if asked.everybody { "everybody" } else { "" };
    let chosen = asked.template_ref.clone().unwrap_or_default();
    let status = asked.status.clone();
    let entity = asked.entity_ref.clone();
    let every_entity = address(&TasksAsked {
        entity_ref: None,
        page: 0,
        ..asked.clone()
    });
    view! {
        <form class="task-filters" method="get" action=paths::TASKS>
            {(!status.is_empty()).then(|| view! { <input type="hidden" name="status" value=status/> })}
            {match entity {
                Some(entity) => view! {
                    <input type="hidden" name="entity" value=entity.clone()/>
                    <p class="note">
                        "For " <EntityLink entity_ref=reference(&entity) title=entity/> " · "
                        <a class="link" href=every_entity>"For anything"</a>
                    </p>
                }
                .into_any(),
                None => view! {
                    <Select name="who" label="Whose" choices=whose.to_vec() value=who/>
                }
                .into_any(),
            }}
            <Select name="template" label="Template" choices=choices.collect() value=chosen/>
            <Button r#type="submit" icon=Icon::Search small=true>"Filter"</Button>
        </form>
    }
}

/// The address of a list.
pub(super) fn address(asked: &TasksAsked) -> String {
    let mut query = Vec::new();
    if !asked.status.is_empty() {
        query.push(format!("status={}", asked.status));
    }
    if asked.everybody {
        query.push("who=everybody".to_owned());
    }
    if let Some(entity) = &asked.entity_ref {
        query.push(format!("entity={}", paths::encode(entity)));
    }
    if let Some(template) = &asked.template_ref {
        query.push(format!("template={}", paths::encode(template)));
    }
    if asked.page > 0 {
        query.push(format!("page={}", asked.page + 1));
    }
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{mark}{}", paths::TASKS, query.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters_are_kept_in_addresses() {
        assert_eq!(address(&TasksAsked::default()), "/tasks");
        let asked = TasksAsked {
            page: 1,
            status: "failed".into(),
            everybody: true,
            entity_ref: None,
            template_ref: Some("template:default/a".to_owned()),
        };
        assert_eq!(
            address(&asked),
            "/tasks?status=failed&who=everybody&template=template:default/a&page=2"
        );
    }
}
