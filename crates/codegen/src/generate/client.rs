//! The file with the client and its builder.

use crate::Options;
use specmill_model::Model;
use specmill_model::{Authentication, ClientSetting};
use specmill_openapi::names;

use super::builder_field::Field;
use super::fields::{fields, is_version};
use super::source::{Source, literal};
use super::variables::{Role, Variable, tls_variables};
use super::{credentials, grants, settings};

/// The file of `Client` and `ClientBuilder`.
pub(super) fn file(options: &Options, model: &Model) -> String {
    let fields = fields(options, model);
    let mut source = Source::new(options, "The client and its builder.");
    imports(model, &mut source);
    statics(options, model, &mut source);
    client(options, model, &fields, &mut source);
    from_variables(options, &fields, &mut source);
    builder(model, &fields, &mut source);
    source.finish()
}

fn imports(model: &Model, source: &mut Source) {
    let secret = if model.authentication == Authentication::None {
        ""
    } else {
        " Secret,"
    };
    if grants::are_taken(&model.authentication) {
        source.push("\nuse specmill_client::credentials::OAuth2;");
    }
    source.push(&format!(
        "\nuse specmill_client::environment::Variables;\nuse specmill_client::{{Api, Authentication, Error,{secret} \
         Settings, Transport, common_settings, server}};\n"
    ));
    let variables = settings::variables(model);
    let of_variables = variables
        .iter()
        .map(|variable| names::type_identifier(&variable.setting));
    let listed = model
        .settings
        .iter()
        .filter(|setting| settings::has_type(setting));
    let types: Vec<String> = of_variables
        .chain(listed.map(|setting| names::type_identifier(&setting.setting)))
        .collect();
    let version = model
        .settings
        .iter()
        .any(|setting| is_version(setting, model));
    if !types.is_empty() || version {
        source.blank();
    }
    match &types[..] {
        [] => {}
        [only] => source.line(0, &format!("use crate::settings::{only};")),
        types => source.line(
            0,
            &format!("use crate::settings::{{{}}};", types.join(", ")),
        ),
    }
    if version {
        source.line(0, "use crate::versions::ApiVersion;");
    }
}

fn statics(options: &Options, model: &Model, source: &mut Source) {
    let list = |values: &mut dyn Iterator<Item = &String>| {
        let values: Vec<String> = values.map(|value| literal(value)).collect();
        format!("&[{}]", values.join(", "))
    };
    source.push("\npub(crate) static API: Api = Api {\n");
    source.line(1, &format!("name: {},", literal(&options.name)));
    source.line(1, &format!("title: {},", literal(&options.title)));
    source.line(1, "version: env!(\"CARGO_PKG_VERSION\"),");
    let suffixes = list(&mut model.base_url_suffixes.iter());
    source.line(1, &format!("base_url_suffixes: {suffixes},"));
    source.push("};\n\nstatic SERVERS: &[server::Server] = &[");
    if !settings::variables(model).is_empty() {
        source.blank();
        for server in &model.servers {
            source.line(1, "server::Server {");
            source.line(2, &format!("url: {},", literal(&server.url)));
            source.line(2, "variables: &[");
            for variable in &server.variables {
                let values = list(&mut variable.values.iter().map(|(value, _)| value));
                source.line(3, &format!("({}, {values}),", literal(&variable.name)));
            }
            source.line(2, "],");
            source.line(1, "},");
        }
    }
    source.push("];\n");
}

fn client(options: &Options, model: &Model, fields: &[Field], source: &mut Source) {
    source.blank();
    source.docs(
        0,
        &format!(
            "A client of {}.\n\nIt is cheap to clone; clones share connections, credentials and the retry budget.",
            options.title
        ),
    );
    source.push(
        "#[derive(Debug, Clone)]\npub struct Client {\n    pub(crate) transport: Transport,\n}\n\nimpl Client {\n    \
         /// The name of the API in errors.\n    pub(crate) const API: &str = API.name;\n\n    \
         /// Starts building a client.\n    pub fn builder() -> ClientBuilder {\n        ClientBuilder {\n            \
         settings: Settings::new(&API),\n",
    );
    for field in fields {
        source.line(3, &format!("{}: None,", field.name));
    }
    source.push("        }\n    }\n\n");
    let of_fields = fields.iter().map(|field| field.variable.line());
    let of_credentials = credentials::variables(&options.environment, &model.authentication);
    let of_credentials = of_credentials.iter().map(Variable::line);
    let of_tls = tls_variables(&options.environment).map(|variable| variable.line());
    let lines: Vec<String> = of_fields
        .chain(of_credentials)
        .chain(of_tls)
        .map(|line| format!("- {line}"))
        .collect();
    source.docs(
        1,
        &format!(
            "Builds a client from environment variables:\n{}\n\n# Errors\nA variable is missing or invalid. The error contains its name, never its value.",
            lines.join("\n")
        ),
    );
    source.push(
        "    pub fn from_env() -> Result<Self, Error> {\n        read(&Variables::environment())\n    }\n\n    \
         /// Builds a client from variables of another source, with the names that\n    \
         /// [`from_env`](Self::from_env) reads. Other names are ignored.\n    ///\n    \
         /// # Errors\n    \
         /// A variable is missing or invalid. The error contains its name, never its value.\n    pub fn from_variables(\n        \
         variables: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,\n    ) -> Result<Self, Error> {\n        \
         read(&Variables::given(variables))\n    }\n\n    \
         /// The base URL, without a trailing slash.\n    pub fn base_url(&self) -> &str {\n        \
         self.transport.base_url()\n    }\n",
    );
    credentials::replacing(&model.authentication, source);
    source.push("}\n");
}

