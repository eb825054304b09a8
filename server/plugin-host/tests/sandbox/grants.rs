//! Every capability: granted, not granted, granted to another plugin.

use crate::guests::{ActionText, action, check_wat, component, host, spec};
use portico_plugin_host::{
    CallContext, CatalogGrant, Grants, HttpGrant, Interface, LoadError, PluginSpec, ScmGrant,
    StateGrant, Subject, WorkspaceGrant, World,
};
use serde_json::json;

/// A capability, the function of it that a guest calls, and that function's parameters in
/// WebAssembly's own types. All of them can be null: what is asked is wrong then, and the
/// answer is an error that the guest does not look at.
struct Case {
    interface: Interface,
    function: &'static str,
    parameters: &'static str,
    result: &'static str,
    grant: fn(&mut Grants),
}

fn cases() -> Vec<Case> {
    let case = |interface, function, parameters, result, grant| Case {
        interface,
        function,
        parameters,
        result,
        grant,
    };
    vec![
        case(Interface::Catalog, "get-entity", "i32 i32 i32", "", |it| {
            it.catalog = Some(CatalogGrant::default());
        }),
        case(Interface::Clock, "now", "", "i64", |it| it.clock = true),
        case(Interface::Config, "get", "i32", "", |it| it.config = true),
        case(
            Interface::Http,
            "send",
            "i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32",
            "",
            |it| it.http = Some(HttpGrant::default()),
        ),
        case(Interface::Log, "write", "i32 i32 i32", "", |it| {
            it.log = true;
        }),
        case(Interface::Random, "bytes", "i32 i32", "", |it| {
            it.random = true;
        }),
        case(
            Interface::Repository,
            "read-file",
            "i32 i32 i32 i32",
            "",
            |it| it.repository = true,
        ),
        case(
            Interface::Scm,
            "read-file",
            "i32 i32 i32 i32 i32",
            "",
            |it| it.scm = Some(ScmGrant::default()),
        ),
        case(Interface::State, "get", "i32 i32 i32", "", |it| {
            it.state = Some(StateGrant::default());
        }),
        case(Interface::Workspace, "read-file", "i32 i32 i32", "", |it| {
            it.workspace = Some(WorkspaceGrant::default());
        }),
    ]
}

impl Case {
    fn import(&self) -> String {
        let result = match self.result {
            "" => String::new(),
            result => format!("(result {result})"),
        };
        format!(
            r#"(import "portico:plugin/{}@1.0.0" "{}" (func $asked (param {}) {result}))"#,
            self.interface, self.function, self.parameters
        )
    }

    /// Calls the function: every pointer is null, and results go to 2048.
    fn call(&self) -> String {
        let parameters = self.parameters.split_whitespace().count();
        let last = parameters.saturating_sub(1);
        let returns_nothing = self.result.is_empty() && self.interface != Interface::Log;
        let arguments = (0..parameters).map(|at| match at == last && returns_nothing {
            true => "(i32.const 2048)",
            false => "(i32.const 0)",
        });
        let call = format!("(call $asked {})", arguments.collect::<String>());
        match self.result {
            "" => call,
            _ => format!("(drop {call})"),
        }
    }

    /// A plugin that calls the function, with nothing granted. Files beside entities are for
    /// checks, all else is for actions too.
    fn plugin(&self, id: &str) -> PluginSpec {
        let (import, call) = (self.import(), self.call());
        let (world, wasm) = if self.interface == Interface::Repository {
            let wat = check_wat(&call).replacen("(module", &format!("(module {import}"), 1);
            let world = World::ScorecardCheck;
            (world, component(world, &wat))
        } else {
            let wasm = action(ActionText {
                imports: &import,
                attack: &call,
                ..ActionText::default()
            });
            (World::ScaffolderAction, wasm)
        };
        PluginSpec {
            id: id.to_owned(),
            grants: Grants::default(),
            ..spec(world, wasm)
        }
    }

    fn granted(&self, id: &str) -> PluginSpec {
        let mut spec = self.plugin(id);
        (self.grant)(&mut spec.grants);
        spec
    }
}

#[test]
fn every_interface_has_a_case() {
    let interfaces: Vec<_> = cases().iter().map(|it| it.interface).collect();
    assert_eq!(interfaces, Interface::ALL);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_is_for_those_it_was_granted_to() {
    let host = host();
    for case in cases() {
        let interface = case.interface;
        let refused = |loaded: Result<_, LoadError>| match loaded {
            Err(LoadError::NotGranted { interfaces }) => assert_eq!(interfaces, [interface]),
            Err(error) => panic!("{interface}: {error}"),
            Ok(()) => panic!("{interface} was not granted"),
        };
        refused(host.load(case.plugin("mine")).await.map(drop));

        // Everything but this one.
        let mut all_else = case.plugin("mine");
        for other in cases().iter().filter(|it| it.interface != interface) {
            (other.grant)(&mut all_else.grants);
        }
        refused(host.load(all_else).await.map(drop));

        // The very same component, granted to another: this one still may not.
        let granted = host.load(case.granted("other")).await;
        let granted = granted.unwrap_or_else(|error| panic!("{interface}: {error}"));
        refused(host.load(case.plugin("mine")).await.map(drop));

        let (context, input) = (CallContext::default(), json!(1));
        let result = if granted.world() == World::ScorecardCheck {
            let subject = Subject {
                entity: json!({}),
                facts: json!({}),
            };
            let outcome = host.call_check(&granted, context, &[subject]).await;
            outcome.result.map(drop)
        } else {
            let outcome = host.call_action(&granted, context, &input).await;
            outcome.result.map(drop)
        };
        assert_eq!(result, Ok(()), "{interface}");
    }
}
