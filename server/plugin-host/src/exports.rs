//! What a component has to export to fit its world.

use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::{Component, InstancePre};

use crate::bindings::exports::portico::plugin::{action, check, provider};
use crate::{LoadError, World};

/// The exports of a plugin, found once.
pub(crate) enum Exports {
    Provider(provider::GuestIndices),
    Action(action::GuestIndices),
    Check(check::GuestIndices),
}

impl Exports {
    /// Finds and type-checks the exports of a world.
    pub(crate) fn find<T>(pre: &InstancePre<T>, world: World) -> Result<Self, LoadError> {
        let found = check_types(pre.component(), world).and_then(|()| match world {
            World::CatalogProvider => provider::GuestIndices::new(pre).map(Self::Provider),
            World::ScaffolderAction => action::GuestIndices::new(pre).map(Self::Action),
            World::ScorecardCheck => check::GuestIndices::new(pre).map(Self::Check),
        });
        found.map_err(|error| LoadError::WrongWorld {
            world,
            reason: format!("{error:#}"),
        })
    }
}

/// The generated code checks types on the first call; a reviewer wants to know before.
fn check_types(component: &Component, world: World) -> wasmtime::Result<()> {
    let ty = component.component_type();
    let cx = ty.instance_type();
    match world {
        World::CatalogProvider => function(component, "provider", "read")?
            .typecheck::<(provider::Position,), (Result<provider::Batch, String>,)>(&cx),
        World::ScaffolderAction => {
            function(component, "action", "schema")?.typecheck::<(), (String,)>(&cx)?;
            function(component, "action", "run")?
                .typecheck::<(action::Call,), (Result<String, String>,)>(&cx)
        }
        World::ScorecardCheck => function(component, "check", "evaluate")?
            .typecheck::<(Vec<check::Subject>,), (Vec<check::Finding>,)>(&cx),
    }
}

fn function(component: &Component, interface: &str, name: &str) -> wasmtime::Result<ComponentFunc> {
    let interface = format!("portico:plugin/{interface}@1.0.0");
    let instance = component.get_export_index(None, &interface);
    let instance =
        instance.ok_or_else(|| wasmtime::format_err!("it does not export {interface}"))?;
    match component.get_export(Some(&instance), name) {
        Some((ComponentItem::ComponentFunc(function), _)) => Ok(function),
        _ => Err(wasmtime::format_err!("{interface} has no function {name}")),
    }
}