/// The function that reads a client's settings from variables.
fn from_variables(options: &Options, fields: &[Field], source: &mut Source) {
    let of_address = fields
        .iter()
        .filter(|field| matches!(field.variable.role, Role::Address | Role::AddressPart));
    let of_address: Vec<String> = of_address
        .map(|field| format!("({}, {})", literal(&field.name), field.variable()))
        .collect();
    source.push("\npub(crate) fn read(variables: &Variables) -> Result<Client, Error> {\n");
    for choice in fields.iter().filter_map(|field| field.choice(fields)) {
        source.line(1, &choice);
    }
    source.line(1, "let mut builder = Client::builder();");
    source.line(1, "builder.settings = builder");
    source.line(2, ".settings");
    source.line(2, &format!(".read_from([{}])", of_address.join(", ")));
    source.line(
        2,
        &format!(".tls_from(variables, {})?;", literal(&options.environment)),
    );
    for field in fields {
        source.line(1, &format!("builder.{} = {};", field.name, field.read()));
    }
    source.line(1, "builder.build()");
    source.line(0, "}");
}

fn builder(model: &Model, fields: &[Field], source: &mut Source) {
    source.push(
        "\n/// Builds a [`Client`]. No setting is read or sent before [`build`](Self::build).\n#[derive(Debug)]\n\
         #[must_use = \"a builder does nothing before `build`\"]\npub struct ClientBuilder {\n    settings: Settings,\n",
    );
    for field in fields {
        source.line(1, &format!("{}: Option<{}>,", field.name, field.value));
    }
    source.push("}\n\ncommon_settings!(ClientBuilder);\n\nimpl ClientBuilder {\n");
    for setter in fields.iter().filter_map(|field| field.setter.as_ref()) {
        setter.print(source);
        source.blank();
    }
    grants::setters(&model.authentication, source);
    source.docs(
        1,
        "Builds the client.\n\n# Errors\nA setting is missing or invalid. The error names it, and shows no credential.",
    );
    source.line(1, "pub fn build(self) -> Result<Client, Error> {");
    let parts: Vec<String> = settings::variables(model)
        .iter()
        .map(|variable| {
            let (name, setting) = (literal(&variable.name), &variable.setting);
            format!(
                "server::Part {{ name: {name}, setting: {}, value: self.{setting}.as_ref().map(|value| value.as_str()) }}",
                literal(setting)
            )
        })
        .collect();
    if parts.is_empty() {
        source.line(2, "let address = server::address(&self.settings, self.base_url.as_deref(), SERVERS, &[])?;");
    } else {
        source.line(2, "let parts = [");
        for part in parts {
            source.line(3, &format!("{part},"));
        }
        source.line(2, "];");
        source.line(2, "let address = server::address(&self.settings, self.base_url.as_deref(), SERVERS, &parts)?;");
    }
    credentials::print(&model.authentication, source);
    source.line(2, "let settings = self.settings;");
    for server in &model.operation_servers {
        let (url, setting) = (literal(&server.url), &server.setting);
        source.line(
            2,
            &format!(
                "let settings = settings.server({url}, self.{setting}, {});",
                literal(setting)
            ),
        );
    }
    for setting in &model.settings {
        fixed_header(setting, source);
    }
    source.line(
        2,
        "let transport = settings.build(&address, authentication)?;",
    );
    source.line(2, "Ok(Client { transport })");
    source.line(1, "}");
    source.line(0, "}");
}

/// The lines that set the header of a client's setting.
fn fixed_header(setting: &ClientSetting, source: &mut Source) {
    let (field, header) = (&setting.setting, literal(&setting.header));
    let (before, after) = setting
        .template
        .split_once("{}")
        .unwrap_or((&setting.template, ""));
    let value = if (before, after) == ("", "") {
        "value.to_string()".to_owned()
    } else {
        let template = format!("{}{{}}{}", escape_braces(before), escape_braces(after));
        format!("format!({}, value)", literal(&template))
    };
    let otherwise = match &setting.default {
        Some(default) if settings::has_type(setting) => {
            let kind = names::type_identifier(&setting.setting);
            Some(format!(
                "unwrap_or_else(|| {kind}::from({}))",
                literal(default)
            ))
        }
        Some(default) => Some(format!(
            "unwrap_or_else(|| {}.to_owned())",
            literal(default)
        )),
        None if setting.setting == "api_version" => Some("unwrap_or_default()".to_owned()),
        None => None,
    };
    if let Some(otherwise) = otherwise {
        source.line(2, &format!("let value = self.{field}.{otherwise};"));
        source.line(
            2,
            &format!("let settings = settings.fixed_header({header}, {value});"),
        );
    } else {
        source.line(2, &format!("let settings = match self.{field} {{"));
        source.line(
            3,
            &format!("Some(value) => settings.fixed_header({header}, {value}),"),
        );
        source.line(3, "None => settings,");
        source.line(2, "};");
    }
}

fn escape_braces(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}
