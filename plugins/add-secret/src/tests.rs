use portico_plugin_sdk::{Value, json, mock::Host, scm::Edit, testing};

use super::*;

const REPOSITORY: &str = "local:orders-api";

/// The repository of the example, which the action is to fit.
const ORDERS: &str =
    include_str!("../../../examples/contoso/repositories/orders-api/bicep/main.bicep");

const CONTAINER: &str = "\
resource keyVault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: 'kv-orders'
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: 'id-orders'
}

resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: 'ca-orders'
  properties: {
    configuration: {
      secrets: []
    }
    template: {
      containers: [
        {
          env: [
            {
              name: 'A'
              value: 'b'
            }
          ]
        }
      ]
    }
  }
}
";

fn run(text: &str, secret: &str, setting: &str) -> Result<String> {
    let host = Host::new();
    host.add_scm_file(REPOSITORY, PATH, text);
    let input = json!({"repository": REPOSITORY, "secret": secret, "setting": setting});
    let result: Result<Value> = testing::run::<AddSecret>(&input, Call::default());
    let proposals = host.proposals();
    assert_eq!(result.is_ok(), proposals.len() == 1);
    result?;
    let [Edit::Write { content, .. }] = &proposals[0].edits[..] else {
        panic!("one file is written");
    };
    Ok(String::from_utf8(content.clone()).unwrap())
}

#[test]
fn the_example_gets_a_secret() {
    let found = run(ORDERS, "payment-provider-key", "PaymentProvider__Key").unwrap();
    testing::assert_text("golden/orders-api.bicep", &found);
}

#[test]
fn a_container_app_gets_a_secret() {
    let found = run(CONTAINER, "payment-provider-key", "PaymentProvider__Key").unwrap();
    testing::assert_text("golden/container-app.bicep", &found);
}

#[test]
fn it_refuses_clearly() {
    let first = run(ORDERS, "payment-key", "Payment__Key").unwrap();
    let again = run(&first, "payment-key", "Other").unwrap_err().to_string();
    assert_eq!(
        again,
        "The Bicep file uses the secret `payment-key` already: `paymentKeySecret`. Nothing was \
         changed."
    );
    let taken = run(&first, "other-key", "Payment__Key").unwrap_err();
    assert!(
        taken
            .to_string()
            .contains("a setting `Payment__Key` already")
    );
    for (secret, setting) in [
        ("Payment", "A"),
        ("pay/key", "A"),
        ("key", "a-b"),
        ("key", "1a"),
    ] {
        assert!(run(ORDERS, secret, setting).is_err(), "{secret} {setting}");
    }
}

#[test]
fn the_interface_is_described() {
    testing::assert_interface::<AddSecret>("interface.json");
}
