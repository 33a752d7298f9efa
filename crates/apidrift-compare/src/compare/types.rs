//! Compares types and formats.

use super::view::{Choice, Types, View};
use super::{Context, Engine, Shown};
use crate::Verdict;
use crate::rules::{Finding, Place};
use apidrift_document::Cursor;

impl<'a> Engine<'a> {
    /// Compares the types. Returns false if they have so little in common that a further comparison is meaningless.
    pub(super) fn types(&mut self, was: &View<'a>, is: &View<'a>, context: Context) -> bool {
        if let Some(go_on) = self.wrapping(was, is, context) {
            return go_on;
        }
        if was.types == is.types {
            self.formats(was, is, context);
            return true;
        }
        let types = (was.all_types(self.old), is.all_types(self.new));
        let Some(finding) = relation(types.0, types.1) else {
            return true;
        };
        if finding != Finding::TypeChanged {
            let finding = with_format(finding, was.format, is.format);
            self.type_finding(finding, was, is, context.place);
            return true;
        }
        let stops_being_text = context.text && becomes_text(is.types, was.types);
        if self.is_list_of_one(was, is, context) {
            self.type_finding(Finding::TypeGeneralized, was, is, context.place);
        } else if context.text && becomes_text(was.types, is.types) {
            self.as_text(was, is, context.place);
        } else if stops_being_text
            && (context.place == Place::RequestParameterProperty
                || context.place.side() == crate::Side::Response)
        {
            self.type_finding(Finding::TypeSpecialized, was, is, context.place);
        } else {
            self.type_finding(Finding::TypeChanged, was, is, context.place);
        }
        false
    }

    /// Compares a number or boolean that became a string. It is unchanged where all values are sent as strings.
    fn as_text(&mut self, was: &View<'a>, is: &View<'a>, place: Place) {
        match place {
            Place::RequestParameter => self.type_finding(Finding::TypeGeneralized, was, is, place),
            // A client that parses a number cannot parse every string.
            place if place.side() == crate::Side::Response => {
                self.type_finding(Finding::TypeGeneralized, was, is, place);
            }
            Place::RequestParameterProperty | Place::RequestHeaderProperty => {
                let rule = Finding::TypeChanged;
                self.finding(rule, place, Some(was.node), Some(is.node))
                    .shows(shown(was, Shown::Old), shown(is, Shown::New))
                    .wire(Verdict::Warning);
            }
            _ => self.type_finding(Finding::TypeCompatible, was, is, place),
        }
    }

    fn type_finding(&mut self, finding: Finding, was: &View<'a>, is: &View<'a>, place: Place) {
        let found = self.finding(finding, place, Some(was.node), Some(is.node));
        found.shows(shown(was, Shown::Old), shown(is, Shown::New));
        if place == Place::ResponseHeader && read_as(was.types) == read_as(is.types) {
            found.rust(Verdict::Compatible);
        }
    }

    fn formats(&mut self, was: &View<'a>, is: &View<'a>, context: Context) {
        if was.format == is.format || was.listed.is_some() != is.listed.is_some() {
            // Enumerated values are more specific than a format.
            return;
        }
        let finding = format_relation(was.format, is.format);
        self.type_finding(finding, was, is, context.place);
        // Only these formats change the generated type: other strings stay strings, and numbers have 64 bits.
        let typed = |format: Option<&str>| match format {
            Some("uint64") => was.types == Types::INTEGER,
            Some("binary") => true,
            _ => false,
        };
        if !typed(was.format)
            && !typed(is.format)
            && let Some(found) = self.found.last_mut()
        {
            found.rust(Verdict::Compatible);
        }
        if let (Some(from), Some(to)) = (whole_range(was), whole_range(is)) {
            let (inner, outer) = match context.place.side() {
                crate::Side::Request => (from, to),
                _ => (to, from),
            };
            if outer.0 <= inner.0
                && inner.1 <= outer.1
                && let Some(found) = self.found.last_mut()
            {
                found.wire_at(context.place, Verdict::Compatible);
            }
        }
    }

