//! What the reader of printed pages understands, on pages of our own making in every form.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure in a helper is the failure of its test"
)]

use scp_docs::printed::{Extent, Kind, Page, Parameter, ParameterLocation, Response, Told, read};

const LIST: &str = include_str!("printed-pages/list-members.txt");
const LIST_KOREAN: &str = include_str!("printed-pages/list-members-korean.txt");
const LIST_MARKDOWN: &str = include_str!("printed-pages/list-members.md");
const LIST_DAMAGED: &str = include_str!("printed-pages/list-members-damaged.md");
const CREATE: &str = include_str!("printed-pages/create-member.txt");
const CREATE_MARKDOWN: &str = include_str!("printed-pages/create-member.md");
const MODELS: &str = include_str!("printed-pages/models.txt");
const MODELS_MARKDOWN: &str = include_str!("printed-pages/models.md");
const CONTENTS: &str = include_str!("printed-pages/contents.txt");
const COMMAND_LINE: &str = include_str!("printed-pages/command-line.txt");
const SERVICE: &str = include_str!("printed-pages/service.txt");

/// A row without its lines: place, name, required, example, schema, default.
fn row(row: &Parameter) -> String {
    let required = match row.required.as_ref().map(|required| required.value) {
        Some(true) => "required",
        Some(false) => "optional",
        None => "?",
    };
    format!(
        "{} {} {required} [{}] {} = {}",
        row.location.as_str(),
        row.name.as_ref().map_or("?", |name| name.value.as_str()),
        row.example
            .as_ref()
            .map_or("?", |example| example.value.as_str()),
        told(&row.schema),
        told(&row.default),
    )
}

fn told<T: std::fmt::Display>(told: &Told<T>) -> String {
    match told {
        Told::Says(says) => says.value.to_string(),
        Told::Nothing(_) => "none".to_owned(),
        Told::Unknown => "?".to_owned(),
    }
}

fn response(row: &Response) -> String {
    let description = row
        .description
        .as_ref()
        .map_or("?", |text| text.value.as_str());
    format!("{} {description}: {}", row.status, told(&row.schema))
}

fn parameters(page: &Page, section: usize) -> Vec<String> {
    page.operations[section]
        .parameters
        .rows
        .iter()
        .map(row)
        .collect()
}

const LIST_ROWS: [&str; 8] = [
    "path team_id required [tm-778] string = none",
    "query size optional [50] any of [integer, null] = 50",
    "query page optional [0] any of [integer, null] = 0",
    "query sort optional [joined_at:asc] any of [string, null] = none",
    "query role optional [OWNER] any of [enum (OWNER, GUEST), null] = none",
    "query labels optional [red] array[any of [string, null]] = []",
    "query archived optional [False] boolean = False",
    "query since optional [2027-01-02T00:00:00Z] string (date-time) = none",
];

#[test]
fn plain_markdown_and_korean_pages_of_one_operation_say_the_same() {
    for text in [LIST, LIST_MARKDOWN, LIST_KOREAN] {
        let page = read(text);
        assert_eq!(page.operations.len(), 5);
        for (index, section) in page.operations.iter().enumerate() {
            assert_eq!(
                (section.method.as_str(), section.path.as_str()),
                ("get", "/v2/teams/{team_id}/members")
            );
            assert_eq!(section.title.as_ref().unwrap().value, "ListMembers");
            assert_eq!(parameters(&page, index), LIST_ROWS);
            assert_eq!(section.parameters.extent, Extent::Whole);
            let responses: Vec<_> = section.responses.rows.iter().map(response).collect();
            assert_eq!(
                responses,
                [
                    "200 OK: MemberPage",
                    "400 Bad Request: none",
                    "401 Unauthorized: none",
                    "403 Forbidden: none",
                    "404 Not Found: none"
                ]
            );
            assert_eq!(section.headers.len(), 6);
            assert_eq!(
                section.response_examples[0].1.value["members"][0]["login"],
                "kim"
            );
            assert_eq!(
                section.request_path.as_ref().unwrap().value,
                "/v2/teams/{team_id}/members?size={size}"
            );
        }
    }
}

