//! Multipart forms of sample values.

use specmill_model::{FormPart, Model, Operation, PartKind};
use specmill_samples::Samples;

use super::arguments::{argument, from_json};
use super::operation_names::form_name;

/// A form of sample values for a test, with every part or only with the required ones.
pub(super) fn sample_form(
    model: &Model,
    samples: &Samples<'_>,
    operation: &Operation,
    parts: &[FormPart],
    every: bool,
) -> String {
    let mut form = format!("operations::{}::new()", form_name(model, operation));
    let shown = |part: &&FormPart| part.required || every && !part.additional;
    for part in parts.iter().filter(shown) {
        let value = match part.kind {
            PartKind::File => "&b\"text\"[..]".to_owned(),
            kind => {
                let Some(value) = samples.value(&part.lowered, every) else {
                    continue;
                };
                // A literal does not determine the type of the items of a list.
                if kind == PartKind::Json && !part.many && value.is_array() {
                    from_json(&value, &part.lowered)
                } else {
                    argument(&value, &part.lowered, model)
                }
            }
        };
        let value = if part.many {
            format!("[{value}]")
        } else {
            value
        };
        form += &format!(".{}({value})", part.identifier);
    }
    form
}