    /// One schema was replaced by a union, or the reverse. `None` if neither.
    fn wrapping(&mut self, was: &View<'a>, is: &View<'a>, context: Context) -> Option<bool> {
        let (into, finding) = match (was.choices.as_slice(), is.choices.as_slice()) {
            ([], [(Choice::OneOf | Choice::AnyOf, branches)])
                if is.types.is_any() && !was.types.is_any() =>
            {
                (branches, Finding::WrappedInOneOf)
            }
            ([(Choice::OneOf | Choice::AnyOf, branches)], [])
                if was.types.is_any() && !is.types.is_any() =>
            {
                (branches, Finding::UnwrappedFromOneOf)
            }
            _ => return None,
        };
        let choice = if finding == Finding::WrappedInOneOf {
            is
        } else {
            was
        };
        if !choice.is_only_choice() {
            return None;
        }
        let wrapped = finding == Finding::WrappedInOneOf;
        let scalar = if wrapped {
            was.types.is_scalar()
        } else {
            is.types.is_scalar()
        };
        let context = Context {
            text: false,
            ..context
        };
        // Whether null is accepted is compared separately from the union.
        let taken = Context {
            place: Place::RequestProperty,
            ..context
        };
        let given = Context {
            place: Place::ResponseProperty,
            ..context
        };
        let fits = |branch: &Cursor<'a>| {
            if wrapped {
                self.fits_but_for_null(was.node, *branch, taken)
            } else {
                self.fits_but_for_null(*branch, is.node, given)
            }
        };
        let keyword = if wrapped {
            &is.choices[0].0
        } else {
            &was.choices[0].0
        };
        let document = if wrapped { self.new } else { self.old };
        let one = if wrapped { was.types } else { is.types };
        let overlaps = |branch: &&Cursor<'a>| {
            let types = View::of(document, super::view::meant(document, **branch).target).types;
            types.is_any() || types.has(one)
        };
        // `oneOf` rejects values that match two branches, so no other branch may have the type.
        let exclusive = *keyword == Choice::AnyOf || into.iter().filter(overlaps).count() == 1;
        // A branch with the same name is treated as the old schema, which remains beside an added branch.
        let single = if wrapped { was.node } else { is.node };
        let named = |branch: &Cursor<'a>| {
            let component = super::view::meant(document, *branch).component;
            component.is_some_and(|component| component.name() == single.name())
                && super::view::is_component(single)
        };
        let kept = (exclusive || into.iter().any(named)) && into.iter().any(fits);
        let finding = match (scalar && kept, wrapped) {
            (true, true) => Finding::TypeGeneralized,
            (true, false) => Finding::TypeSpecialized,
            _ => finding,
        };
        let request = context.place.side() == crate::Side::Request;
        // Every branch accepts only values of the single schema.
        let within = into.iter().all(|branch| {
            if wrapped {
                self.fits_but_for_null(was.node, *branch, given)
            } else {
                self.fits_but_for_null(*branch, is.node, taken)
            }
        });
        let found = self.finding(finding, context.place, Some(was.node), Some(is.node));
        if within && wrapped != request {
            found.wire_at(context.place, Verdict::Compatible);
        } else if kept && !scalar {
            // One of the branches is the old schema: valid values remain valid, and others are added.
            let verdict = if wrapped == request {
                Verdict::Compatible
            } else {
                Verdict::Breaking
            };
            found.wire_at(context.place, verdict);
        }
        Some(false)
    }

    /// Whether `old` accepts every value that `new` accepts.
    pub(super) fn covered(&self, old: Cursor<'a>, new: Cursor<'a>, context: Context) -> bool {
        let response = Context {
            place: Place::ResponseProperty,
            ..context
        };
        self.trial(old, new, response)
            .is_some_and(|found| found.iter().all(|&wire| wire == Verdict::Compatible))
    }

    /// A repeatable parameter accepts a single value too.
    fn is_list_of_one(&self, was: &View<'a>, is: &View<'a>, context: Context) -> bool {
        if context.place != Place::RequestParameter
            || is.types != Types::ARRAY
            || !was.types.is_scalar()
        {
            return false;
        }
        let demanding = ["minItems", "contains", "prefixItems"];
        let minimum = is.node.get("minItems").and_then(Cursor::as_number);
        let one = minimum.is_none_or(|number| number.as_f64() <= 1.0);
        let free = demanding[1..]
            .iter()
            .all(|keyword| is.node.get(keyword).is_none());
        let items = is.node.get("items");
        let member = Context {
            place: Place::RequestProperty,
            ..context
        };
        one && free && items.is_none_or(|items| self.covers(was.node, items, member))
    }
}

