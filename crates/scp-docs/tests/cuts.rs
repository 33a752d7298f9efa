//! A page that ends too early, in every format. Wherever it is cut, it is refused, or it lost nothing, or it ends with a complete
//! section that the note of the command names.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a failure in a helper is the failure of its test"
)]

use scp_docs::draft;
use scp_docs::printed::{Fault, ModelSection, Page, Source, read};
use scp_docs::verify::{read_pages, unproven_ends, verify};
use serde_json::Value;
use specmill_normalize::{Input, Options};
use specmill_scratch::Workspace;

/// How a page may lose something without a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Loss {
    /// It cannot.
    Nothing,
    /// Sections behind the last complete one.
    Sections,
    /// Rows of its last model as well, since no example on the page shows them.
    Rows,
}

macro_rules! pages {
    ($($file:literal: $loss:ident),+ $(,)?) => {
        [$(($file, include_str!(concat!("printed-pages/", $file)), Loss::$loss)),+]
    };
}

const PAGES: [(&str, &str, Loss); 22] = pages![
    "saved/list-members.html": Nothing,
    "saved/list-members.lynx.txt": Nothing,
    "saved/backup.html": Nothing,
    "saved/backup.lynx.txt": Nothing,
    "create-member.txt": Nothing,
    "service.txt": Nothing,
    "list-members.txt": Sections,
    "list-members.md": Sections,
    "list-members-korean.txt": Sections,
    "saved/list-members.copied.txt": Sections,
    "saved/list-members.w3m.txt": Sections,
    "compute/compute.txt": Sections,
    "saved/backup.txt": Sections,
    "saved/backup.md": Sections,
    "saved/backup.copied.txt": Sections,
    "saved/backup.w3m.txt": Sections,
    "saved/backup.bordered.w3m.txt": Sections,
    "saved/backup.paragraphs.w3m.txt": Sections,
    "create-member.md": Rows,
    "models.txt": Rows,
    "models.md": Rows,
    "compute/compute-models.txt": Rows,
];

/// What a page lost without a fault, compared with the whole one.
fn loss(cut: &Page, whole: &Page) -> Loss {
    if cut.operations == whole.operations
        && cut.models == whole.models
        && cut.service == whole.service
    {
        return Loss::Nothing;
    }
    let has_all_operations = whole.operations.starts_with(&cut.operations);
    if has_all_operations && whole.models.starts_with(&cut.models) {
        return Loss::Sections;
    }
    Loss::Rows
}

/// Whether all rows of a model are rows of another one.
fn has_rows_of(cut: &ModelSection, whole: &ModelSection) -> bool {
    let shown = |model: &ModelSection| {
        let rows = model.properties.rows.iter();
        rows.map(|row| row.name.as_ref().map(|name| name.value.clone()))
            .collect::<Vec<_>>()
    };
    shown(whole).starts_with(&shown(cut))
}

/// The end of each block of a page, and of every third line.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    let ends = text.match_indices('\n').map(|(at, _)| at).enumerate();
    ends.filter(|(index, at)| index % 3 == 0 || text[at + 1..].starts_with('\n'))
        .map(|(_, at)| at)
}

#[test]
fn a_page_that_is_cut_after_a_line_is_refused_or_ends_with_a_complete_section() {
    for (file, text, most) in PAGES {
        let whole = read(text);
        assert_eq!(whole.faults, [], "{file}: {:?}", whole.end);
        for at in ends(text) {
            let cut = read(&text[..at]);
            let place = || format!("{file}, cut after line {}", text[..at].lines().count());
            if !cut.faults.is_empty() || (cut.operations.is_empty() && cut.models.is_empty()) {
                continue;
            }
            let loss = loss(&cut, &whole);
            assert!(loss <= most, "{}: {loss:?}", place());
            if loss == Loss::Nothing {
                continue;
            }
            assert!(!cut.end.is_proven, "{}", place());
            let note = unproven_ends(&[(file.to_owned(), cut.clone())]);
            let named = match (cut.models.last(), cut.operations.last()) {
                (Some(model), _) => model.name.as_ref().unwrap().value.clone(),
                (None, Some(operation)) => operation.path.clone(),
                (None, None) => String::new(),
            };
            assert!(note[0].contains(&named), "{}: {note:?}", place());
            if let Some(model) = cut.models.last().filter(|_| loss == Loss::Rows) {
                let before = &whole.models[cut.models.len() - 1];
                assert!(has_rows_of(model, before), "{}: {model:?}", place());
            }
        }
    }
}

const OPERATIONS: [&str; 3] = [
    include_str!("printed-pages/list-members.txt"),
    include_str!("printed-pages/create-member.txt"),
    include_str!("printed-pages/compute/compute.txt"),
];

