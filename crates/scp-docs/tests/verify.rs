//! `cargo xtask verify`: a page that says what the spec says makes no difference, and each fact that
//! changes on the page is found, at its line and its place in the spec.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure in a helper is the failure of its test"
)]

use std::path::Path;
use std::process::{Command, Output};

use scp_docs::draft;
use scp_docs::printed::Source;
use scp_docs::verify::{Report, read_pages, verify};
use specmill_xtask::api::Api;
use tempfile::TempDir;

const LIST: &str = include_str!("printed-pages/list-members.txt");
const LIST_KOREAN: &str = include_str!("printed-pages/list-members-korean.txt");
const LIST_MARKDOWN: &str = include_str!("printed-pages/list-members.md");
const LIST_DAMAGED: &str = include_str!("printed-pages/list-members-damaged.md");
const CREATE: &str = include_str!("printed-pages/create-member.txt");
const MODELS: &str = include_str!("printed-pages/models.txt");
const CONTENTS: &str = include_str!("printed-pages/contents.txt");

const OPERATION: &str = "/paths/~1v2~1teams~1{team_id}~1members/get";

fn source(text: &str) -> Source {
    Source::new("page.txt", text.as_bytes().to_vec()).unwrap()
}

/// A workspace whose hand-written spec says what these pages say.
fn workspace(pages: &[&str]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("specs/team-directory");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(root.path().join("Cargo.toml"), "[workspace]\n").unwrap();
    let settings =
        "title = \"Teams\"\nmodule = \"teams\"\nfeature = \"teams\"\nenvironment = \"TEAMS\"\n";
    std::fs::write(folder.join("api.toml"), settings).unwrap();
    let sources: Vec<_> = pages.iter().map(|page| source(page)).collect();
    let spec = draft::draft(&read_pages(&sources).unwrap())
        .to_yaml()
        .unwrap();
    std::fs::write(folder.join("spec.yaml"), spec).unwrap();
    root
}

fn compare(root: &Path, page: &str) -> Report {
    let api = Api::read(root, "team-directory").unwrap();
    let (input, overlay) = specmill_xtask::input::read(root, &api).unwrap();
    verify(
        &api.normalize_options(),
        input,
        overlay.as_ref(),
        &[source(page)],
    )
    .unwrap()
}

/// A page with one fact changed, and where that must be found.
struct Mutation {
    what: String,
    line: usize,
    old: String,
    new: String,
    pointer: String,
}

/// Every change of a single fact of the page `list-members.txt`.
fn mutations() -> Vec<Mutation> {
    let mut all = Vec::new();
    let lines: Vec<&str> = LIST.lines().collect();
    let mut version = 0;
    let mut parameter = 0;
    let mut in_table = false;
    for (index, line) in lines.iter().copied().enumerate() {
        let mut add = |what: &str, new: String, pointer: String| {
            assert_ne!(line, new, "{what} changes nothing");
            all.push(Mutation {
                what: what.to_owned(),
                line: index + 1,
                old: line.to_owned(),
                new,
                pointer,
            });
        };
        let at_version = |member: &str| format!("/x-api-versions/{version}/{member}");
        if line == "ListMembers" {
            add(
                "title",
                "ListPeople".into(),
                format!("{OPERATION}/x-source/operation"),
            );
        } else if line.contains(" - 2.") {
            add(
                "heading",
                line.replace("- 2.", "- 9."),
                at_version("version"),
            );
        } else if let Some(path) = line.strip_prefix("get ") {
            add("method", format!("post {path}"), OPERATION.into());
            add(
                "method that is none",
                format!("fetch {path}"),
                OPERATION.into(),
            );
            let item = OPERATION.trim_end_matches("/get");
            add("path", line.replace("members", "people"), item.into());
            add(
                "parameter in path",
                line.replace("team_id", "group_id"),
                item.into(),
            );
        } else if line.starts_with("State ") {
            for state in ["CURRENT", "SUPPORTED", "PLANNED", "DEPRECATED", "Retired"] {
                if !line.contains(state) {
                    add(
                        "state",
                        format!("State ACTIVE ({state})"),
                        at_version("state"),
                    );
                }
            }
        } else if line.starts_with("2.") {
            add("version", format!("9{}", &line[1..]), at_version("version"));
            let (number, date) = line.split_at(3);
            add(
                "date",
                format!("{number}20260101"),
                at_version("not_before"),
            );
            if date != "-" {
                add("no date", format!("{number}-"), at_version("not_before"));
            }
        } else if line.starts_with("TypeName") {
            (in_table, parameter) = (true, 0);
        } else if line.is_empty() {
            in_table = false;
        } else if in_table {
            row(line, lines[index + 1], &mut parameter, &mut add);
        } else if line.starts_with(|c: char| c.is_ascii_digit()) {
            response(line, &mut add);
        } else if line.starts_with("/v2") {
            add(
                "example path",
                line.replace("members", "people"),
                OPERATION.trim_end_matches("/get").into(),
            );
            add(
                "example query",
                line.replace("?size", "?width"),
                format!("{OPERATION}/parameters"),
            );
        } else if line.starts_with("\"Scp-") || line.starts_with("\"Accept") {
            header(line, &mut add);
        } else if line.trim_start().starts_with('"') {
            member(line.trim_start(), line, &mut add);
        }
        if line.starts_with("    ]") && lines[index + 1] == "}" {
            version += 1;
        }
    }
    assert_eq!(version, 5);
    all
}

