//! Lists, page by page.

use specmill::dynamic::{Call, Operation, Page};

use super::output;
use crate::command::{self, Target};
use crate::failure::Failure;
use crate::options::Options;
use crate::output::{Output, Progress, say};
use crate::written::{is_closed, quietly};

/// The maximum number of pages in flight, if pages are numbered.
const PAGES_AHEAD: usize = 4;

pub(super) async fn one_page(call: Call, options: &Options) -> Result<(), Failure> {
    let operation = call.operation();
    let Some(page) = call.page().await else {
        return Err(Failure::usage("the operation does not page"));
    };
    let page = page?;
    let mut output = output(operation, options)?;
    let written = output.items(page.items()).and_then(|()| output.finish());
    finish(output, written, || more(operation, &page))
}

pub(super) async fn all_pages(call: Call, options: &Options) -> Result<(), Failure> {
    let operation = call.operation();
    let Some(pages) = call.pages() else {
        return Err(Failure::usage("the operation does not page"));
    };
    let pages = pages.concurrency(PAGES_AHEAD);
    let mut pages = if options.ignore_total {
        pages.ignore_total()
    } else {
        pages
    };
    let mut output = output(operation, options)?;
    let progress = Progress::new();
    let mut count = 0;
    // No further page is needed if the output is full.
    while !output.is_full() {
        let page = match pages.try_next().await {
            Ok(Some(page)) => page,
            Ok(None) => break,
            Err(error) => {
                // The items so far are written; the error and the exit code show that the list is incomplete.
                progress.hide(|| output.flush()).ok();
                progress.finish();
                let is_incomplete = error.is_incomplete();
                let failure = Failure::from(error);
                let failure = if is_incomplete {
                    failure.hint("--ignore-total accepts a total that is wrong")
                } else {
                    failure
                };
                if count == 0 {
                    return Err(failure);
                }
                let failure = failure.hint(came_before(count));
                let next = pages
                    .position()
                    .and_then(|position| page_argument(operation, &position));
                return Err(match next {
                    Some(next) => failure.hint(format!("{next} continues from there")),
                    None => failure,
                });
            }
        };
        count += page.items().len() as u64;
        progress.show(count, page.total());
        if is_closed(&progress.hide(|| output.items(page.items())))? {
            return Ok(());
        }
    }
    progress.finish();
    let written = output.finish();
    finish(output, written, || None)
}

/// Completes the output file, and prints the notes.
pub(super) fn finish(
    output: Output,
    written: std::io::Result<()>,
    more: impl FnOnce() -> Option<String>,
) -> Result<(), Failure> {
    let note = output.note();
    quietly(written.and_then(|()| output.keep()))?;
    note.into_iter().chain(more()).for_each(|note| say(&note));
    Ok(())
}

/// The note for a page that is not the last one.
fn more(operation: &Operation, page: &Page) -> Option<String> {
    if let Some(cursor) = page.next_cursor() {
        return Some(match page_argument(operation, cursor) {
            Some(next) => format!("There is more: add --all, or {next} for the next page."),
            None => "There is more: add --all.".to_owned(),
        });
    }
    let count = page.items().len() as u64;
    let total = page.total().filter(|total| *total > count)?;
    let flag = page_flag(operation)?;
    Some(format!(
        "These are {count} of {total}: add --all, or --{flag} NUMBER for another page."
    ))
}

/// The flag that selects a page.
fn page_flag(operation: &Operation) -> Option<String> {
    let parameter = operation.table.paging?.parameter()?;
    let mut flags = command::flags_of(operation).into_iter();
    let flag = flags.find(|flag| match flag.target {
        Target::Parameter(index) => operation.table.parameters[index].name == parameter,
        Target::Member(_) => false,
    });
    flag.map(|flag| flag.name)
}

/// The argument that requests a page, in a form that can be pasted: a cursor may begin with a hyphen.
fn page_argument(operation: &Operation, position: &str) -> Option<String> {
    let flag = page_flag(operation)?;
    Some(format!("--{flag}='{}'", position.replace('\'', r"'\''")))
}

fn came_before(count: u64) -> String {
    let items = if count == 1 { "item was" } else { "items were" };
    format!("{count} {items} read before the failure")
}
