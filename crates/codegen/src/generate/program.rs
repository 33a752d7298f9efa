//! Formats the expressions of example programs as rustfmt does.

/// The width of a line in an example.
const WIDTH: usize = 92;

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Code {
    /// Text that stays on one line, regardless of its length.
    Text(String),
    /// Items of an array.
    Array(Vec<Code>),
    /// A chain of method calls.
    Chain(Chain),
}

/// A chain of method calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Chain {
    start: String,
    links: Vec<(String, Vec<Code>, &'static str)>,
}

impl Chain {
    /// A chain that begins with an expression.
    pub(super) fn new(start: impl Into<String>) -> Self {
        Self {
            start: start.into(),
            links: Vec::new(),
        }
    }

    /// Calls a method.
    pub(super) fn call(self, method: &str, arguments: Vec<Code>) -> Self {
        self.call_and(method, arguments, "")
    }

    /// Calls a method, with a suffix such as `?` after the call.
    pub(super) fn call_and(
        mut self,
        method: &str,
        arguments: Vec<Code>,
        after: &'static str,
    ) -> Self {
        self.links.push((format!(".{method}"), arguments, after));
        self
    }

    /// Calls `send()`, and awaits the response.
    pub(super) fn send(self) -> Self {
        self.send_by("send", Vec::new())
    }

    /// Calls a method that sends, and awaits the response.
    pub(super) fn send_by(self, method: &str, arguments: Vec<Code>) -> Self {
        let mut chain = self.call(method, arguments);
        chain.links.push((".await?".to_owned(), Vec::new(), ""));
        chain
    }
}

impl Code {
    fn flat(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Array(items) => format!("[{}]", flat(items)),
            Self::Chain(chain) => {
                let mut text = chain.start.clone();
                for (link, arguments, after) in &chain.links {
                    text += link;
                    if !link.ends_with('?') {
                        text += &format!("({}){after}", flat(arguments));
                    }
                }
                text
            }
        }
    }

    /// Formats the expression between `before` and `after`, whose first line has the given indentation level.
    pub(super) fn print(&self, level: usize, before: &str, after: &str) -> String {
        let indent = "    ".repeat(level);
        let line = format!("{indent}{before}{}{after}", self.flat());
        if line.chars().count() <= WIDTH {
            return line;
        }
        match self {
            Self::Text(_) => line,
            Self::Array(items) => format!(
                "{indent}{before}[\n{}\n{indent}]{after}",
                separate(items, level + 1)
            ),
            Self::Chain(chain) if chain.links.is_empty() => line,
            Self::Chain(chain) => {
                let mut text = format!("{indent}{before}{}", chain.start);
                let inner = format!("{indent}    ");
                for (link, arguments, behind) in &chain.links {
                    if link.ends_with('?') {
                        text += &format!("\n{inner}{link}");
                        continue;
                    }
                    let line = format!("{inner}{link}({}){behind}", flat(arguments));
                    text += &match &arguments[..] {
                        [] => format!("\n{line}"),
                        _ if line.chars().count() <= WIDTH => format!("\n{line}"),
                        [only @ Self::Array(_)] => {
                            let argument = only.print(level + 1, "", "");
                            format!("\n{inner}{link}({}){behind}", argument.trim_start())
                        }
                        _ => format!(
                            "\n{inner}{link}(\n{}\n{inner}){behind}",
                            separate(arguments, level + 2)
                        ),
                    };
                }
                text + after
            }
        }
    }
}

fn flat(items: &[Code]) -> String {
    let items: Vec<String> = items.iter().map(Code::flat).collect();
    items.join(", ")
}

fn separate(items: &[Code], level: usize) -> String {
    let lines: Vec<String> = items
        .iter()
        .map(|item| item.print(level, "", ","))
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Code {
        Code::Text(format!("{text:?}"))
    }

    #[test]
    fn a_short_chain_is_one_line() {
        let chain = Chain::new("client")
            .call("user_get", vec![text("u-1")])
            .send();
        assert_eq!(
            Code::Chain(chain).print(0, "let user = ", ";"),
            r#"let user = client.user_get("u-1").send().await?;"#
        );
    }

    #[test]
    fn a_long_chain_has_a_line_for_each_call_and_each_argument_that_is_long() {
        let user = Chain::new("types::User::builder()")
            .call("email", vec![text("ann@acme.test")])
            .call(
                "name",
                vec![text("A name that takes so much room that it does not fit")],
            );
        let chain = Chain::new("client")
            .call("create", Vec::new())
            .call("body", vec![Code::Chain(user)]);
        let expected = r#"let user = client
    .create()
    .body(
        types::User::builder()
            .email("ann@acme.test")
            .name("A name that takes so much room that it does not fit"),
    )
    .send()
    .await?;"#;
        assert_eq!(
            Code::Chain(chain.send()).print(0, "let user = ", ";"),
            expected
        );
    }
}