type Add<'a> = dyn FnMut(&str, String, String) + 'a;

/// A line of a row of the parameter table.
fn row(line: &str, next: &str, parameter: &mut usize, add: &mut Add<'_>) {
    // Language and version of the API are parameters of the spec too, and come first.
    let at = |member: &str, parameter: usize| {
        format!("{OPERATION}/parameters/{}/{member}", parameter + 2)
    };
    if next == "required" || next == "optional" {
        *parameter += 1;
        let pointer = |member: &str| at(member, *parameter - 1);
        add("name", format!("{line}_x"), pointer("name"));
        let place = if line.starts_with("path") {
            "path"
        } else {
            "query"
        };
        add("place", line.replacen(place, "cookie", 1), pointer("in"));
        return;
    }
    let pointer = |member: &str| at(member, *parameter - 1);
    match line {
        "required" => add("required", "optional".into(), pointer("required")),
        "optional" => add("required", "required".into(), pointer("required")),
        "Example : False" => add("example", "Example : True".into(), pointer("example")),
        _ if line.starts_with("Example : ") => {
            add("example", format!("{line}9"), pointer("example"));
        }
        _ if line.contains('[') || line.ends_with("None") || line.ends_with("False") => {
            let end = if line.contains("]]") { "]]" } else { "]" };
            let schema = match line.rfind(end) {
                Some(at) => &line[..at + end.len()],
                None => line.trim_end_matches("None").trim_end_matches("False"),
            };
            let default = &line[schema.len()..];
            for (old, new) in [
                ("integer", "number"),
                ("string", "boolean"),
                ("boolean", "string"),
                ("OWNER, GUEST", "OWNER"),
                ("GUEST", "VISITOR"),
                (" (date-time)", " (date)"),
                (" (date-time)", ""),
                (", null", ""),
                ("array[any of [string, null]]", "any of [string, null]"),
                ("any of [enum (OWNER, GUEST), null]", "MemberRole"),
                ("integer", "whole"),
                ("string", "text"),
                ("boolean", "flag"),
            ] {
                if schema.contains(old) {
                    add("type", line.replacen(old, new, 1), pointer("schema"));
                }
            }
            let other = match default {
                "None" => vec!["7", "x"],
                "50" => vec!["51", "None"],
                "0" => vec!["1", "None"],
                "[]" => vec!["[\"a\"]", "None"],
                "False" => vec!["True", "None"],
                unknown => panic!("no other default for {unknown}"),
            };
            for other in other {
                add(
                    "default",
                    format!("{schema}{other}"),
                    pointer("schema/default"),
                );
            }
        }
        _ => {}
    }
}

fn response(line: &str, add: &mut Add<'_>) {
    let (status, rest) = line.split_at(3);
    let pointer = format!("{OPERATION}/responses/{status}");
    let schema = if rest.ends_with("None") {
        "None"
    } else {
        "MemberPage"
    };
    let description = rest.strip_suffix(schema).unwrap();
    add(
        "status",
        format!("{}18{rest}", &status[..1]),
        pointer.clone(),
    );
    add(
        "description",
        format!("{status}{description}ish{schema}"),
        format!("{pointer}/description"),
    );
    let content = if schema == "None" {
        "content"
    } else {
        "content/application~1json/schema"
    };
    for other in ["None", "Member", "array[MemberPage]"] {
        if other != schema {
            add(
                "schema",
                format!("{status}{description}{other}"),
                format!("{pointer}/{content}"),
            );
        }
    }
}