#[test]
fn versions_states_and_dates_are_those_of_their_sections() {
    for text in [LIST, LIST_MARKDOWN, LIST_KOREAN, LIST_DAMAGED] {
        let page = read(text);
        let found: Vec<String> = page
            .operations
            .iter()
            .map(|section| {
                let state = section.state.as_ref().unwrap();
                let date = told(&section.versions[0].not_before);
                format!("{} {} {date}", section.version().unwrap(), state.value)
            })
            .collect();
        assert_eq!(
            found,
            [
                "2.4 CURRENT none",
                "2.3 SUPPORTED 2027-12-31",
                "2.2 SUPPORTED 2027-09-30",
                "2.1 DEPRECATED 2027-04-15",
                "2.0 DEPRECATED 2027-02-28"
            ]
        );
    }
}

#[test]
fn a_damaged_page_gives_the_rows_it_has_and_claims_no_more() {
    let page = read(LIST_DAMAGED);
    assert_eq!(page.operations.len(), 5);
    assert_eq!(parameters(&page, 0), LIST_ROWS);
    for section in &page.operations {
        assert_eq!(section.parameters.extent, Extent::Part);
        assert_eq!(section.responses.extent, Extent::Missing);
        assert!(section.headers.is_empty());
    }
}

#[test]
fn a_description_that_is_a_label_or_a_place_ends_no_row() {
    let page = read(CREATE);
    assert_eq!(
        parameters(&page, 0),
        [
            "path team_id required [tm-778] string = none",
            "query state optional [ON] any of [enum (ON, OFF), null] = ON",
            "query description optional [?] string = none",
            "header X-Trace optional [?] string = none",
            "body body required [?] MemberCreateRequest = ?",
        ]
    );
    assert_eq!(page.operations[0].parameters.extent, Extent::Whole);
}

#[test]
fn a_version_stands_alone_as_a_heading() {
    assert_eq!(
        read(CREATE).operations[0].heading.as_ref().unwrap().value,
        "1.4"
    );
}

#[test]
fn a_description_of_the_vendors_own_ends_where_a_type_begins() {
    let page = read(CREATE);
    let rows: Vec<_> = page.operations[0]
        .responses
        .rows
        .iter()
        .map(response)
        .collect();
    assert_eq!(
        rows,
        [
            "201 Created: Member",
            "202 Accepted for later: any of [Member, null]",
            "400 Bad Request: none"
        ]
    );
}

#[test]
fn a_row_of_three_cells_is_a_body() {
    let page = read(CREATE_MARKDOWN);
    let rows = &page.operations[0].parameters.rows;
    assert_eq!(rows[1].location, ParameterLocation::Body);
    assert_eq!(
        row(&rows[1]),
        "body body required [?] MemberCreateRequest = ?"
    );
}

#[test]
fn the_request_body_of_an_example_is_read_with_its_lines() {
    let page = read(CREATE);
    let example = page.operations[0].request_example.as_ref().unwrap();
    let line = CREATE
        .lines()
        .position(|line| line.contains("\"roles\""))
        .unwrap()
        + 1;
    assert_eq!(example.line_of("/roles"), line);
}

