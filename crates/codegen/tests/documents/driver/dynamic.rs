//! The tables for dynamic calls of every API.

use std::collections::BTreeSet;

use specmill_client::dynamic::Role;
use specmill_client::environment::Variables;

use crate::APIS;

#[test]
fn no_two_operations_have_the_same_words() {
    for api in APIS {
        let words = api.operations.iter().map(|one| (one.group, one.verb));
        let distinct: BTreeSet<_> = words.collect();
        assert_eq!(distinct.len(), api.operations.len(), "{api:?}");
        for (group, verb) in distinct {
            assert!(!group.is_empty() && !verb.is_empty(), "{api:?}");
        }
    }
}

#[test]
fn every_parameter_is_described_in_the_order_of_the_table() {
    let mut told = 0;
    for operation in APIS.iter().flat_map(|api| api.operations.iter()) {
        let id = operation.table.id;
        assert_eq!(operation.parameters.len(), operation.table.parameters.len(), "{id}");
        for (one, table) in operation.parameters.iter().zip(operation.table.parameters) {
            let joined = |text: &str| text.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>();
            let (words, name) = (joined(one.words), joined(table.name).to_lowercase());
            assert!(name.is_empty() || words.contains(&name), "{id}: {words} {name}");
            told += 1;
        }
    }
    assert!(told > 300, "{told}");
}

#[test]
fn no_description_contains_terminal_commands() {
    for operation in APIS.iter().flat_map(|api| api.operations.iter()) {
        let parameters = operation.parameters.iter();
        let parameters = parameters.flat_map(|one| [Some(one.description), one.example]);
        let members = operation.body.iter();
        let members = members.flat_map(|one| [Some(one.description), one.example]);
        for text in parameters.chain(members).flatten().chain([operation.summary, operation.group_description]) {
            assert!(!text.contains(|c: char| c.is_control() || c == '\u{202e}'), "{text:?}");
        }
    }
}

#[test]
fn a_recursive_body_is_described_up_to_its_recursion() {
    let members: usize = APIS
        .iter()
        .flat_map(|api| api.operations.iter())
        .map(|operation| operation.body.len())
        .max()
        .unwrap();
    assert!(members > 5 && members <= 200, "{members}");
}

fn is_again(description: &str, name: &str) -> bool {
    !description.is_empty() && description.eq_ignore_ascii_case(name)
}

#[test]
fn no_description_repeats_the_name() {
    for operation in APIS.iter().flat_map(|api| api.operations.iter()) {
        for (one, table) in operation.parameters.iter().zip(operation.table.parameters) {
            assert!(!is_again(one.description, table.name), "{one:?}");
        }
        for member in operation.body {
            let name = member.path.last().unwrap();
            assert!(!is_again(member.description, name), "{member:?}");
        }
    }
}

#[test]
fn an_api_has_one_base_url_and_distinct_credentials() {
    for api in APIS {
        let of_role = |role| api.variables.iter().filter(move |one| one.role == role);
        let addresses: Vec<_> = of_role(Role::Address).collect();
        assert_eq!(addresses.len(), 1, "{api:?}");
        // A URL that is built from its parts is not required, and no other variable can replace it.
        assert_eq!(addresses[0].required, of_role(Role::AddressPart).count() == 0, "{api:?}");
        for part in of_role(Role::AddressPart) {
            assert!(addresses[0].description.contains(part.name), "{api:?}");
        }
        let secrets = api.variables.iter().filter(|one| one.secret);
        assert!(secrets.clone().all(|one| one.role == Role::Credential), "{api:?}");
    }
}

#[test]
fn a_client_is_built_from_its_variables_only() {
    for api in APIS {
        let given = api.variables.iter().filter_map(|variable| match variable.name {
            name if name.ends_with("_BASE_URL") => Some((name, "http://127.0.0.1:1")),
            name => variable.required.then_some((name, "x")),
        });
        let connected = api.connect(&Variables::given(given));
        assert!(connected.is_ok(), "{api:?}: {connected:?}");
    }
}
