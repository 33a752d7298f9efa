//! Resolves aliases in types.

use std::fmt::Write as _;

use specmill_surface::Surface;

/// A type with each alias replaced by its target.
pub(super) fn resolved(surface: &Surface, of: &str) -> String {
    let mut out = String::with_capacity(of.len());
    let mut rest = of;
    while !rest.is_empty() {
        let is_path = |c: char| c.is_alphanumeric() || matches!(c, '_' | ':' | '#');
        let end = rest.find(|c| !is_path(c)).unwrap_or(rest.len());
        let (path, after) = rest.split_at(end);
        let _ = write!(out, "{}", surface.resolved(path));
        let between = after.find(is_path).unwrap_or(after.len());
        let (signs, after) = after.split_at(between);
        out.push_str(signs);
        rest = after;
    }
    out
}
