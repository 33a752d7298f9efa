//! Lists, page by page.

use specmill_sandbox::{Fault, Faults, Sandbox};

use crate::support::Specmill;

fn ids(json: &str) -> Vec<String> {
    let items: Vec<serde_json::Value> = serde_json::from_str(json).unwrap();
    let ids = items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned());
    ids.collect()
}

#[tokio::test]
async fn with_all_every_page_is_read_and_json_is_one_array() {
    let sandbox = Sandbox::builder()
        .panther_users(250)
        .identity_center_users(250)
        .start()
        .await
        .unwrap();
    let specmill = Specmill::on(&sandbox);
    let run = specmill.run("panther user list --all").await;
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    assert_eq!(ids(&run.output), sandbox.panther_user_ids());
    let run = specmill
        .run("scp user list --instance-id ssoins-12345 --all --size 20")
        .await;
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    assert_eq!(ids(&run.output), sandbox.identity_center_user_ids());
}

#[tokio::test]
async fn without_all_there_is_one_page_and_a_note_on_how_to_continue() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    let first = specmill.run("panther user list --limit 4").await;
    assert_eq!(sandbox.requests().count(), 1);
    let (_, rest) = first.errors.split_once("--cursor='").unwrap();
    let (cursor, _) = rest.split_once('\'').unwrap();
    let second = specmill
        .run(&format!("panther user list --limit 6 --cursor {cursor}"))
        .await;
    assert_eq!(second.errors, "");
    let all = [ids(&first.output), ids(&second.output)].concat();
    assert_eq!(all, sandbox.panther_user_ids());
}

#[tokio::test]
async fn the_argument_for_the_next_page_is_quoted_for_any_cursor() {
    let sandbox = Sandbox::start().await.unwrap();
    let body = r#"{"results":[{"id":"u"}],"next":"--all"}"#;
    sandbox.fail_next(Fault::custom(200, "application/json", body));
    let specmill = Specmill::on(&sandbox);
    let run = specmill.run("panther user list").await;
    assert!(run.errors.contains(" --cursor='--all' "), "{run:?}");
    let run = specmill
        .run("panther user list --cursor=--all --dry-run")
        .await;
    assert!(run.output.contains("/users?cursor=--all\n"), "{run:?}");
}

#[tokio::test]
async fn every_page_has_all_filters() {
    let sandbox = Sandbox::builder().panther_users(30).start().await.unwrap();
    let run = Specmill::on(&sandbox)
        .run("panther user list --limit 2 --contains acme --include-deactivated=false --all")
        .await;
    assert_eq!(run.code, Some(0), "{run:?}");
    let requests = sandbox.requests().all();
    assert_eq!(requests.len(), 15);
    for request in requests {
        assert_eq!(request.query_values("contains"), ["acme"]);
        assert_eq!(request.query_values("include-deactivated"), ["false"]);
    }
}

#[tokio::test]
async fn a_flag_that_repeats_is_a_list() {
    let sandbox = Sandbox::start().await.unwrap();
    let ids_there = sandbox.panther_user_ids();
    let run = Specmill::on(&sandbox)
        .run(&format!(
            "panther user list --id {} --id {}",
            ids_there[1], ids_there[3]
        ))
        .await;
    assert_eq!(
        ids(&run.output),
        [ids_there[1].clone(), ids_there[3].clone()]
    );
}

#[tokio::test]
async fn a_flag_with_an_empty_value_is_sent() {
    let sandbox = Sandbox::start().await.unwrap();
    let run = Specmill::on(&sandbox)
        .run("panther user list --contains= --id= --dry-run")
        .await;
    assert!(run.output.contains("/users?contains=&id=\n"), "{run:?}");
}

#[tokio::test]
async fn an_empty_list_is_an_empty_array_or_only_a_header() {
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    let run = specmill.run("panther user list --contains nobody").await;
    assert_eq!((run.code, run.output.as_str()), (Some(0), "[]\n"));
    let run = specmill
        .run("panther user list --contains nobody -o csv")
        .await;
    assert!(run.output.starts_with("id,email,") && run.output.lines().count() == 1);
    let run = specmill
        .run("panther user list --contains nobody -o table --all")
        .await;
    assert!(run.output.starts_with("id  email  ") && run.output.lines().count() == 1);
}

#[tokio::test]
async fn a_list_that_fails_midway_reports_its_items_and_leaves_the_array_open() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.fail_next_n(10, Fault::response().repeating_cursor());
    let run = Specmill::on(&sandbox)
        .run("panther user list --limit 4 --all")
        .await;
    assert_eq!(run.code, Some(10), "{run:?}");
    assert!(
        run.errors.contains("items were read before the failure"),
        "{run:?}"
    );
    // The failure is not about the total, so the option for it is not suggested.
    assert!(!run.errors.contains("--ignore-total"), "{run:?}");
    assert!(serde_json::from_str::<serde_json::Value>(&run.output).is_err());
}

