//! Types and formats.

use super::view::{Choice, Types, View};
use super::{Context, Engine, Kind, Shown};
use crate::Verdict;
use crate::document::Cursor;
use crate::rules::{Finding, Place};

impl<'a> Engine<'a> {
    /// Compares the types. False if they have so little in common that comparing further says nothing.
    pub(super) fn types(&mut self, was: &View<'a>, is: &View<'a>, context: Context) -> bool {
        if let Some(go_on) = self.wrapping(was, is, context) {
            return go_on;
        }
        // What every form of a choice is goes without saying.
        let types = |view: &View<'a>| {
            if view.types.is_any() {
                view.types_of_forms
            } else {
                view.types
            }
        };
        if was.types == is.types || types(was) == types(is) {
            self.formats(was, is, context);
            return true;
        }
        let Some(finding) = relation(was.types, is.types) else {
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

    /// What was a number or boolean and is a string now reads the same where all is text.
    fn as_text(&mut self, was: &View<'a>, is: &View<'a>, place: Place) {
        match place {
            Place::RequestParameter => self.type_finding(Finding::TypeGeneralized, was, is, place),
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
        self.finding(finding, place, Some(was.node), Some(is.node))
            .shows(shown(was, Shown::Old), shown(is, Shown::New));
    }

    fn formats(&mut self, was: &View<'a>, is: &View<'a>, context: Context) {
        if was.format == is.format
            || is_narrowed_to_values(was, is)
            || is_narrowed_to_values(is, was)
        {
            // The values listed say more than a format.
            return;
        }
        if is.format.is_some_and(|format| is_within(was, format)) && was.format.is_none() {
            self.type_finding(Finding::TypeSpecialized, was, is, context.place);
            if let Some(found) = self.found.last_mut() {
                // The bounds of before allow no value beyond the format.
                found.wire(Verdict::Compatible);
            }
            return;
        }
        self.type_finding(
            format_relation(was.format, is.format),
            was,
            is,
            context.place,
        );
    }

    /// One schema became a choice of several, or the other way. `None` if neither.
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
        if !is_only_choice(if finding == Finding::WrappedInOneOf {
            is
        } else {
            was
        }) {
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
        // Whether null is taken is said of the choice, and told on its own.
        let null = |kind: Kind| {
            let (gained, lost) = (Finding::BecameNullable, Finding::BecameNotNullable);
            kind == Kind::Schema(gained) || kind == Kind::Schema(lost)
        };
        let fits = |branch: &Cursor<'a>| {
            let (old, new, place) = if wrapped {
                (was.node, *branch, Place::RequestProperty)
            } else {
                (*branch, is.node, Place::ResponseProperty)
            };
            let found = self.trial(old, new, Context { place, ..context });
            found.is_some_and(|found| {
                let mut rest = found.into_iter().filter(|found| !null(found.0));
                rest.all(|found| found.1 == Verdict::Compatible)
            })
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
        // `oneOf` refuses what fits two of its forms, so no other may be of the type.
        let exclusive = *keyword == Choice::AnyOf || into.iter().filter(overlaps).count() == 1;
        // What holds together without being merged is not weighed against the forms.
        let plain = was.all_of.is_empty() && is.all_of.is_empty();
        let kept = plain && exclusive && into.iter().any(fits);
        let finding = match (scalar && kept, wrapped) {
            (true, true) => Finding::TypeGeneralized,
            (true, false) => Finding::TypeSpecialized,
            _ => finding,
        };
        let request = context.place.side() == crate::Side::Request;
        let found = self.finding(finding, context.place, Some(was.node), Some(is.node));
        if kept && !scalar {
            // One of the forms is the schema of before: what was valid stays valid, and more is.
            let verdict = if wrapped == request {
                Verdict::Compatible
            } else {
                Verdict::Breaking
            };
            found.wire_at(context.place, verdict);
        }
        Some(false)
    }

    /// A parameter that may be repeated takes a single value as well.
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

/// Whether `is` lists values where `was` lists none, all within the bounds of `was`.
pub(super) fn is_narrowed_to_values(was: &View<'_>, is: &View<'_>) -> bool {
    let (None, Some(values)) = (&was.listed, &is.listed) else {
        return false;
    };
    let limit = |name: &str| was.node.get(name).and_then(Cursor::as_number);
    let (low, high) = (limit("minimum"), limit("maximum"));
    values.iter().all(|value| match value.as_number() {
        Some(number) => {
            let number = number.as_f64();
            low.is_none_or(|low| low.as_f64() <= number)
                && high.is_none_or(|high| number <= high.as_f64())
        }
        None => true,
    })
}

/// Whether the bounds of a schema allow only integers that the format has.
fn is_within(schema: &View<'_>, format: &str) -> bool {
    let (low, high) = match format {
        "int8" => (f64::from(i8::MIN), f64::from(i8::MAX)),
        "int16" => (f64::from(i16::MIN), f64::from(i16::MAX)),
        "int32" => (f64::from(i32::MIN), f64::from(i32::MAX)),
        "int64" => (-9_223_372_036_854_775_808.0, 9_223_372_036_854_775_807.0),
        "uint8" => (0.0, f64::from(u8::MAX)),
        "uint16" => (0.0, f64::from(u16::MAX)),
        "uint32" => (0.0, f64::from(u32::MAX)),
        "uint64" => (0.0, 18_446_744_073_709_551_615.0),
        _ => return false,
    };
    let limit = |name: &str| schema.node.get(name).and_then(Cursor::as_number);
    schema.types == Types::INTEGER
        && limit("minimum").is_some_and(|least| least.as_f64() >= low)
        && limit("maximum").is_some_and(|most| most.as_f64() <= high)
}

/// A schema that says no more than a choice could.
fn is_only_choice(view: &View<'_>) -> bool {
    view.node.members().all(|(name, _)| {
        matches!(name, "oneOf" | "anyOf" | "discriminator" | "type")
            || super::view::is_annotation(name)
    })
}

/// `None` where both mean the same, as `[integer, number]` and `number` do.
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
    // A format that goes with its type, or comes with it, says nothing by itself.
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

/// The type as written, with its format where that is what differs.
fn shown(view: &View<'_>, side: fn(crate::document::NodeId) -> Shown) -> Shown {
    match (view.node.get("type"), view.format) {
        (Some(kind), None) => side(kind.id),
        (Some(kind), Some(format)) if kind.as_str().is_some() => {
            Shown::Text(format!("{} ({format})", kind.as_str().unwrap_or_default()))
        }
        _ => side(view.node.id),
    }
}
