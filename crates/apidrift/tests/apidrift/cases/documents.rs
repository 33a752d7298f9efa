//! Cases about whole documents.

use serde::Deserialize;
use serde_json::{Value, json};

use super::expected::Expected;
use super::{Policy, compare, differences, read};

/// Two documents, and the expected findings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Case {
    name: String,
    old: Value,
    new: Value,
    /// The findings from the older to the newer document, and the reverse (`back`).
    #[serde(default)]
    forth: Vec<Finding>,
    #[serde(default)]
    back: Vec<Finding>,
    /// The type of `old` and `new`: `document`, `paths`, or `operation`, which is `GET /a`.
    #[serde(default)]
    of: Part,
    #[serde(default)]
    policy: Policy,
}

#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Part {
    #[default]
    Document,
    Paths,
    Operation,
}

/// An expected finding.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Finding {
    rule: String,
    wire: String,
    rust: String,
    #[serde(default = "none")]
    side: String,
    says: String,
    /// The location, as a pointer from the compared part: in both documents, or in each. `none` if a
    /// document does not have it.
    at: Option<String>,
    old: Option<String>,
    new: Option<String>,
    /// The affected operations. Default: `GET /a` if the part is an operation, otherwise none.
    reaches: Option<Vec<String>>,
    before: Option<Value>,
    after: Option<Value>,
}

fn none() -> String {
    "none".to_owned()
}

pub(super) fn cases() -> Vec<Case> {
    read("documents")
}

impl Case {
    pub(super) fn differences(&self) -> Vec<String> {
        let (old, new) = (self.of.document(&self.old), self.of.document(&self.new));
        let run = |direction: &str, old, new, findings: &[Finding]| {
            let expected: Vec<Expected> = findings
                .iter()
                .map(|finding| finding.expected(self.of))
                .collect();
            let title = format!("{} ({direction})", self.name);
            differences(&title, &expected, &compare(old, new, &self.policy))
        };
        let mut lines = run("forth", &old, &new, &self.forth);
        lines.extend(run("back", &new, &old, &self.back));
        lines
    }

    pub(super) fn rules(&self) -> impl Iterator<Item = &str> {
        self.forth
            .iter()
            .chain(&self.back)
            .map(|finding| finding.rule.as_str())
    }
}

impl Part {
    fn document(self, value: &Value) -> Value {
        match self {
            Part::Document => {
                let mut document = json!({"openapi": "3.1.0"});
                if let (Value::Object(all), Value::Object(own)) = (&mut document, value) {
                    all.extend(own.clone());
                }
                document
            }
            Part::Paths => json!({"openapi": "3.1.0", "paths": value}),
            Part::Operation => json!({"openapi": "3.1.0", "paths": {"/a": {"get": value}}}),
        }
    }

    fn pointer(self) -> &'static str {
        match self {
            Part::Document => "",
            Part::Paths => "/paths",
            Part::Operation => "/paths/~1a/get",
        }
    }
}

impl Finding {
    fn expected(&self, of: Part) -> Expected {
        let pointer = |own: &Option<String>| {
            let below = own.as_deref().or(self.at.as_deref()).unwrap_or_default();
            (below != "none").then(|| format!("{}{below}", of.pointer()))
        };
        let reached = match of {
            Part::Operation => vec!["GET /a".to_owned()],
            Part::Document | Part::Paths => Vec::new(),
        };
        Expected {
            rule: self.rule.clone(),
            wire: self.wire.clone(),
            rust: self.rust.clone(),
            side: self.side.clone(),
            old: pointer(&self.old),
            new: pointer(&self.new),
            message: self.says.clone(),
            reaches: self.reaches.clone().unwrap_or(reached),
            before: self.before.clone(),
            after: self.after.clone(),
        }
    }
}
