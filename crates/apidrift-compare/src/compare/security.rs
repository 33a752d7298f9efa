//! Compares security requirements and schemes.

use std::collections::{BTreeMap, BTreeSet};

use super::{Engine, Found, Shown, pairing};
use crate::Verdict;
use crate::rules::General;
use apidrift_document::Cursor;

/// An alternative of a security requirement: the schemes that are needed together, each with its scopes.
type Alternative<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// The rules for security requirements, of one operation or of the whole API.
struct Findings {
    added: General,
    removed: General,
    scope_added: General,
    scope_removed: General,
}

const OPERATION: Findings = Findings {
    added: General::SecurityAdded,
    removed: General::SecurityRemoved,
    scope_added: General::SecurityScopeAdded,
    scope_removed: General::SecurityScopeRemoved,
};

const GLOBAL: Findings = Findings {
    added: General::GlobalSecurityAdded,
    removed: General::GlobalSecurityRemoved,
    scope_added: General::GlobalSecurityScopeAdded,
    scope_removed: General::GlobalSecurityScopeRemoved,
};

fn alternatives(list: Option<Cursor<'_>>) -> Vec<Alternative<'_>> {
    list.into_iter()
        .flat_map(Cursor::items)
        .map(alternative)
        .collect()
}

fn alternative(requirement: Cursor<'_>) -> Alternative<'_> {
    let schemes = requirement.members();
    schemes
        .map(|(scheme, scopes)| (scheme, scopes.items().filter_map(Cursor::as_str).collect()))
        .collect()
}

fn label(alternative: &Alternative<'_>) -> String {
    let schemes: Vec<&str> = alternative.keys().copied().collect();
    schemes.join(" and ")
}

/// Whether an alternative permits calls without a credential.
fn open(list: &[Alternative<'_>]) -> bool {
    list.is_empty() || list.iter().any(BTreeMap::is_empty)
}

/// Whether a caller with the credentials of `held` satisfies the requirement `asked`, ignoring scopes.
fn suffices(held: &Alternative<'_>, asked: &Alternative<'_>) -> bool {
    asked.keys().all(|scheme| held.contains_key(scheme))
}

/// The effect of changed requirements on existing callers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Every caller is still authorized.
    Kept,
    /// Only callers with some of the credentials are still authorized.
    Some,
    /// Callers without the credential are rejected, or those without any if none was required.
    Refused,
}

impl Access {
    fn of(before: &[Alternative<'_>], now: &[Alternative<'_>]) -> Self {
        if open(now) {
            return Self::Kept;
        }
        if open(before) {
            return Self::Refused;
        }
        let kept = |held: &&Alternative<'_>| now.iter().any(|asked| suffices(held, asked));
        match before.iter().filter(kept).count() {
            0 => Self::Refused,
            count if count == before.len() => Self::Kept,
            _ => Self::Some,
        }
    }
}

impl<'a> Engine<'a> {
    pub(super) fn global_security(&mut self, old: Cursor<'a>, new: Cursor<'a>) {
        let security = |root: Cursor<'a>| root.get("security");
        if !self.is_shared(|operation| operation.get("security").is_some()) {
            // Every operation overrides the requirements, before or now, and is compared by its own.
            return;
        }
        self.requirements((old, security(old)), (new, security(new)), &GLOBAL);
    }

    /// An operation without requirements of its own has those of the API, which are reported there.
    pub(super) fn operation_security(&mut self, old: Cursor<'a>, new: Cursor<'a>) {
        let own = |operation: Cursor<'a>| operation.get("security");
        if own(old).is_none() && own(new).is_none() {
            return;
        }
        let global = |root: Cursor<'a>| root.get("security");
        let was = own(old).or_else(|| global(self.old.root()));
        let is = own(new).or_else(|| global(self.new.root()));
        self.requirements((old, was), (new, is), &OPERATION);
    }

    fn requirements(
        &mut self,
        (old, was): (Cursor<'a>, Option<Cursor<'a>>),
        (new, is): (Cursor<'a>, Option<Cursor<'a>>),
        findings: &Findings,
    ) {
        let (before, now) = (self.renamed(alternatives(was)), alternatives(is));
        let verdict = match Access::of(&before, &now) {
            Access::Refused if was.is_none() && self.says_nothing_of_access(old) => Access::Some,
            verdict => verdict,
        };
        let whole = |alternative: &Alternative<'a>| Some(alternative.clone());
        let (mut gone, mut come, _) = pairing::by_key(before.clone(), now.clone(), whole, whole);
        let (was_open, is_open) = (open(&before), open(&now));
        let is_some = |alternative: &Alternative<'a>| !alternative.is_empty();
        if was_open && !is_open && !come.iter().any(is_some) {
            // A credential that was optional is required.
            come.clone_from(&now);
        } else if is_open && !was_open && !gone.iter().any(is_some) {
            gone.clone_from(&before);
        }
        // Alternatives of the same schemes differ in their scopes.
        let keys = |alternative: &Alternative<'a>| {
            let keys: Vec<&str> = alternative.keys().copied().collect();
            (!keys.is_empty()).then_some(keys)
        };
        let (gone, come, pairs) = pairing::by_key(gone, come, keys, keys);
        for alternative in gone.iter().filter(|alternative| !alternative.is_empty()) {
            let found = self.general(findings.removed, Some(old), Some(new));
            found.shows(Shown::Text(label(alternative)), Shown::Nothing);
            if now.iter().any(|other| suffices(alternative, other)) || is_open {
                found.wire(Verdict::Compatible);
            } else if verdict == Access::Refused {
                found.wire(Verdict::Breaking);
            }
        }
        for (was, is) in &pairs {
            self.scopes((old, was), (new, is), findings);
        }
        for alternative in come.iter().filter(|alternative| !alternative.is_empty()) {
            let found = self.general(findings.added, Some(old), Some(new));
            found.shows(Shown::Nothing, Shown::Text(label(alternative)));
            match verdict {
                // An alternative was added to the existing ones.
                Access::Kept => found.wire(Verdict::Compatible),
                Access::Some => found,
                Access::Refused => found.wire(Verdict::Breaking),
            };
        }
    }

    /// Whether the older document declares schemes but never requires them. If a later one requires them for the whole API,
    /// callers may have sent the credential before.
    fn says_nothing_of_access(&self, asked: Cursor<'a>) -> bool {
        let root = self.old.root();
        let declared = root
            .get("components")
            .and_then(|all| all.get("securitySchemes"));
        let items = root.get("paths").into_iter().flat_map(Cursor::members);
        let mut operations = items.flat_map(|(_, item)| item.members());
        asked.id == root.id
            && declared.is_some_and(|schemes| !schemes.is_empty())
            && !operations.any(|(_, operation)| operation.get("security").is_some())
    }

    /// Alternatives of the older document, with the names that their schemes have in the newer one.
    fn renamed(&self, alternatives: Vec<Alternative<'a>>) -> Vec<Alternative<'a>> {
        let section = |root: Cursor<'a>| {
            let components = root.get("components");
            components.and_then(|components| components.get("securitySchemes"))
        };
        let (Some(old), Some(new)) = (section(self.old.root()), section(self.new.root())) else {
            return alternatives;
        };
        let name = |name: &'a str| {
            if new.get(name).is_some() {
                return name;
            }
            let Some(scheme) = old.get(name) else {
                return name;
            };
            let mut same = new.members().filter(|(other, candidate)| {
                candidate.digest() == scheme.digest() && old.get(other).is_none()
            });
            same.next().map_or(name, |(other, _)| other)
        };
        let renamed = |alternative: Alternative<'a>| {
            let schemes = alternative.into_iter();
            schemes
                .map(|(scheme, scopes)| (name(scheme), scopes))
                .collect()
        };
        alternatives.into_iter().map(renamed).collect()
    }

    fn scopes(
        &mut self,
        (old, was): (Cursor<'a>, &Alternative<'a>),
        (new, is): (Cursor<'a>, &Alternative<'a>),
        findings: &Findings,
    ) {
        for (scheme, scopes) in is {
            let before = &was[scheme];
            for scope in before.difference(scopes) {
                self.general(findings.scope_removed, Some(old), Some(new))
                    .shows(Shown::Text(format!("{scheme}: {scope}")), Shown::Nothing);
            }
            for scope in scopes.difference(before) {
                self.general(findings.scope_added, Some(old), Some(new))
                    .shows(Shown::Nothing, Shown::Text(format!("{scheme}: {scope}")));
            }
        }
    }

    /// Compares the security schemes themselves.
    pub(super) fn schemes(&mut self, old: Option<Cursor<'a>>, new: Option<Cursor<'a>>) {
        for (name, scheme) in old.into_iter().flat_map(Cursor::members) {
            match new.and_then(|schemes| schemes.get_any(name)) {
                Some(other) => {
                    let (was, is) = (
                        self.old.resolve(scheme).target,
                        self.new.resolve(other).target,
                    );
                    self.scheme(name, was, is);
                }
                None => {
                    self.general(General::SchemeRemoved, Some(scheme), None);
                }
            }
        }
        for (name, scheme) in new.into_iter().flat_map(Cursor::members) {
            if old.is_none_or(|schemes| schemes.get_any(name).is_none()) {
                self.general(General::SchemeAdded, None, Some(scheme));
            }
        }
    }

    /// Whether an operation can be called with a scheme. This is unknown if the document never requires one.
    fn is_asked_for(&self, scheme: &str) -> bool {
        let root = self.old.root();
        let items = root.get("paths").into_iter().flat_map(Cursor::members);
        let operations = items.flat_map(|(_, item)| item.members());
        let lists = operations.map(|(_, operation)| operation);
        let mut requirements = std::iter::once(root)
            .chain(lists)
            .filter_map(|place| place.get("security"))
            .flat_map(Cursor::items)
            .peekable();
        requirements.peek().is_none()
            || requirements.any(|requirement| requirement.get_any(scheme).is_some())
    }

    fn scheme(&mut self, name: &str, old: Cursor<'a>, new: Cursor<'a>) {
        let first = self.found.len();
        self.scheme_fields(old, new);
        if !self.is_asked_for(name) {
            for found in &mut self.found[first..] {
                found.wire(Verdict::Compatible);
            }
        }
    }

    fn scheme_fields(&mut self, old: Cursor<'a>, new: Cursor<'a>) {
        let differs =
            |name: &str| old.get(name).map(Cursor::digest) != new.get(name).map(Cursor::digest);
        if differs("type") {
            self.field(old, new, "type", General::SchemeTypeChanged);
            return;
        }
        // Names of headers and of HTTP schemes are case-insensitive.
        let header = old.get("in").and_then(Cursor::as_str) == Some("header") && !differs("in");
        let lower = |scheme: Cursor<'a>, name: &str| {
            let value = scheme.get(name).and_then(Cursor::as_str);
            value.map(str::to_ascii_lowercase)
        };
        for name in ["in", "name", "scheme", "openIdConnectUrl"] {
            let caseless = name == "scheme" || (name == "name" && header);
            if differs(name) && !(caseless && lower(old, name) == lower(new, name)) {
                let found = self.field(old, new, name, General::SchemeChanged);
                if name == "openIdConnectUrl" {
                    found.wire(Verdict::Warning);
                }
            }
        }
        let flows = |scheme: Cursor<'a>| scheme.get("flows").into_iter().flat_map(Cursor::members);
        for (name, to) in flows(new) {
            let Some(from) = old.get("flows").and_then(|flows| flows.get(name)) else {
                continue;
            };
            for (field, finding) in [
                ("authorizationUrl", General::SchemeUrlChanged),
                ("tokenUrl", General::SchemeTokenUrlChanged),
            ] {
                if from.get(field).map(Cursor::digest) != to.get(field).map(Cursor::digest) {
                    self.field(from, to, field, finding);
                }
            }
            self.flow_scopes(from, to);
        }
        let names =
            |scheme: Cursor<'a>| flows(scheme).map(|(name, _)| name).collect::<BTreeSet<_>>();
        let (before, now) = (names(old), names(new));
        if before != now {
            // A flow was added, removed, or replaced.
            let wire = if before.is_subset(&now) {
                Verdict::Compatible
            } else if before.is_disjoint(&now) {
                Verdict::Breaking
            } else {
                Verdict::Warning
            };
            self.field(old, new, "flows", General::SchemeChanged)
                .wire(wire);
        }
    }

    fn field(
        &mut self,
        old: Cursor<'a>,
        new: Cursor<'a>,
        name: &str,
        finding: General,
    ) -> &mut Found {
        let shown_old = old
            .get(name)
            .map_or(Shown::Nothing, |value| Shown::Old(value.id));
        let shown_new = new
            .get(name)
            .map_or(Shown::Nothing, |value| Shown::New(value.id));
        self.general(finding, Some(old), Some(new))
            .shows(shown_old, shown_new)
    }

    fn flow_scopes(&mut self, old: Cursor<'a>, new: Cursor<'a>) {
        let scopes = |flow: Cursor<'a>| flow.get("scopes").into_iter().flat_map(Cursor::members);
        let entry = |flow: Cursor<'a>, name: &str| {
            flow.get("scopes").and_then(|scopes| scopes.get_any(name))
        };
        for (name, was) in scopes(old) {
            match entry(new, name) {
                None => {
                    self.general(General::SchemeScopeRemoved, Some(old), Some(new))
                        .shows(Shown::Text(name.to_owned()), Shown::Nothing);
                }
                Some(is) if is.digest() != was.digest() => {
                    self.general(General::SchemeScopeChanged, Some(was), Some(is));
                }
                Some(_) => {}
            }
        }
        for (name, _) in scopes(new).filter(|(name, _)| entry(old, name).is_none()) {
            self.general(General::SchemeScopeAdded, Some(old), Some(new))
                .shows(Shown::Nothing, Shown::Text(name.to_owned()));
        }
    }
}