/// The differences that `verify` finds between a page and the draft of another.
fn differences(cut: &str, draft: &Value) -> usize {
    let input = Input::Document("spec.yaml".into(), draft.clone());
    let source = Source::new("page", cut.as_bytes().to_vec()).unwrap();
    let report = verify(&Options::new("acme"), input, None, &[source]).unwrap();
    report.differences.len()
}

#[test]
fn a_page_that_lost_something_differs_from_the_spec_of_the_whole_one_unless_the_rest_is_a_page_too()
{
    for (file, text, _) in PAGES {
        let whole = read(text);
        let mut pages = vec![(file.to_owned(), whole.clone())];
        if whole.operations.is_empty() {
            // The operations that refer to the models.
            pages.extend(OPERATIONS.map(|text| ("operations".to_owned(), read(text))));
        }
        let draft = draft::draft(&pages).document;
        assert_eq!(differences(text, &draft), 0, "{file}");
        for at in ends(text) {
            let cut = read(&text[..at]);
            let sections = cut.operations.len() + cut.models.len();
            if !cut.faults.is_empty() || sections == 0 || loss(&cut, &whole) == Loss::Nothing {
                continue;
            }
            let is_found = differences(&text[..at], &draft) > 0;
            // One section, or all operations without the models, can be a page of its own.
            let is_part = cut.operations == whole.operations && cut.models.is_empty();
            let is_whole = loss(&cut, &whole) == Loss::Sections && (sections == 1 || is_part);
            let place = format!("{file}, cut after line {}", text[..at].lines().count());
            assert!(is_found || is_whole, "{place}");
        }
    }
}

#[test]
fn a_page_that_is_cut_within_a_line_is_refused_or_ends_with_a_complete_section() {
    for (file, text, most) in PAGES {
        // Between two sections a piece of a title remains, which says nothing.
        let last = text.trim_end().len();
        let whole = read(text);
        for at in (last.saturating_sub(300)..last)
            .step_by(3)
            .filter(|at| text.is_char_boundary(*at))
        {
            let cut = read(&text[..at]);
            if cut.faults.is_empty() && !(cut.operations.is_empty() && cut.models.is_empty()) {
                let loss = loss(&cut, &whole);
                assert!(loss <= most, "{file}: {loss:?}: {:?}", &text[at - 20..at]);
            }
        }
    }
}

#[test]
fn the_error_names_the_missing_part() {
    let list = include_str!("printed-pages/list-members.txt");
    let backup = include_str!("printed-pages/saved/backup.txt");
    let before = |text: &'static str, end: &str| &text[..text.find(end).unwrap()];
    for (text, missing) in [
        (
            before(list, "Example HTTP request"),
            "GET /v2/teams/{team_id}/members ends within the part \"Responses\"",
        ),
        (
            before(backup, "size\nrequired\nThe size"),
            "the table of the model `BackupPage` is incomplete",
        ),
        (
            before(backup, "3 - BackupPage"),
            "the page refers to the model `BackupPage`, which is missing",
        ),
        (
            before(include_str!("printed-pages/service.txt"), "\n1.2 - Models"),
            "the table of contents lists \"1.2: Models\", which is missing",
        ),
        (
            before(
                include_str!("printed-pages/saved/backup.md"),
                "```\n\n##### Request header",
            ),
            "a code block is not closed",
        ),
        (
            before(
                include_str!("printed-pages/saved/backup.lynx.txt"),
                "References",
            ),
            "the list of references at the end of a page of `lynx -dump` is missing",
        ),
        (
            before(include_str!("printed-pages/saved/backup.html"), "</body>"),
            "an element of the HTML is not closed",
        ),
    ] {
        let page = read(text);
        assert_eq!(page.faults.last().unwrap().value, Fault::CutOff);
        assert_eq!(page.end.missing.as_deref(), Some(missing));
    }
}

#[test]
fn a_page_that_ends_with_the_number_or_the_title_of_a_section_is_refused() {
    for (text, end, missing) in [
        (
            include_str!("printed-pages/list-members.txt"),
            "2 - 2.3",
            "2",
        ),
        (
            include_str!("printed-pages/saved/list-members.w3m.txt"),
            "4 - 2.1",
            "4 -",
        ),
        (
            include_str!("printed-pages/compute/compute.txt"),
            "ShowVolume",
            "ShowVolume",
        ),
        (
            include_str!("printed-pages/saved/backup.copied.txt"),
            "Show Backup",
            "Show Backup",
        ),
    ] {
        let cut = &text[..text.find(end).unwrap() + missing.len()];
        let wanted = format!("nothing follows the heading \"{missing}\"");
        assert_eq!(read(cut).end.missing, Some(wanted));
    }
}

