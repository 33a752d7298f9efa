//! The bodies of webhooks.

use specmill_model::Model;

use super::prose;
use super::rust_types::RustType;
use super::source::Source;
use crate::Options;

/// The file of the module `webhooks`; `None` if the API has none.
pub(super) fn file(options: &Options, model: &Model) -> Option<String> {
    let first = model.webhooks.first()?;
    let mut source = Source::new(
        options,
        &format!(
            "The webhooks of {}: requests that the service sends.\n\nEach type is that of a body. Verify a request as the \
             vendor describes, and decode its body:\n\n```\nuse {}::webhooks;\n\nfn received(body: &[u8]) -> Result<(), \
             serde_json::Error> {{\n    let payload: webhooks::{} = serde_json::from_slice(body)?;\n    \
             println!(\"{{payload:?}}\");\n    Ok(())\n}}\n```",
            options.title,
            options.crate_name(),
            first.identifier
        ),
    );
    for webhook in &model.webhooks {
        source.blank();
        let mut docs = format!("`{}`", webhook.name.replace('`', "'"));
        if let Some(description) = &webhook.description {
            docs = format!("{docs}\n\n{}", prose::description(description));
        }
        source.docs(0, &docs);
        let payload = RustType::of(&webhook.lowered).value();
        source.line(
            0,
            &format!(
                "pub type {} = {};",
                webhook.identifier,
                payload.written("crate::types::")
            ),
        );
    }
    Some(source.finish())
}
