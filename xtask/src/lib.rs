//! The mill: vendor documentation in, typed client crates out.
//!
//! Data flows one way through these modules, in this order: [`import`] reads docs pages into
//! `specs/<api>/published/`; [`normalise`] makes `specs/<api>/openapi.json` of them; [`lower`] brings
//! that into what progenitor accepts, in memory; [`generate`] writes the client crates and the
//! facade's re-exports. [`regen`] runs all but the import. [`review`] compares what came out at two
//! revisions; [`printed`], [`verify`] and [`draft`] read pages that hold no documents.
//! [`contract`] tries what came out against the software of others.

#![allow(
    clippy::unnecessary_box_returns,
    reason = "an error is boxed where it is made, so that every result stays small"
)]

pub mod api;
pub mod command;
pub mod contract;
pub mod diagnostic;
pub mod document;
pub mod draft;
pub mod generate;
pub mod import;
pub mod lower;
pub mod markdown;
pub mod names;
pub mod new;
pub mod normalise;
pub mod output;
pub mod printed;
pub mod published;
pub mod regen;
pub mod review;
pub mod verify;

/// The documents are millions of small parts: with the system's allocator they take twice the time.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