fn header(line: &str, add: &mut Add<'_>) {
    let name = line.trim_start_matches('"').split(' ').next().unwrap();
    let scheme = match name {
        "Scp-Accesskey" => Some("AccessKey"),
        "Scp-Signature" => Some("Signature"),
        "Scp-Timestamp" => Some("Timestamp"),
        "Scp-ClientType" => Some("ClientType"),
        _ => None,
    };
    let pointer = scheme.map_or_else(
        // A header that is required has another name now; one that is not is no longer there.
        || match name {
            "Scp-Api-Version" => "/components/parameters/ApiVersion/name".to_owned(),
            _ => format!("{OPERATION}/parameters"),
        },
        |scheme| format!("/components/securitySchemes/{scheme}/name"),
    );
    add(
        "header",
        line.replacen(name, &format!("{name}s"), 1),
        pointer,
    );
    if line.contains("en-US") {
        add(
            "language",
            line.replace("en-US", "fr-FR"),
            "/components/parameters/Language/example".into(),
        );
    }
    if line.contains("directory") {
        let pointer = "/components/parameters/ApiVersion/x-client-setting/value";
        add("service", line.replace("directory", "list"), pointer.into());
        add(
            "version of the header",
            line.replace(" 2.", " 9."),
            pointer.into(),
        );
    }
}

/// A line of the example response.
fn member(text: &str, line: &str, add: &mut Add<'_>) {
    let example = format!("{OPERATION}/responses/200/content/application~1json/example");
    let schemas = "/components/schemas";
    let page = format!("{schemas}/MemberPage/properties");
    let member = format!("{schemas}/Member/properties");
    let name = text.split('"').nth(1).unwrap();
    match name {
        "count" | "page" | "size" => {
            add(
                "number",
                line.replace(": ", ": 9"),
                format!("{example}/{name}"),
            );
            let value = line.split(": ").nth(1).unwrap().trim_end_matches(',');
            let text = line.replace(&format!(": {value}"), &format!(": \"{value}\""));
            add("text for a number", text, format!("{page}/{name}/type"));
            add(
                "member",
                line.replace(name, "other"),
                format!("{page}/{name}"),
            );
        }
        "joined_at:asc" => {
            add(
                "item",
                line.replace("asc", "desc"),
                format!("{example}/sort/0"),
            );
            add(
                "number for a text",
                line.replace("\"joined_at:asc\"", "1"),
                format!("{page}/sort/items/type"),
            );
        }
        "sort" => add("optional member", line.replace("sort", "order"), page),
        "members" => add(
            "member",
            line.replace("members", "people"),
            format!("{page}/members"),
        ),
        "id" | "login" => {
            add(
                "member",
                line.replace(&format!("\"{name}\""), "\"other\""),
                format!("{member}/{name}"),
            );
            let value = text.split('"').nth(3).unwrap();
            add(
                "text",
                line.replace(value, "another"),
                format!("{example}/members/0/{name}"),
            );
        }
        "role" => {
            add("optional member", line.replace("role", "rule"), member);
            add(
                "value of an enumeration",
                line.replace("OWNER", "NOBODY"),
                format!("{schemas}/MemberRole/enum"),
            );
            add(
                "other value",
                line.replace("OWNER", "GUEST"),
                format!("{example}/members/0/role"),
            );
        }
        unknown => panic!("no change for {unknown}"),
    }
}

#[test]
fn a_page_that_says_what_the_spec_says_makes_no_difference() {
    let root = workspace(&[LIST, MODELS]);
    for page in [LIST, LIST_MARKDOWN, LIST_KOREAN, LIST_DAMAGED, MODELS] {
        assert_eq!(compare(root.path(), page).differences, []);
    }
}

