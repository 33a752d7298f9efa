//! Who may call.

use std::collections::{BTreeMap, BTreeSet};

use super::{Engine, Shown, pairing};
use crate::Verdict;
use crate::document::Cursor;
use crate::rules::General;

/// One way to be let in: the schemes that together suffice, each with its scopes.
type Alternative<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// The rules for requirements, of one operation or of the whole API.
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

/// How many of the former ways to be let in still suffice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Accepted {
    None,
    Some,
    All,
}

/// Callers with the schemes of an alternative are let in where a new one asks for no further scheme. Scopes
/// are reported on their own.
fn accepted(before: &[Alternative<'_>], now: &[Alternative<'_>]) -> Accepted {
    if now.is_empty() {
        return Accepted::All;
    }
    let asks = |alternative: &Alternative<'_>| -> BTreeSet<String> {
        let names = alternative.keys().map(|name| (*name).to_owned());
        names.collect()
    };
    let asked: Vec<BTreeSet<String>> = now.iter().map(asks).collect();
    let suffices = |given: &BTreeSet<String>| asked.iter().any(|asked| asked.is_subset(given));
    let open = [BTreeSet::new()];
    let given: Vec<BTreeSet<String>> = before.iter().map(asks).collect();
    let given = if given.is_empty() {
        &open[..]
    } else {
        &given[..]
    };
    let count = given.iter().filter(|given| suffices(given)).count();
    if count == given.len() {
        Accepted::All
    } else if count == 0 {
        Accepted::None
    } else {
        Accepted::Some
    }
}

fn label(alternative: &Alternative<'_>) -> String {
    let schemes: Vec<&str> = alternative.keys().copied().collect();
    schemes.join(" and ")
}

impl<'a> Engine<'a> {
    pub(super) fn global_security(&mut self, old: Cursor<'a>, new: Cursor<'a>) {
        let security = |root: Cursor<'a>| root.get("security");
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
        let global = findings.added == General::GlobalSecurityAdded && was.is_none();
        let schemes = self
            .old
            .root()
            .get("components")
            .and_then(|components| components.get("securitySchemes"));
        let described = |name: &str| schemes.is_some_and(|schemes| schemes.get(name).is_some());
        let (mut before, mut now) = (alternatives(was), alternatives(is));
        let accepted = accepted(&before, &now);
        if before.is_empty() {
            before.push(Alternative::new());
        }
        if now.is_empty() {
            now.push(Alternative::new());
        }
        let (before, now, _) = pairing::by_key(
            before,
            now,
            |alternative| Some(alternative.clone()),
            |alternative| Some(alternative.clone()),
        );
        let schemes = |list: &[Alternative<'a>]| -> BTreeSet<Vec<&'a str>> {
            list.iter()
                .map(|alternative| alternative.keys().copied().collect())
                .collect()
        };
        let kept = schemes(&now);
        let by_schemes: BTreeMap<Vec<&str>, &Alternative<'a>> = before
            .iter()
            .map(|alternative| (alternative.keys().copied().collect(), alternative))
            .collect();
        for alternative in &before {
            let keys: Vec<&str> = alternative.keys().copied().collect();
            if !kept.contains(&keys) && !keys.is_empty() {
                let found = self.general(findings.removed, Some(old), Some(new));
                found.shows(Shown::Text(label(alternative)), Shown::Nothing);
                if accepted == Accepted::All {
                    found.wire(Verdict::Compatible);
                }
            }
        }
        for alternative in &now {
            let keys: Vec<&str> = alternative.keys().copied().collect();
            if keys.is_empty() {
                continue;
            }
            if let Some(&other) = by_schemes.get(&keys) {
                self.scopes((old, other), (new, alternative), findings);
                continue;
            }
            let found = self.general(findings.added, Some(old), Some(new));
            found.shows(Shown::Nothing, Shown::Text(label(alternative)));
            found.wire(match accepted {
                // Nobody who was let in is any more.
                // A scheme that was described before may have been asked for before as well: a requirement
                // of the whole API is often written down late.
                Accepted::None if global && keys.iter().all(|name| described(name)) => {
                    Verdict::Warning
                }
                Accepted::None => Verdict::Breaking,
                Accepted::Some => Verdict::Warning,
                Accepted::All => Verdict::Compatible,
            });
        }
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

    /// The schemes themselves.
    pub(super) fn schemes(&mut self, old: Option<Cursor<'a>>, new: Option<Cursor<'a>>) {
        for (name, scheme) in old.into_iter().flat_map(Cursor::members) {
            match new.and_then(|schemes| schemes.get_any(name)) {
                Some(other) => {
                    let (was, is) = (
                        self.old.resolve(scheme).target,
                        self.new.resolve(other).target,
                    );
                    self.scheme(was, is);
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

    fn scheme(&mut self, old: Cursor<'a>, new: Cursor<'a>) {
        let differs =
            |name: &str| old.get(name).map(Cursor::digest) != new.get(name).map(Cursor::digest);
        if differs("type") {
            self.field(old, new, "type", General::SchemeTypeChanged);
            return;
        }
        for name in ["in", "name", "scheme", "openIdConnectUrl"] {
            let equal = || {
                let text = |scheme: Cursor<'a>| scheme.get(name).and_then(Cursor::as_str);
                // Names of headers and of HTTP schemes have no case.
                let header = old.get("in").and_then(Cursor::as_str) == Some("header");
                (name == "scheme" || (name == "name" && header && !differs("in")))
                    && text(old).map(str::to_ascii_lowercase)
                        == text(new).map(str::to_ascii_lowercase)
            };
            if differs(name) && !equal() {
                self.field(old, new, name, General::SchemeChanged);
                if name == "openIdConnectUrl"
                    && let Some(found) = self.found.last_mut()
                {
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
        if names(old) != names(new) {
            self.field(old, new, "flows", General::SchemeChanged);
            if let Some(found) = self.found.last_mut() {
                found.wire(Verdict::Warning);
            }
        }
    }

    fn field(&mut self, old: Cursor<'a>, new: Cursor<'a>, name: &str, finding: General) {
        let shown_old = old
            .get(name)
            .map_or(Shown::Nothing, |value| Shown::Old(value.id));
        let shown_new = new
            .get(name)
            .map_or(Shown::Nothing, |value| Shown::New(value.id));
        self.general(finding, Some(old), Some(new))
            .shows(shown_old, shown_new);
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
