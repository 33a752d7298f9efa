//! The help describes the values of each flag.

use crate::support::Specmill;

async fn help(words: &str) -> String {
    let run = Specmill::new().run(&format!("{words} --help")).await;
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    run.output
}

#[tokio::test]
async fn required_flags_are_marked() {
    for command in ["panther user create", "panther user update --id x"] {
        let text = help(command).await;
        for flag in [
            "--email <TEXT>",
            "--given-name <TEXT>",
            "--family-name <TEXT>",
        ] {
            let (_, after) = text.split_once(flag).unwrap();
            let line = after.trim_start().lines().next().unwrap();
            assert!(line.contains("[required without --body"), "{flag}: {line}");
        }
    }
    let text = help("panther user get").await;
    assert!(text.contains("[required; example: "), "{text}");
}

#[tokio::test]
async fn flags_of_pages_are_described_by_their_use() {
    let text = help("scp user list").await;
    for line in [
        "The number of items on a page [the service's default: 20]",
        "The number of the page; the first is 0 [the service's default: 0]",
        "sort, without a description by the vendor [example: created_at:desc]",
        "Instance ID [required; example: ssoins-12345]",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
}

#[tokio::test]
async fn checked_bounds_are_shown() {
    let text = help("panther user list").await;
    let line = "Maximum number of results to return [1 to 60; the service's default: 60]";
    assert!(text.contains(line), "{text}");
}

#[tokio::test]
async fn a_group_has_the_description_of_its_tag() {
    let api = help("scp").await;
    let mut lines = api.lines();
    let line = lines.find(|line| line.starts_with("  user ")).unwrap();
    assert!(
        line.ends_with("  Users of an Identity Center instance"),
        "{line}"
    );
    let group = help("scp user").await;
    let about = "Users of an Identity Center instance\n\nUsage: specmill scp user";
    assert!(group.starts_with(about), "{group}");
}

#[tokio::test]
async fn a_group_has_its_plural_as_an_alias() {
    assert_eq!(help("scp users list").await, help("scp user list").await);
}

#[tokio::test]
async fn it_describes_the_operation_and_its_permission() {
    let group = help("panther user").await;
    assert!(group.contains("\n  get     Get a user\n"), "{group}");
    let operation = help("panther user get").await;
    let begins = "Get a user\n\nIn open beta since Panther 1.112.\n\nGET /users/{id}\nRequired permission: Read User \
                  Info\n";
    assert!(operation.starts_with(begins), "{operation}");
}
