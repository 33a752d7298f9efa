//! `specmill profile test`: calls an operation without arguments, to check the settings.

use specmill::dynamic::{Api, Operation, Success};
use specmill::http::Method;

use super::apis;
use super::document::Document;
use crate::failure::{Failure, Kind};
use crate::options::Options;
use crate::output::say;
use crate::runtime::interruptible;
use crate::settings::Settings;

pub(super) fn run(profile: &str, table: Option<&str>, options: &Options) -> Result<(), Failure> {
    let document = Document::read(options)?;
    let mut tables = document.tables();
    tables.retain(|one| one.profile == profile && table.is_none_or(|table| table == one.table));
    let apis = tables.iter().flat_map(|one| apis(&one.table));
    let apis: Vec<&'static Api> = apis.collect();
    if apis.is_empty() {
        let what = table.map_or_else(
            || format!("profile {profile}"),
            |table| format!("[{profile}.{table}]"),
        );
        return Err(Failure::new(
            Kind::Configuration,
            format!("{} has no {what}", document.shown()),
        )
        .hint("`specmill profile add` adds one"));
    }
    interruptible(async {
        for api in apis {
            let mut settings = Settings::of_profile(options, profile, api)?;
            let client = settings.connect(api)?;
            let Some(operation) = harmless(api) else {
                say(&format!(
                    "{}: the settings are complete; no operation was called, since all need arguments.",
                    api.api.title
                ));
                continue;
            };
            let table = operation.table;
            let call = client.call(table.id).ok_or_else(|| {
                Failure::new(
                    Kind::Configuration,
                    format!("the client has no operation {}", table.id),
                )
            })?;
            if table.paging.is_some() {
                call.page().await.transpose()?;
            } else {
                call.send().await?;
            }
            say(&format!(
                "{}: {} {} succeeded.",
                api.api.title, table.method, table.path
            ));
        }
        Ok(())
    })
}

/// A read-only operation without required arguments that needs the credentials.
fn harmless(api: &'static Api) -> Option<&'static Operation> {
    let mut all = api.operations.iter().copied();
    all.find(|operation| {
        let table = operation.table;
        table.method == Method::GET
            && table.authenticated
            && table.server.is_none()
            && !table.parameters.iter().any(|parameter| parameter.required)
            && matches!(
                operation.success,
                Success::Json { .. } | Success::Empty | Success::Text
            )
    })
}