#[tokio::test]
async fn a_list_that_ends_before_its_total_fails_with_its_own_exit_code_unless_the_total_is_ignored()
 {
    const LIST: &str = "scp user list --instance-id ssoins-12345 --size 4 --all";
    let sandbox = Sandbox::start().await.unwrap();
    let specmill = Specmill::on(&sandbox);
    for arguments in [LIST, &format!("{LIST} --page 1")] {
        let run = specmill.run(arguments).await;
        assert_eq!(
            (run.code, run.errors.as_str()),
            (Some(0), ""),
            "{arguments}"
        );
    }
    sandbox.fail_next_n(10, Fault::response().ignoring_page());
    let run = specmill.run(LIST).await;
    assert_eq!(run.code, Some(10), "{run:?}");
    let lines: Vec<&str> = run.errors.lines().map(str::trim).collect();
    assert_eq!(
        lines,
        [
            "error: scp-identity-center list_users: the listing ended after 4 of the 10 items that the service \
             reported, at page 1",
            "--ignore-total accepts a total that is wrong",
            "4 items were read before the failure",
            "--page='1' continues from there",
        ]
    );
    assert!(serde_json::from_str::<serde_json::Value>(&run.output).is_err());

    sandbox.fail_next_n(10, Fault::response().ignoring_page());
    let run = specmill.run(&format!("{LIST} --ignore-total")).await;
    assert_eq!((run.code, run.errors.as_str()), (Some(0), ""));
    assert_eq!(ids(&run.output), sandbox.identity_center_user_ids()[..4]);
}

#[tokio::test]
async fn a_list_that_fails_midway_shows_the_argument_that_continues() {
    for (list, numbered) in [
        ("panther user list --limit 4", false),
        ("scp user list --instance-id ssoins-12345 --size 4", true),
    ] {
        let sandbox = Sandbox::start().await.unwrap();
        let there = if numbered {
            sandbox.identity_center_user_ids()
        } else {
            sandbox.panther_user_ids()
        };
        sandbox.faults(Faults::new().every(2, Fault::status(501)));
        let specmill = Specmill::on(&sandbox);
        let run = specmill.run(&format!("{list} --all")).await;
        assert_eq!(run.code, Some(7), "{run:?}");
        let line = |suffix: &str| {
            let mut lines = run.errors.lines().map(str::trim);
            lines.find_map(|line| line.strip_suffix(suffix)).unwrap()
        };
        let came = line(" items were read before the failure");
        // Several pages are in flight, and any of them may be the one that fails.
        let came: usize = came.parse().unwrap();
        let written = run.output.lines();
        let written = written.filter(|line| line.starts_with("    \"id\""));
        assert_eq!(written.count(), came);
        let next = line(" continues from there");
        sandbox.faults(Faults::new());
        let rest = specmill
            .run(&format!("{list} --all {}", next.replace('\'', "")))
            .await;
        assert_eq!(ids(&rest.output), there[came..]);
    }
}

#[tokio::test]
async fn a_list_that_fails_before_its_first_item_shows_no_argument() {
    let sandbox = Sandbox::start().await.unwrap();
    sandbox.faults(Faults::new().every(1, Fault::status(501)));
    for list in [
        "panther user list",
        "scp user list --instance-id ssoins-12345 --page 1",
    ] {
        let run = Specmill::on(&sandbox).run(&format!("{list} --all")).await;
        assert_eq!((run.code, run.output.as_str()), (Some(7), ""), "{run:?}");
        assert!(!run.errors.contains("continues from there"), "{run:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_closed_output_ends_the_run_without_an_error() {
    let sandbox = Sandbox::builder()
        .panther_users(3000)
        .start()
        .await
        .unwrap();
    for format in ["json", "csv", "table"] {
        let mut child = Specmill::on(&sandbox)
            .command(&format!("panther user list --all -o {format}"))
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let run = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap());
        let run = crate::support::of(run.await.unwrap());
        assert_eq!((run.code, run.errors.as_str()), (Some(0), ""), "{format}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_note_to_a_closed_standard_error_is_dropped() {
    let sandbox = Sandbox::start().await.unwrap();
    let mut child = Specmill::on(&sandbox)
        .command("panther user list --limit 4")
        .spawn()
        .unwrap();
    drop(child.stderr.take());
    let run = tokio::task::spawn_blocking(move || child.wait_with_output().unwrap());
    let run = crate::support::of(run.await.unwrap());
    assert_eq!((run.code, ids(&run.output).len()), (Some(0), 4));
}