/// The type that a response header is parsed as, unless it is a string.
fn read_as(types: Types) -> Option<Types> {
    let read = [Types::INTEGER, Types::NUMBER, Types::BOOLEAN, Types::ARRAY];
    read.into_iter().find(|one| types == *one)
}

/// `None` if both are equivalent, as are `[integer, number]` and `number`.
fn relation(was: Types, is: Types) -> Option<Finding> {
    let many = was.count() > 1 || is.count() > 1;
    let listed = many && !was.is_any() && !is.is_any();
    Some(match (is.covers(was), was.covers(is)) {
        (true, true) => return None,
        (true, false) if listed => Finding::ListOfTypesWidened,
        (false, true) if listed => Finding::ListOfTypesNarrowed,
        (true, false) => Finding::TypeGeneralized,
        (false, true) => Finding::TypeSpecialized,
        (false, false) => Finding::TypeChanged,
    })
}

fn format_relation(was: Option<&str>, is: Option<&str>) -> Finding {
    match (was, is) {
        (None, Some(_)) => Finding::TypeSpecialized,
        (Some(_), None) => Finding::TypeGeneralized,
        (Some("int32"), Some("int64")) | (Some("float"), Some("double")) => {
            Finding::TypeGeneralized
        }
        (Some("int64"), Some("int32")) | (Some("double"), Some("float")) => {
            Finding::TypeSpecialized
        }
        _ => Finding::TypeChanged,
    }
}

/// The range of integers that format and limits permit. `None` for other types and formats. Without a format, an
/// integer is assumed to have 64 bits, since clients have no wider type.
fn whole_range(view: &View<'_>) -> Option<(f64, f64)> {
    if view.types != Types::INTEGER {
        return None;
    }
    let (least, most) = match view.format {
        None | Some("int64") => (-(2f64.powi(63)), 2f64.powi(63)),
        Some("int32") => (-(2f64.powi(31)), 2f64.powi(31) - 1.0),
        Some("int16") => (-32768.0, 32767.0),
        Some("int8") => (-128.0, 127.0),
        Some("uint64") => (0.0, 2f64.powi(64)),
        Some("uint32") => (0.0, 2f64.powi(32) - 1.0),
        Some("uint16") => (0.0, 65535.0),
        Some("uint8") => (0.0, 255.0),
        Some(_) => return None,
    };
    let limit = |keyword: &str| {
        let limit = view.node.get(keyword).and_then(Cursor::as_number);
        limit.map(apidrift_document::Number::as_f64)
    };
    let [minimum, above, maximum, below] =
        ["minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"].map(limit);
    let least = [minimum, above.map(|value| value + 1.0)]
        .into_iter()
        .flatten()
        .fold(least, f64::max);
    let most = [maximum, below.map(|value| value - 1.0)]
        .into_iter()
        .flatten()
        .fold(most, f64::min);
    Some((least, most))
}

/// Types that widened under a format that narrowed are neither wider nor narrower.
fn with_format(finding: Finding, was: Option<&str>, is: Option<&str>) -> Finding {
    let widened = matches!(
        finding,
        Finding::TypeGeneralized | Finding::ListOfTypesWidened
    );
    let opposite = if widened {
        Finding::TypeSpecialized
    } else {
        Finding::TypeGeneralized
    };
    // A format that changes together with its type is not reported separately.
    let (Some(_), Some(_)) = (was, is) else {
        return finding;
    };
    let format = format_relation(was, is);
    if was != is && (format == opposite || format == Finding::TypeChanged) {
        Finding::TypeChanged
    } else {
        finding
    }
}

fn becomes_text(was: Types, is: Types) -> bool {
    is == Types::STRING && was.is_scalar()
}

/// The type as written, with its format if that differs.
fn shown(view: &View<'_>, side: fn(apidrift_document::NodeId) -> Shown) -> Shown {
    match (view.node.get("type"), view.format) {
        (Some(kind), None) => side(kind.id),
        (Some(kind), Some(format)) if kind.as_str().is_some() => {
            Shown::Text(format!("{} ({format})", kind.as_str().unwrap_or_default()))
        }
        _ => side(view.node.id),
    }
}
