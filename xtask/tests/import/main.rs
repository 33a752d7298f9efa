//! From pages to `specs/<api>/published/`, and from documents to an API.

#[path = "../scratch/mod.rs"]
mod scratch;

mod changes;
mod hostile;
mod new;
mod pages;
mod record;
