//! The columns in the header of a table.

use std::ops::Range;

use super::line::spaces;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Type,
    Name,
    Description,
    Schema,
    Default,
    Status,
    Required,
    Example,
    Version,
    NotBefore,
}

/// The words of each column; the longest come first, since cells run together.
const WORDS: [(&str, Column); 34] = [
    ("최소 지원 보장일", Column::NotBefore),
    ("Supported Until", Column::NotBefore),
    ("HTTP Status Code", Column::Status),
    ("Default Value", Column::Default),
    ("Property Name", Column::Name),
    ("Status Code", Column::Status),
    ("Description", Column::Description),
    ("HTTP 코드", Column::Status),
    ("HTTP Code", Column::Status),
    ("Not Before", Column::NotBefore),
    ("Required", Column::Required),
    ("Property", Column::Name),
    ("Default", Column::Default),
    ("Example", Column::Example),
    ("Version", Column::Version),
    ("Schema", Column::Schema),
    ("기본값", Column::Default),
    ("스키마", Column::Schema),
    ("필드명", Column::Name),
    ("Field", Column::Name),
    ("Name", Column::Name),
    ("Type", Column::Type),
    ("Code", Column::Status),
    ("이름", Column::Name),
    ("설명", Column::Description),
    ("유형", Column::Type),
    ("타입", Column::Type),
    ("구분", Column::Type),
    ("필수", Column::Required),
    ("예시", Column::Example),
    ("버전", Column::Version),
    ("상태", Column::Status),
    ("Status", Column::Status),
    ("State", Column::Status),
];

/// The column that a cell of a header names.
pub(super) fn column(cell: &str) -> Option<Column> {
    WORDS
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(cell))
        .map(|(_, column)| *column)
}

/// Whether a text consists of words of the names of columns, as a line break within a header leaves them.
pub(super) fn has_words_of_columns(text: &str) -> bool {
    let is_word = |text: &str| {
        WORDS
            .iter()
            .any(|(name, _)| name.split(' ').any(|word| word == text))
    };
    text.split_whitespace().all(is_word)
}

/// The columns of a header whose cells are known.
pub(super) fn columns_of_cells(cells: &[String]) -> Option<Vec<Column>> {
    let columns: Vec<Column> = cells
        .iter()
        .map(|cell| column(&spaces(cell)))
        .collect::<Option<_>>()?;
    (columns.len() >= 2).then_some(columns)
}

/// The columns of a header whose cells run together: `TypeNameDescriptionSchemaDefault`.
pub(super) fn columns_of_text(text: &str) -> Option<Vec<Column>> {
    let mut columns = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (word, column) = WORDS.iter().find(|(word, _)| rest.starts_with(word))?;
        if columns.contains(column) {
            return None;
        }
        columns.push(*column);
        rest = rest[word.len()..].trim_start();
    }
    (columns.len() >= 2).then_some(columns)
}

/// The columns of a header that blanks or tabs part, each with its place in the line: `Type  Name  Description`.
pub(super) fn spaced_columns(line: &str) -> Option<Vec<(Column, Range<usize>)>> {
    let mut columns: Vec<(Column, Range<usize>)> = Vec::new();
    let mut at = 0;
    loop {
        at += line[at..].len() - line[at..].trim_start().len();
        if at == line.len() {
            return (columns.len() >= 2).then_some(columns);
        }
        let rest = &line[at..];
        let (word, column) = WORDS.iter().find(|(word, _)| {
            let after = rest.strip_prefix(word);
            after.is_some_and(|after| after.is_empty() || after.starts_with(char::is_whitespace))
        })?;
        if columns.iter().any(|(other, _)| other == column) {
            return None;
        }
        columns.push((*column, at..at + word.len()));
        at += word.len();
    }
}

/// What a table is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Versions,
    Parameters,
    Responses,
    Properties,
}

/// Tells tables apart by their columns.
pub(super) fn table(columns: &[Column]) -> Option<Table> {
    let has = |column: Column| columns.contains(&column);
    if has(Column::Version) && has(Column::NotBefore) {
        Some(Table::Versions)
    } else if has(Column::Status) && (has(Column::Description) || has(Column::Schema)) {
        Some(Table::Responses)
    } else if has(Column::Name) && has(Column::Type) && has(Column::Schema) {
        Some(Table::Parameters)
    } else if has(Column::Name) && (has(Column::Schema) || has(Column::Type)) {
        Some(Table::Properties)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_whether_their_cells_run_together_or_not() {
        use Column::{Default, Description, Name, Schema, Type};
        let wanted = vec![Type, Name, Description, Schema, Default];
        assert_eq!(
            columns_of_text("TypeNameDescriptionSchemaDefault"),
            Some(wanted.clone())
        );
        let cells: Vec<String> = "Type|Name|Description|Schema|Default"
            .split('|')
            .map(str::to_owned)
            .collect();
        assert_eq!(columns_of_cells(&cells), Some(wanted.clone()));
        assert_eq!(table(&wanted), Some(Table::Parameters));
    }

    #[test]
    fn korean_and_english_headers_are_the_same() {
        for header in [
            "VersionNot Before",
            "버전최소 지원 보장일",
            "VersionSupported Until",
            "버전 최소 지원 보장일",
        ] {
            assert_eq!(
                table(&columns_of_text(header).unwrap()),
                Some(Table::Versions),
                "{header}"
            );
        }
    }

    #[test]
    fn a_header_that_blanks_part_has_the_places_of_its_words() {
        use Column::{Description, Schema, Status};
        assert_eq!(
            spaced_columns("  HTTP Code\tDescription   Schema "),
            Some(vec![
                (Status, 2..11),
                (Description, 12..23),
                (Schema, 26..32)
            ])
        );
        for line in [
            "HTTP CodeDescriptionSchema",
            "TypeName",
            "Name of the user",
            "Name",
            "Name Name",
        ] {
            assert_eq!(spaced_columns(line), None, "{line}");
        }
    }

    #[test]
    fn a_sentence_is_no_header() {
        for line in ["Name of the user", "Description", "Type", "NameName", ""] {
            assert_eq!(columns_of_text(line), None, "{line}");
        }
    }
}
