//! What normalising does to a document, transform by transform.

#[path = "../scratch/mod.rs"]
mod scratch;

mod descriptions;
mod errors;
mod facts;
mod hostile;
mod input;
mod merge;
mod naming;
mod noise;
mod order;
mod overlay;
mod paging;
mod references;
mod snapshots;
mod version;