#[test]
fn an_operation_without_the_example_that_all_others_have_is_refused() {
    let text = include_str!("printed-pages/compute/compute.txt");
    let start = text.find("post /v1/servers/{server_id}/lock").unwrap();
    for end in ["\nExample HTTP response", "\nResponse 202"] {
        let cut = &text[..start + text[start..].find(end).unwrap()];
        assert!(read(cut).end.missing.is_some(), "{end}");
    }
}

#[test]
fn an_example_on_another_page_shows_that_a_model_is_incomplete() {
    let source = |text: &str| Source::new("page", text.as_bytes().to_vec()).unwrap();
    let models = include_str!("printed-pages/compute/compute-models.txt");
    let cut = &models[..models.find("volumes\nrequired").unwrap()];
    let operations = include_str!("printed-pages/compute/compute.txt");
    assert!(read_pages(&[source(cut)]).is_ok());
    let error = read_pages(&[source(operations), source(cut)])
        .map(drop)
        .unwrap_err();
    assert!(
        error.to_string().contains("`VolumePage` is incomplete"),
        "{error}"
    );
    assert!(read_pages(&[source(operations), source(models)]).is_ok());
}

#[test]
fn a_model_that_the_site_lacks_too_is_no_cut() {
    // In alphabetical order it would stand before the last one.
    let models = include_str!("printed-pages/models.txt");
    let start = models.find("2 - MemberPage").unwrap();
    let end = models.find("3 - MemberRole").unwrap();
    let text = format!("{}{}", &models[..start], &models[end..]).replace(
        "any of [MemberRole, null]None",
        "any of [MemberPage, null]None",
    );
    assert_eq!(read(&text).faults, []);
}

#[test]
fn a_page_that_ends_early_on_the_site_is_accepted_as_complete() {
    let text = include_str!("printed-pages/list-members.txt");
    let cut = &text[..text.find("Example HTTP request").unwrap()];
    let mut source = Source::new("page.txt", cut.as_bytes().to_vec()).unwrap();
    assert!(read_pages(&[source.clone()]).is_err());
    source.is_complete = true;
    assert!(read_pages(&[source]).is_ok());
    let workspace = Workspace::new();
    workspace.write("page.txt", cut);
    let program = env!("CARGO_BIN_EXE_scp-docs");
    let refused = workspace.run_program(program, &["draft", "page.txt"], "");
    assert_eq!(refused.code, Some(2));
    assert!(refused.errors.contains("add --complete"), "{refused:?}");
    let accepted = workspace.run_program(program, &["draft", "page.txt", "--complete"], "");
    assert_eq!(accepted.code, Some(0), "{accepted:?}");
}

#[test]
fn the_commands_name_the_last_section_of_a_page_that_does_not_prove_its_end() {
    let workspace = Workspace::new();
    let program = env!("CARGO_BIN_EXE_scp-docs");
    workspace.write("page", include_str!("printed-pages/list-members.txt"));
    let note = "note: page: the last section is GET /v2/teams/{team_id}/members (2.0), up to line 514; check that the page on the \
                site ends with it\n";
    let draft = workspace.run_program(program, &["draft", "page"], "");
    assert_eq!(draft.errors, note);
    workspace.write("specs/acme/spec.yaml", &draft.output);
    let verify = workspace.run_program(program, &["verify", "--api", "acme", "page"], "");
    assert_eq!((verify.code, verify.errors.as_str()), (Some(0), note));
    // The end of HTML, and the references of lynx, show that nothing follows.
    for text in [
        include_str!("printed-pages/saved/list-members.html"),
        include_str!("printed-pages/saved/list-members.lynx.txt"),
    ] {
        workspace.write("page", text);
        let verify = workspace.run_program(program, &["verify", "--api", "acme", "page"], "");
        assert_eq!((verify.code, verify.errors.as_str()), (Some(0), ""));
    }
}

#[test]
fn alternatives_of_one_model_are_searched_once() {
    // Each level of the example is read as both alternatives of the level above it.
    let example = (0..60).fold("{}".to_owned(), |inner, _| format!("{{\"next\": {inner}}}"));
    let page = include_str!("printed-pages/create-member.txt")
        .replace("201CreatedMember\n", "201CreatedLoop\n");
    let (operation, _) = page.split_once("Response 201").unwrap();
    let text = format!(
        "{operation}Response 201\n\n{example}\n\nModels\n\n1 - Loop\n\nNameDescriptionSchemaDefault\nnext\noptional\nNext\nany of [Loop, \
         Loop]None\n\n2 - Zone\n\nNameDescriptionSchemaDefault\nname\noptional\nName\nstringNone\n"
    );
    let page = read(&text);
    assert_eq!(page.models.len(), 2);
    assert_eq!(page.end.missing, None);
}
