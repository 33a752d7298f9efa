//! The tables of calls by name, of every API.

use std::collections::BTreeSet;

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
fn every_parameter_is_told_of_in_the_order_of_the_table() {
    let mut told = 0;
    for operation in APIS.iter().flat_map(|api| api.operations) {
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
fn nothing_that_is_told_commands_a_terminal() {
    for operation in APIS.iter().flat_map(|api| api.operations) {
        let parameters = operation.parameters.iter().map(|one| one.description);
        let members = operation.body.iter().map(|one| one.description);
        for text in parameters.chain(members).chain([operation.summary]) {
            assert!(!text.contains(|c: char| c.is_control() || c == '\u{202e}'), "{text:?}");
        }
    }
}

#[test]
fn a_body_that_holds_itself_is_told_of_and_ends() {
    let members: usize = APIS
        .iter()
        .flat_map(|api| api.operations)
        .map(|operation| operation.body.len())
        .max()
        .unwrap();
    assert!(members > 5 && members <= 200, "{members}");
}

#[test]
fn an_api_is_connected_from_its_variables_alone() {
    for api in APIS {
        let given = api.variables.iter().filter_map(|variable| match variable.name {
            name if name.ends_with("_BASE_URL") => Some((name, "http://127.0.0.1:1")),
            name => variable.required.then_some((name, "x")),
        });
        let connected = api.connect(&Variables::given(given));
        assert!(connected.is_ok(), "{api:?}: {connected:?}");
    }
}
