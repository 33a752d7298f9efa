//! Compares responses and their headers.

use super::view::Use;
use super::{Caller, Engine, Part, Shown, pairing};
use crate::Verdict;
use crate::rules::{General, Place};
use apidrift_document::{Cursor, Document, leads_out};

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

/// Whether the status is a range such as `2XX`.
fn is_range(status: &str) -> bool {
    let class = status.get(1..).unwrap_or_default();
    status.len() == 3 && class.eq_ignore_ascii_case("XX")
}

/// Whether a success of the other document has the same content, so that the method still returns the same type.
fn other_success<'a>(
    (document, response): (&'a Document, Cursor<'a>),
    (other, responses): (&'a Document, Option<Cursor<'a>>),
) -> bool {
    // References lead to components, which are compared separately.
    let content = |document: &'a Document, response: Cursor<'a>| {
        let resolved = document.resolve(response).target;
        resolved.get("content").map(Cursor::digest)
    };
    let brings = content(document, response);
    let mut responses = responses.into_iter().flat_map(Cursor::members);
    responses.any(|(status, response)| is_success(status) && content(other, response) == brings)
}

impl<'a> Engine<'a> {
    pub(super) fn responses(&mut self, old: Cursor<'a>, new: Cursor<'a>, caller: Caller) {
        let (from, to) = (old.get("responses"), new.get("responses"));
        let has = |map: Option<Cursor<'a>>, status: &str| map.and_then(|map| map.get_any(status));
        let range = |map: Option<Cursor<'a>>, status: &str| {
            let class = status.get(..1).filter(|_| status.len() == 3)?;
            let ranges = [format!("{class}XX"), format!("{class}xx")];
            let mut ranges = ranges.iter().filter(|range| *range != status);
            ranges.find_map(|range| has(map, range))
        };
        let statuses = |map: Option<Cursor<'a>>| {
            let members = map.into_iter().flat_map(Cursor::members);
            members.filter(|(status, _)| !status.starts_with("x-"))
        };
        for (status, response) in statuses(from) {
            if let Some(other) = has(to, status) {
                self.response_pair(response, other, caller);
            } else if let Some(other) = range(to, status) {
                self.response_pair(response, other, caller);
            } else {
                // If a range was replaced by one of its statuses, the responses are still as promised.
                let mut within = statuses(to).filter(|_| is_range(status));
                let narrowed = within.find(|(other, _)| other.get(..1) == status.get(..1));
                if let Some((_, other)) = narrowed {
                    self.response_pair(response, other, caller);
                }
                let finding = if is_success(status) {
                    General::ResponseSuccessRemoved
                } else {
                    General::ResponseFailureRemoved
                };
                let default = has(to, "default").filter(|_| is_success(status));
                let covered = default.is_some_and(|default| {
                    if has(from, "default").is_none() {
                        self.response_pair(response, default, caller);
                        return true;
                    }
                    let (was, is) = (self.old.resolve(response), self.new.resolve(default));
                    was.target.digest() == is.target.digest()
                });
                let same = other_success((self.old, response), (self.new, to));
                let found = self.general(finding, Some(response), None);
                found.shows(Shown::Text(status.to_owned()), Shown::Nothing);
                if same && is_success(status) {
                    found.rust(Verdict::Compatible);
                }
                if narrowed.is_some() {
                    found.wire(Verdict::Compatible);
                } else if covered {
                    // The default response describes this status as well, but does not say that it is a success.
                    found.wire(Verdict::Warning);
                }
            }
        }
        for (status, response) in statuses(to) {
            if has(from, status).is_none() && range(from, status).is_none() {
                // If only the default response described the success before, it corresponds to this response.
                if is_success(status)
                    && !statuses(from).any(|(status, _)| is_success(status))
                    && let Some(default) = has(from, "default")
                {
                    self.response_pair(default, response, caller);
                }
                let finding = if is_success(status) {
                    General::ResponseSuccessAdded
                } else {
                    General::ResponseFailureAdded
                };
                let same = other_success((self.new, response), (self.old, from));
                let found = self.general(finding, None, Some(response));
                found.shows(Shown::Nothing, Shown::Text(status.to_owned()));
                if same && is_success(status) {
                    found.rust(Verdict::Compatible);
                }
            }
        }
    }

    fn response_pair(&mut self, from: Cursor<'a>, to: Cursor<'a>, caller: Caller) {
        let (was, is) = (self.old.resolve(from), self.new.resolve(to));
        if was.dangling != is.dangling || leads_out(is.dangling) {
            self.general(General::NotComparable, Some(from), Some(to));
        } else if was.target.digest() != is.target.digest() || was.target.refers() {
            self.enter(Part::Response(caller), was.target, is.target);
        }
    }

    pub(super) fn response(&mut self, old: Cursor<'a>, new: Cursor<'a>, caller: Caller) {
        self.response_content(old, new, caller);
        // OpenAPI ignores a `Content-Type` header: the media types determine it.
        let headers = |response: Cursor<'a>| -> Vec<(&'a str, Cursor<'a>)> {
            let headers = response
                .get("headers")
                .into_iter()
                .flat_map(Cursor::members);
            headers
                .filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"))
                .collect()
        };
        let name = |header: &(&'a str, Cursor<'a>)| Some(header.0.to_ascii_lowercase());
        let (gone, come, pairs) = pairing::by_key(headers(old), headers(new), name, name);
        for ((_, from), (_, to)) in pairs {
            let (was, is) = (self.old.resolve(from), self.new.resolve(to));
            if was.dangling != is.dangling || leads_out(is.dangling) {
                self.general(General::NotComparable, Some(from), Some(to));
                continue;
            }
            let (was, is) = (was.target, is.target);
            if was.digest() != is.digest() || was.refers() {
                self.enter(Part::Header(caller), was, is);
            }
        }
        for (_, from) in gone {
            let described = self.old.resolve(from).target;
            let finding = if described.get("required").is_some_and(Cursor::is_true) {
                General::RequiredResponseHeaderRemoved
            } else {
                General::OptionalResponseHeaderRemoved
            };
            self.general(finding, Some(from), None);
        }
        for (_, to) in come {
            self.general(General::ResponseHeaderAdded, None, Some(to));
        }
    }

    pub(super) fn header(&mut self, old: Cursor<'a>, new: Cursor<'a>, caller: Caller) {
        let place = caller.pick(Place::ResponseHeader, Place::RequestHeader);
        self.need(old, new, place);
        self.schema_lifecycle(old, new, &Use::of(old), &Use::of(new), place);
        self.described(old, new, place);
    }
}
