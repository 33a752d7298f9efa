use clap::builder::{PossibleValuesParser, StyledStr};
use clap::{Arg, Command, value_parser};

/// The tree of commands, in a form that the completions of all shells can contain.
///
/// The vendors' text becomes part of the code of a shell, and not all completions quote it. Values that are not plain words are
/// removed, and quotes are replaced by those that all shells support.
pub(super) fn harmless(command: Command) -> Command {
    let about = command.get_about().map(plain);
    let command = match about {
        Some(about) => command.about(about),
        None => command,
    };
    command
        .mut_args(harmless_argument)
        .mut_subcommands(harmless)
}

fn harmless_argument(arg: Arg) -> Arg {
    let help = arg.get_help().map(plain);
    let arg = match help {
        Some(help) => arg.help(help),
        None => arg,
    };
    let values = arg.get_possible_values();
    if values.iter().all(|value| is_word(value.get_name())) {
        return arg;
    }
    let words: Vec<_> = values
        .into_iter()
        .filter(|value| is_word(value.get_name()))
        .collect();
    if words.is_empty() {
        arg.value_parser(value_parser!(String))
    } else {
        arg.value_parser(PossibleValuesParser::new(words))
    }
}

/// A string without the quotes that PowerShell interprets.
fn plain(text: &StyledStr) -> String {
    text.to_string()
        .replace(['\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'], "'")
}

/// Whether no shell interprets a value as anything else.
fn is_word(value: &str) -> bool {
    let mut bytes = value.bytes();
    !value.is_empty()
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || b"._:/@+,=-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use clap_complete::Shell;
    use specmill::dynamic::{Api, Operation, Parameter};

    use super::super::{Catalogue, command, for_completions};

    const HOSTILE: [&str; 5] = [
        "$(hostile)",
        "`hostile`",
        "hostile;",
        "(hostile)",
        "a\"hostile",
    ];

    /// Panther's API with one operation that has these descriptions.
    fn api(values: &'static [&'static str], description: &'static str) -> &'static Api {
        let panther = specmill::dynamic::api("panther").unwrap();
        let known = panther.operation("user_list").unwrap();
        let parameters = known.parameters.iter().map(|one| Parameter {
            kind: specmill::dynamic::Kind::Text,
            values,
            description,
            ..*one
        });
        let operation = Box::leak(Box::new(Operation {
            group_description: "",
            table: known.table,
            group: known.group,
            verb: known.verb,
            summary: description,
            description,
            deprecated: known.deprecated,
            parameters: Vec::leak(parameters.collect()),
            body: known.body,
            success: known.success,
            stream: None,
        }));
        Box::leak(Box::new(Api {
            api: panther.api,
            feature: panther.feature,
            module: panther.module,
            environment: panther.environment,
            variables: panther.variables,
            operations: specmill::dynamic::Operations::listed(Vec::leak(vec![&*operation])),
            transport: panther.transport,
        }))
    }

    fn script(shell: Shell, api: &'static Api) -> String {
        let mut script = Vec::new();
        let mut command = for_completions(&Catalogue::new(&[api]));
        clap_complete::generate(shell, &mut command, "specmill", &mut script);
        String::from_utf8(script).unwrap()
    }

    #[test]
    fn a_value_that_a_shell_would_run_is_not_completed() {
        let mut values = HOSTILE.to_vec();
        values.extend(["name,-created_at", "v1.2/x:y@z+1=2"]);
        let api = api(Vec::leak(values), "");
        for shell in [Shell::Bash, Shell::Zsh] {
            let script = script(shell, api);
            assert!(!script.contains("hostile"), "{shell}");
            assert!(script.contains("created_at"), "{shell}");
        }
    }

    #[test]
    fn a_value_that_is_not_completed_is_still_accepted_and_in_the_help() {
        let mut command = command(&Catalogue::new(&[api(&HOSTILE, "")]));
        let words = [
            "specmill",
            "panther",
            "user",
            "list",
            "--contains",
            HOSTILE[0],
        ];
        assert!(command.clone().try_get_matches_from(words).is_ok());
        let mut leaf = &mut command;
        for word in &words[1..4] {
            leaf = leaf.find_subcommand_mut(word).unwrap();
        }
        let help = leaf.render_long_help().to_string();
        for value in HOSTILE {
            assert!(help.contains(value), "{value}: {help}");
        }
    }

    #[test]
    fn no_quote_in_a_description_ends_a_powershell_string() {
        let script = script(
            Shell::PowerShell,
            api(&[], "a\u{2018}b\u{2019}c\u{201a}d\u{201b}e'f"),
        );
        assert!(script.contains("a''b''c''d''e''f"), "{script}");
        assert!(!script.contains(['\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}']));
    }
}
