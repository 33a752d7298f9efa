use std::borrow::Cow;
use std::fmt::Display;

use serde::Serialize;
use specmill_http::multipart::Form;
use specmill_http::request::Argument;
use specmill_http::request::value::scalar;

/// Declares a form: a type with a setter for each part. The words before the type of a part state whether it is
/// `required` or `optional`, whether there is `one` or `many` of it, and how it is encoded: as `text`, as `json`, or
/// as a `file`. The word `additional` declares the parts whose names are not in the document.
///
/// ```
/// specmill_client::form! {
///     /// A report.
///     pub struct ReportForm {
///         /// Why.
///         reason: required one text String, in "reason";
///         /// What it is about.
///         files: optional many file, in "files" as "image/png, image/jpeg";
///     }
/// }
///
/// let form = ReportForm::new().reason("broken").files([vec![1_u8, 2]]);
/// assert!(form.into_body().is_ok());
/// assert_eq!(ReportForm::new().into_body().unwrap_err(), "missing part `reason`");
/// ```
#[macro_export]
macro_rules! form {
    (
        $(#[$meta:meta])*
        pub struct $name:ident {
            $(
                $(#[doc = $doc:expr])*
                $part:ident: $need:ident $count:ident $kind:ident $($type:ty)?, in $wire:literal $(as $content_type:literal)?;
            )*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default)]
        #[must_use = "a form does nothing before it is the body of a request"]
        pub struct $name {
            form: $crate::multipart::Form,
        }

        impl $name {
            #[doc(hidden)]
            #[allow(dead_code, reason = "mock servers compare requests with it")]
            pub(crate) const PARTS: &'static [$crate::multipart::DeclaredPart] = &[
                $(
                    $crate::multipart::DeclaredPart {
                        name: $wire,
                        required: $crate::form!(@is_required $need),
                        additional: $crate::form!(@is_additional $need),
                        many: $crate::form!(@is_many $count),
                        kind: $crate::form!(@kind $kind),
                        content_type: $crate::form!(@type $($content_type)?),
                        check: $crate::form!(@check $kind [$($type)?]),
                    },
                )*
            ];

            /// Creates a form without parts.
            pub fn new() -> Self {
                Self::default()
            }

            $(
                $crate::form!(@setter_of $need [$($doc)*] $part $count $kind [$($type)?] $wire [$($content_type)?]);
            )*

            #[doc(hidden)]
            pub fn into_body(self) -> Result<Option<(String, $crate::BodySource)>, String> {
                let required: &[Option<&str>] = &[$($crate::form!(@need $need $wire)),*];
                let required: Vec<&str> = required.iter().copied().flatten().collect();
                self.form.into_body(&required)
            }
        }
    };

    (@is_required required) => { true };
    (@is_required $need:ident) => { false };
    (@is_additional additional) => { true };
    (@is_additional $need:ident) => { false };
    (@is_many many) => { true };
    (@is_many one) => { false };
    (@kind file) => { $crate::multipart::PartKind::File };
    (@kind text) => { $crate::multipart::PartKind::Text };
    (@kind json) => { $crate::multipart::PartKind::Json };
    (@check file []) => { $crate::multipart::any_part };
    (@check text [$type:ty]) => { $crate::multipart::text_part::<$type> };
    (@check json [$type:ty]) => { $crate::multipart::json_part::<$type> };
    (@need required $wire:literal) => { Some($wire) };
    (@need $need:ident $wire:literal) => { None };
    (@type) => { None };
    (@type $content_type:literal) => { Some($content_type) };
    (@setter_of additional [$($doc:expr)*] $part:ident $count:ident file [] $wire:literal [$($content_type:literal)?]) => {
        $(#[doc = $doc])*
        pub fn $part(
            mut self,
            files: impl IntoIterator<Item = (impl Into<String>, impl Into<$crate::multipart::FilePart>)>,
        ) -> Self {
            for (name, file) in files {
                let name: String = name.into();
                self.form.check_additional(Self::PARTS, &name);
                self.form.add_file(name, $crate::form!(@type $($content_type)?), file.into());
            }
            self
        }
    };
    (@setter_of additional [$($doc:expr)*] $part:ident $count:ident $kind:ident [$type:ty] $wire:literal [$($content_type:literal)?]) => {
        $(#[doc = $doc])*
        pub fn $part(mut self, values: impl IntoIterator<Item = (impl Into<String>, impl Into<$type>)>) -> Self {
            for (name, value) in values {
                let name: String = name.into();
                self.form.check_additional(Self::PARTS, &name);
                let value: $type = value.into();
                $crate::declare::form::$kind::<$type, _>(
                    &mut self.form, name, $crate::form!(@type $($content_type)?), value,
                );
            }
            self
        }
    };
    (@setter_of $need:ident $($setter:tt)*) => { $crate::form!(@setter $($setter)*); };
    (@setter [$($doc:expr)*] $part:ident one file [] $wire:literal [$($content_type:literal)?]) => {
        $(#[doc = $doc])*
        pub fn $part(mut self, file: impl Into<$crate::multipart::FilePart>) -> Self {
            self.form.clear($wire);
            self.form.add_file($wire, $crate::form!(@type $($content_type)?), file.into());
            self
        }
    };
    (@setter [$($doc:expr)*] $part:ident many file [] $wire:literal [$($content_type:literal)?]) => {
        $(#[doc = $doc])*
        pub fn $part(mut self, files: impl IntoIterator<Item = impl Into<$crate::multipart::FilePart>>) -> Self {
            self.form.clear($wire);
            for file in files {
                self.form.add_file($wire, $crate::form!(@type $($content_type)?), file.into());
            }
            self
        }
    };
    (@setter [$($doc:expr)*] $part:ident one $kind:ident [$type:ty] $wire:literal [$($content_type:literal)?]) => {
        $(#[doc = $doc])*
        pub fn $part(mut self, value: impl TryInto<$type, Error: std::fmt::Display>) -> Self {
            self.form.clear($wire);
            $crate::declare::form::$kind::<$type, _>(
                &mut self.form, $wire, $crate::form!(@type $($content_type)?), value,
            );
            self
        }
    };
    (@setter [$($doc:expr)*] $part:ident many $kind:ident [$type:ty] $wire:literal [$($content_type:literal)?]) => {
        $(#[doc = $doc])*
        pub fn $part(mut self, values: impl IntoIterator<Item = impl Into<$type>>) -> Self {
            self.form.clear($wire);
            for value in values {
                let value: $type = value.into();
                $crate::declare::form::$kind::<$type, _>(
                    &mut self.form, $wire, $crate::form!(@type $($content_type)?), value,
                );
            }
            self
        }
    };
}

/// Adds a part that is plain text: a string, number or boolean.
#[doc(hidden)]
pub fn text<T, V>(
    form: &mut Form,
    name: impl Into<Cow<'static, str>>,
    content_type: Option<&'static str>,
    value: V,
) where
    T: Serialize,
    V: TryInto<T, Error: Display>,
{
    let value = value.try_into().map_err(|error| error.to_string());
    let bytes = value.and_then(|value| {
        let value = Argument::of(&value).map_err(|_| "it cannot be written".to_owned())?;
        Ok(scalar(&value).into_owned().into_bytes())
    });
    form.add(name, content_type, bytes);
}

/// Adds a part that is JSON.
#[doc(hidden)]
pub fn json<T, V>(
    form: &mut Form,
    name: impl Into<Cow<'static, str>>,
    content_type: Option<&'static str>,
    value: V,
) where
    T: Serialize,
    V: TryInto<T, Error: Display>,
{
    let value = value.try_into().map_err(|error| error.to_string());
    let bytes = value.and_then(|value| {
        serde_json::to_vec(&value).map_err(|_| "it cannot be written".to_owned())
    });
    form.add(
        name,
        Some(content_type.unwrap_or("application/json")),
        bytes,
    );
}
