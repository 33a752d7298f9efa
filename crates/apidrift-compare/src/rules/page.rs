//! The rules page.

use std::fmt::Write;

use super::{Rule, established_level, rules};
use crate::Side;

/// The page of all rules, in markdown: what each finds, an example, both verdicts and why.
pub fn page() -> String {
    let mut out = String::from(
        "# Rules\n\n\
         Written by `apidrift --rules`; a test checks that it is current.\n\n\
         Each change has two verdicts. *Wire*: would a request of an existing client be refused, or a response be\n\
         outside what it was promised? *Rust*: would code that uses a crate generated from the document stop\n\
         compiling, or mean something else? A change may differ from its rule where its values tell more:\n\
         breaking changes that reach only operations at stability level `draft` or `alpha` are warnings, and\n\
         what a webhook or callback sends is judged as a response, what it takes back as a request.\n",
    );
    differences(&mut out);
    for (side, heading) in [
        (Side::None, "The API and its operations"),
        (Side::Request, "Requests"),
        (Side::Response, "Responses"),
    ] {
        let _ = write!(
            out,
            "\n## {heading}\n\n\
             | Rule | Finds | Before | After | Wire | Rust | Taken back |\n|---|---|---|---|---|---|---|\n"
        );
        for rule in rules().iter().filter(|rule| rule.side() == side) {
            line(&mut out, rule);
        }
    }
    out
}

fn differences(out: &mut String) {
    out.push_str(
        "\n## Where the verdict differs from the established level\n\n\
         Most rules carry names that are established in this field, and the level that goes with the name. These\n\
         differ, on purpose.\n\n\
         | Rule | Established | Wire | Why |\n|---|---|---|---|\n",
    );
    for rule in rules() {
        if let Some((level, why)) = established_level(rule.id()) {
            // Writing to a string cannot fail.
            let _ = writeln!(
                out,
                "| `{}` | {level} | {} | {why} |",
                rule.id(),
                rule.wire()
            );
        }
    }
}

fn line(out: &mut String, rule: &Rule) {
    let (before, after) = rule.example();
    let cell = |text: &str| text.replace('|', "\\|");
    let mirrors: Vec<String> = rule.mirrors().iter().map(|id| format!("`{id}`")).collect();
    let _ = writeln!(
        out,
        "| `{}` | {} | `{}` | `{}` | {}: {} | {}: {} | {} |",
        rule.id(),
        cell(rule.what()),
        cell(before),
        cell(after),
        rule.wire(),
        rule.wire_reason(),
        rule.rust(),
        rule.rust_reason(),
        mirrors.join(", ")
    );
}