#[test]
fn model_pages_give_properties_and_enumerations() {
    let page = read(MODELS);
    let names: Vec<_> = page
        .models
        .iter()
        .map(|model| model.name.as_ref().unwrap().value.as_str())
        .collect();
    assert_eq!(names, ["Member", "MemberPage", "MemberRole"]);
    let rows: Vec<_> = page.models[0].properties.rows.iter().map(row).collect();
    assert_eq!(
        rows,
        [
            "property id required [m-1] string = none",
            "property login required [?] string = none",
            "property role optional [?] any of [MemberRole, null] = none",
            "property joined_at optional [2027-01-02T00:00:00Z] string (date-time) = none",
        ]
    );
    assert_eq!(page.models[1].properties.rows.len(), 5);
    assert_eq!(
        row(&page.models[1].properties.rows[4]),
        "property members required [?] array[Member] = ?"
    );
    assert_eq!(
        page.models[2].schema.as_ref().unwrap().value.to_string(),
        "enum (OWNER, GUEST)"
    );
}

#[test]
fn a_model_table_may_have_a_column_for_what_is_required() {
    let page = read(MODELS_MARKDOWN);
    let rows: Vec<_> = page.models[1].properties.rows.iter().map(row).collect();
    assert_eq!(
        rows,
        [
            "property login required [?] string = ?",
            "property roles optional [?] array[enum (OWNER, GUEST)] = ?"
        ]
    );
    assert_eq!(page.models[0].properties.extent, Extent::Whole);
}

#[test]
fn headings_of_a_whole_service_name_their_operations() {
    let page = read(SERVICE);
    let found: Vec<String> = page
        .operations
        .iter()
        .map(|section| {
            let title = &section.title.as_ref().unwrap().value;
            format!("{title} {} {}", section.method, section.version().unwrap())
        })
        .collect();
    assert_eq!(
        found,
        [
            "ListMembers get 1.1",
            "ListMembers get 1.0",
            "DeleteMember delete 1.1"
        ]
    );
    assert_eq!(
        page.operations[0].parameters.rows[0]
            .description
            .as_ref()
            .unwrap()
            .value,
        "1 - 10"
    );
    assert_eq!(page.models[0].name.as_ref().unwrap().value, "Member");
}

#[test]
fn a_table_that_is_missing_is_unknown_and_not_empty() {
    let page = read(SERVICE);
    assert_eq!(page.operations[1].parameters.extent, Extent::Missing);
    let page = read("X\n\n1 - 1.0\n\nget /x\n\nParameters\n\nNone\n\nResponses\n\n200OKNone\n");
    assert_eq!(page.operations[0].parameters.extent, Extent::Whole);
    assert!(page.operations[0].parameters.rows.is_empty());
}

#[test]
fn pages_without_operations_are_distinguished() {
    assert_eq!(read(CONTENTS).kind, Kind::TableOfContents);
    assert_eq!(read(COMMAND_LINE).kind, Kind::CommandLine);
    assert_eq!(read("Something else entirely.").kind, Kind::Unrecognised);
    assert_eq!(read("").kind, Kind::Unrecognised);
}

#[test]
fn a_default_that_cannot_be_told_from_a_models_name_is_not_told() {
    let text = "X\n\n1 - 1.0\n\nget /x\n\nParameters\n\nTypeNameDescriptionSchemaDefault\nquerykind\noptional\nGroup\nKind\n";
    let page = read(text);
    let row = &page.operations[0].parameters.rows[0];
    assert_eq!(
        (told(&row.schema), told(&row.default)),
        ("?".to_owned(), "?".to_owned())
    );
}

#[test]
fn what_follows_a_table_changes_none_of_its_rows() {
    let page = read(&format!(
        "{}\nLast modified a while ago\n",
        MODELS.split("3 - ").next().unwrap()
    ));
    let model = page.models.last().unwrap();
    assert_eq!(
        row(&model.properties.rows[4]),
        "property members required [?] array[Member] = ?"
    );
    assert_eq!(model.properties.extent, Extent::Part);
}

#[test]
fn windows_lines_and_odd_spaces_change_nothing() {
    let odd = format!(
        "\u{feff}{}",
        LIST.replace('\n', "\r\n")
            .replace("any of [", "any\u{a0}of [")
    );
    assert_eq!(parameters(&read(&odd), 0), LIST_ROWS);
}
