//! Files that a document references.
//!
//! Their content is stored in the root, below a name that no document contains, by their paths relative to the folder of the
//! document. References to them, and references inside them, are resolved with these paths.

use std::collections::HashSet;

use super::file_reference::{FILES, split};
use super::parse::{MAX_BYTES, any};
use super::tree::{Builder, NodeId};

/// The maximum number of files that a document may reference.
const MAX_FILES: usize = 1000;

/// Reads the files that are referenced, directly or indirectly. Returns the root that contains them.
pub(crate) fn read(
    root: NodeId,
    size: usize,
    builder: &mut Builder,
    files: &mut dyn FnMut(&str) -> Option<String>,
) -> Result<NodeId, String> {
    let mut asked: HashSet<String> = HashSet::new();
    let (mut found, mut size) = (Vec::new(), size);
    let mut open = referred(builder, 0);
    while let Some(path) = open.pop() {
        if !asked.insert(path.clone()) || asked.len() > MAX_FILES {
            continue;
        }
        let Some(text) = files(&path) else {
            continue;
        };
        size += text.len();
        if size > MAX_BYTES {
            return Err(format!(
                "larger than {MAX_BYTES} bytes with the files it refers to"
            ));
        }
        let before = builder.len();
        if let Ok(content) = any(&text, &path, builder, Some(&path)) {
            open.extend(referred(builder, before));
            found.push((builder.symbol(&path), content));
        }
    }
    let Some(mut members) = builder.members(root).filter(|_| !found.is_empty()) else {
        return Ok(root);
    };
    let files = builder.object(&mut found);
    members.push((builder.symbol(FILES), files));
    Ok(builder.object(&mut members))
}

/// The files that are referenced by the values from a position on.
fn referred(builder: &Builder, from: usize) -> Vec<String> {
    let references = builder.references(from);
    let files = references.filter_map(|text| split(text).map(|(path, _)| path.to_owned()));
    files.collect()
}