#[test]
fn every_change_of_a_single_fact_is_found_at_its_place_and_nowhere_else() {
    let root = workspace(&[LIST, MODELS]);
    let mutations = mutations();
    assert!(mutations.len() > 500, "{}", mutations.len());
    let mut wrong = Vec::new();
    for mutation in mutations {
        let mut lines: Vec<&str> = LIST.lines().collect();
        assert_eq!(lines[mutation.line - 1], mutation.old);
        lines[mutation.line - 1] = &mutation.new;
        let report = compare(root.path(), &lines.join("\n"));
        let found: Vec<_> = report
            .differences
            .iter()
            .map(|found| (found.line, found.pointer.as_str()))
            .collect();
        // The title stands once for all five versions.
        let times = if mutation.what == "title" { 5 } else { 1 };
        let wanted = vec![(mutation.line, mutation.pointer.as_str()); times];
        if found != wanted {
            let Mutation {
                what,
                old,
                new,
                line,
                ..
            } = &mutation;
            wrong.push(format!(
                "{what} at line {line}: {old} became {new}: {found:?}, not {wanted:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_change_of_a_models_fact_is_found() {
    let root = workspace(&[LIST, MODELS]);
    let schemas = "/components/schemas";
    for (old, new, pointer) in [
        ("1 - Member\n", "1 - Person\n", ""),
        ("\nlogin\n", "\nsign_in\n", "/Member/properties/login"),
        ("\nid\nrequired", "\nid\noptional", "/Member/required"),
        (
            "Example : m-1",
            "Example : m-2",
            "/Member/properties/id/example",
        ),
        (
            "m-1\nstringNone",
            "m-1\nintegerNone",
            "/Member/properties/id",
        ),
        (
            "m-1\nstringNone",
            "m-1\nstringx",
            "/Member/properties/id/default",
        ),
        (
            "[MemberRole, null]None",
            "[Member, null]None",
            "/Member/properties/role",
        ),
        (
            "[MemberRole, null]None",
            "[MemberRole, null]OWNER",
            "/Member/properties/role/default",
        ),
        ("(date-time)", "(date)", "/Member/properties/joined_at"),
        (
            "array[Member]",
            "array[string]",
            "/MemberPage/properties/members",
        ),
        (
            "any of [array[string], null]",
            "array[string]",
            "/MemberPage/properties/sort",
        ),
        ("(OWNER, GUEST)", "(OWNER)", "/MemberRole"),
        (
            "size\nrequired\ninteger\n",
            "",
            "/MemberPage/properties/size",
        ),
        (
            "size\nrequired\n",
            "width\nrequired\ninteger\nsize\nrequired\n",
            "/MemberPage/properties",
        ),
    ] {
        assert!(MODELS.contains(old), "{old}");
        let report = compare(root.path(), &MODELS.replacen(old, new, 1));
        let found: Vec<_> = report
            .differences
            .iter()
            .map(|found| found.pointer.as_str())
            .collect();
        assert_eq!(
            found,
            [format!("{schemas}{pointer}")],
            "{old:?} became {new:?}\n{report:#?}"
        );
    }
}

#[test]
fn bodies_are_compared() {
    let root = workspace(&[CREATE]);
    assert_eq!(compare(root.path(), CREATE).differences, []);
    let operation = OPERATION.replace("/get", "/post");
    for (old, new, pointer) in [
        (
            "bodybody\nrequired",
            "bodybody\noptional",
            "/requestBody/required",
        ),
        (
            "MemberCreateRequest",
            "Member",
            "/requestBody/content/application~1json/schema",
        ),
        (
            "bodybody\nrequired\nMemberCreateRequest\n",
            "",
            "/requestBody",
        ),
        (
            "\"login\": \"kim\",\n    \"roles\"",
            "\"login\": \"lee\",\n    \"roles\"",
            "/requestBody/content/application~1json/example/login",
        ),
    ] {
        assert!(CREATE.contains(old), "{old}");
        let report = compare(root.path(), &CREATE.replacen(old, new, 1));
        let found: Vec<_> = report
            .differences
            .iter()
            .map(|found| found.pointer.as_str())
            .collect();
        assert_eq!(
            found,
            [format!("{operation}{pointer}")],
            "{old:?} became {new:?}\n{report:#?}"
        );
    }
}

#[test]
fn what_is_missing_on_the_page_is_unknown_and_no_difference() {
    let root = workspace(&[LIST, MODELS]);
    for missing in [
        "Example : tm-778\n",
        "State ACTIVE (CURRENT)\n",
        "VersionNot Before\n2.4-\n",
        "Response 200\n",
        "/v2/teams/{team_id}/members?size={size}\n",
    ] {
        assert!(LIST.contains(missing), "{missing}");
        let report = compare(root.path(), &LIST.replacen(missing, "", 1));
        assert_eq!(report.differences, [], "{missing}");
        if !missing.contains("2.4-") {
            assert!(!report.unknown.is_empty(), "{missing}");
        }
    }
    let start = LIST.find("Parameters\n").unwrap();
    let end = LIST.find("Example HTTP request").unwrap();
    let report = compare(root.path(), &format!("{}{}", &LIST[..start], &LIST[end..]));
    assert_eq!(report.differences, []);
    let unknown: Vec<_> = report
        .unknown
        .iter()
        .map(|unknown| unknown.pointer.as_str())
        .collect();
    assert_eq!(
        unknown,
        [
            format!("{OPERATION}/parameters"),
            format!("{OPERATION}/responses")
        ]
    );
}

#[test]
fn a_row_that_is_gone_from_a_whole_table_is_a_difference() {
    let root = workspace(&[LIST, MODELS]);
    let row = "querysize\noptional\nHow many\nExample : 50\nany of [integer, null]50\n";
    let report = compare(root.path(), &LIST.replacen(row, "", 1));
    assert_eq!(report.differences.len(), 1);
    assert_eq!(
        report.differences[0].pointer,
        format!("{OPERATION}/parameters/3")
    );
    let report = compare(root.path(), &LIST.replacen("404Not FoundNone\n", "", 1));
    assert_eq!(report.differences.len(), 1);
    assert_eq!(
        report.differences[0].pointer,
        format!("{OPERATION}/responses/404")
    );
}

#[test]
fn a_version_that_a_printable_view_lacks_is_a_difference() {
    let root = workspace(&[LIST, CREATE]);
    // The create page has a version of its own, which the spec records.
    assert_eq!(compare(root.path(), CREATE).differences, []);
    let cut = &LIST[..LIST.find("4 - 2.1").unwrap()];
    let found = compare(root.path(), cut).differences;
    let versions: Vec<_> = found
        .iter()
        .map(|found| (found.pointer.as_str(), found.spec_says.as_str()))
        .collect();
    assert_eq!(
        versions,
        [("/x-api-versions/3", "2.1"), ("/x-api-versions/4", "2.0")]
    );
}

#[test]
fn an_operation_that_the_page_of_its_section_lacks_is_a_difference() {
    let section = include_str!("printed-pages/compute/compute.txt");
    let root = workspace(&[section]);
    let start = section.find("CreateServer\n").unwrap();
    let end = section.find("ShowServer\n").unwrap();
    let page = format!("{}{}", &section[..start], &section[end..]);
    let found = compare(root.path(), &page).differences;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].pointer, "/paths/~1v1~1servers/post");
    assert_eq!(found[0].spec_says, "POST /v1/servers");
    // The page of one operation says nothing of the others.
    let (one, _) = section.split_once("CreateServer\n").unwrap();
    assert_eq!(compare(root.path(), one).differences, []);
}

#[test]
fn an_operation_that_the_spec_has_not_is_one_difference() {
    let root = workspace(&[LIST, MODELS]);
    let report = compare(root.path(), CREATE);
    let found: Vec<_> = report
        .differences
        .iter()
        .map(|found| found.pointer.as_str())
        .collect();
    assert_eq!(found, ["/paths"]);
}

fn run(root: &Path, page: &str) -> Output {
    std::fs::write(root.join("page.txt"), page).unwrap();
    Command::new(env!("CARGO_BIN_EXE_scp-docs"))
        .args(["verify", "--api", "team-directory", "page.txt"])
        .current_dir(root)
        .output()
        .unwrap()
}

#[test]
fn the_command_exits_with_0_1_or_2() {
    let root = workspace(&[LIST, MODELS]);
    let same = run(root.path(), LIST);
    assert_eq!(same.status.code(), Some(0));
    let text = String::from_utf8(same.stdout).unwrap();
    assert_eq!(
        text,
        "0 differences, 0 unknown; compared 1 operation in 5 sections and 0 models\n"
    );
    let changed = run(root.path(), &LIST.replacen("null]50", "null]60", 1));
    assert_eq!(changed.status.code(), Some(1));
    let text = String::from_utf8(changed.stdout).unwrap();
    let wanted = "difference: GET /v2/teams/{team_id}/members (2.4), query parameter `size`: default\n  \
                  page says 60\n    --> page.txt:32\n  spec says 50\n    --> \
                  specs/team-directory/spec.yaml#/paths/~1v2~1teams~1{team_id}~1members/get/parameters/3/schema/default\n\
                  1 difference, 0 unknown; compared 1 operation in 5 sections and 0 models\n";
    assert_eq!(text, wanted);
    let unreadable = run(root.path(), CONTENTS);
    assert_eq!(unreadable.status.code(), Some(2));
    let text = String::from_utf8(unreadable.stderr).unwrap();
    assert!(
        text.starts_with(
            "error: the page is a table of contents: it holds no operation and no model"
        ),
        "{text}"
    );
}
