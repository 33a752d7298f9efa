use std::fmt::Display;

use serde::Serialize;
use specmill_http::operation::{ParameterLocation, Style};

use crate::call::Call;

/// Declares an operation: a method of `Client`, the builder of its request, and the table that the runtime reads.
///
/// The crate's `Client` must be in scope. It has a field `transport` of type [`Transport`](crate::Transport) and a
/// constant `API`, the name of the API.
///
/// The word before the type of a parameter determines how the caller supplies it:
///
/// | word | supplied as |
/// |---|---|
/// | `path`, `path_list` | an argument of the method |
/// | `required`, `optional` | a setter that takes a value that converts to the type |
/// | `flag`, `optional_flag` | a setter that takes a `bool` |
/// | `list`, `optional_list` | a setter that takes an iterator of values that convert to the type |
///
/// After `in` come the location, the name in requests, the style if it is not the default of the location, `allow
/// reserved` if reserved characters are not encoded, and the bounds.
///
/// ```
/// # use specmill_client::{Api, Authentication, Error, Settings, Transport};
/// # static API: Api = Api { name: "acme", title: "Acme", version: "1", base_url_suffixes: &[] };
/// # pub struct Client { transport: Transport }
/// # impl Client {
/// #     const API: &str = API.name;
/// #     fn new(address: &str) -> Result<Self, Error> {
/// #         Ok(Self { transport: Settings::new(&API).build(address, Authentication::none())? })
/// #     }
/// # }
/// specmill_client::operation! {
///     /// Lists the users of a team.
///     fn team_users -> TeamUsers = GET "/teams/{id}/users" {
///         id: path String, in Path "id";
///         /// The most users to return.
///         limit: optional i64, in Query "limit" { minimum: Some(1.0), maximum: Some(60.0) };
///     }
///     response { json Vec<String> }
/// }
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client = Client::new("https://api.acme.test")?;
/// let users: Vec<String> = client.team_users("t-1").limit(20).send().await?;
/// # Ok(())
/// # }
/// ```
#[macro_export]
macro_rules! operation {
    (
        $(#[$meta:meta])*
        fn $id:ident -> $builder:ident = $method:ident $template:literal {
            $(
                $(#[doc = $doc:expr])*
                $parameter:ident: $(path $path_type:ty,)?
                $(path_list $path_list_type:ty,)?
                $(required $required_type:ty,)?
                $(optional $optional_type:ty,)?
                $(flag $flag_type:ty,)?
                $(optional_flag $optional_flag_type:ty,)?
                $(list $list_type:ty,)?
                $(optional_list $optional_list_type:ty,)?
                in $location:ident $wire:literal $(as $style:ident)? $(allow $reserved:ident)? $({ $($bounds:tt)* })?
            );* $(;)?
        }
        $(authenticated $authenticated:literal;)?
        $(security $security:tt;)?
        $(server $server:literal;)?
        $(accept $accept:literal;)?
        $(permission $permission:literal;)?
        $(idempotency $idempotency:ident $({ $($idempotency_fields:tt)* })?;)?
        $(paging $paging:ident of $page:ty { $($paging_fields:tt)* })?
        $(
            body {
                $(#[doc = $body_doc:expr])*
                $(value $body:ty,)?
                $(list $body_list:ty,)?
                $(bytes $body_bytes:ty,)?
                $(typed_bytes $body_typed:ty,)?
                $(form $body_form:ty,)?
                as $encoding:ident $({ $($form_field:literal as $form_style:ident),* $(,)? })? $content_type:literal $need:ident
            }
        )?
        response {
            $(#[doc = $response_doc:expr])*
            $success:ident $($success_type:ty)?
        }
        $(
            stream {
                $stream_kind:ident $stream_how:tt as $stream_type:ty
                $(, flag $flag_place:ident $flag:literal)?
            }
        )?
    ) => {
        impl Client {
            $(#[$meta])*
            pub fn $id(
                &self
                $(
                    $(, $parameter: impl TryInto<$path_type, Error: std::fmt::Display>)?
                    $(, $parameter: impl IntoIterator<Item = impl Into<$path_list_type>>)?
                )*
            ) -> $builder {
                let call = self.transport.call($builder::operation(), $crate::CallOptions::default());
                $(
                    $(let call = $crate::declare::set::<$path_type, _>(
                        call, $crate::operation::ParameterLocation::$location, $wire, $parameter,
                    );)?
                    $(let call = $crate::declare::set_items::<$path_list_type, _>(
                        call, $crate::operation::ParameterLocation::$location, $wire, $parameter,
                    );)?
                )*
                $builder { call }
            }
        }

        #[doc = concat!("The request of [`Client::", stringify!($id), "`].")]
        #[derive(Clone, Debug)]
        #[must_use = "nothing is sent before `send`"]
        pub struct $builder {
            call: $crate::Call,
        }

        impl $builder {
            $(
                $(#[doc = $doc])*
                $(
                    pub fn $parameter(self, value: impl TryInto<$required_type, Error: std::fmt::Display>) -> Self {
                        Self { call: $crate::declare::set::<$required_type, _>(
                            self.call, $crate::operation::ParameterLocation::$location, $wire, value,
                        ) }
                    }
                )?
                $(
                    pub fn $parameter(self, value: impl TryInto<$optional_type, Error: std::fmt::Display>) -> Self {
                        Self { call: $crate::declare::set::<$optional_type, _>(
                            self.call, $crate::operation::ParameterLocation::$location, $wire, value,
                        ) }
                    }
                )?
                $(
                    pub fn $parameter(self, value: $flag_type) -> Self {
                        Self { call: $crate::declare::set::<bool, bool>(
                            self.call, $crate::operation::ParameterLocation::$location, $wire, value,
                        ) }
                    }
                )?
                $(
                    pub fn $parameter(self, value: $optional_flag_type) -> Self {
                        Self { call: $crate::declare::set::<bool, bool>(
                            self.call, $crate::operation::ParameterLocation::$location, $wire, value,
                        ) }
                    }
                )?
                $(
                    pub fn $parameter(self, values: impl IntoIterator<Item = impl Into<$list_type>>) -> Self {
                        Self { call: $crate::declare::set_items::<$list_type, _>(
                            self.call, $crate::operation::ParameterLocation::$location, $wire, values,
                        ) }
                    }
                )?
                $(
                    pub fn $parameter(
                        self,
                        values: impl IntoIterator<Item = impl Into<$optional_list_type>>,
                    ) -> Self {
                        Self { call: $crate::declare::set_items::<$optional_list_type, _>(
                            self.call, $crate::operation::ParameterLocation::$location, $wire, values,
                        ) }
                    }
                )?
            )*

            $(
                $(#[doc = $body_doc])*
                $(
                    pub fn body(self, value: impl TryInto<$body, Error: std::fmt::Display>) -> Self {
                        Self { call: $crate::declare::set_body::<$body, _>(self.call, value) }
                    }
                )?
                $(
                    pub fn body(self, values: impl IntoIterator<Item = impl Into<$body_list>>) -> Self {
                        Self { call: $crate::declare::set_body_items::<$body_list, _>(self.call, values) }
                    }
                )?
                $(
                    pub fn body(mut self, value: impl Into<$body_bytes>) -> Self {
                        self.call = self.call.body_source(Ok(value));
                        self
                    }
                )?
                $(
                    pub fn body(mut self, content_type: impl Into<String>, value: impl Into<$body_typed>) -> Self {
                        self.call = self.call.body_of_type(Ok(Some((content_type.into(), value))));
                        self
                    }
                )?
                $(
                    pub fn body(mut self, form: $body_form) -> Self {
                        self.call = self.call.body_of_type(form.into_body());
                        self
                    }
                )?
            )?

            /// Sets timeouts, retries and headers of this call.
            pub fn with_options(mut self, options: $crate::CallOptions) -> Self {
                self.call = self.call.with_options(options);
                self
            }

            $crate::operation!(@send [$($response_doc)*] $success $($success_type)?);

            $($crate::operation!(@stream $success $stream_kind $stream_how $stream_type);)?

            /// Sends the request and returns the body of the response, regardless of its type, as a stream of bytes,
            /// with the status and the headers. Its size is not limited: see
            /// [`ByteStream`](specmill_client::ByteStream).
            ///
            /// # Errors
            /// An argument is invalid, no response arrives, or the service responds with an error.
            pub async fn send_byte_stream(self) -> Result<$crate::Response<$crate::ByteStream>, $crate::Error> {
                self.call.send_byte_stream_response().await
            }

            /// Saves the body of the response, regardless of its type, to a file. `await` it to send the request. See
            /// [`FileDownload`](specmill_client::FileDownload).
            #[cfg(not(target_arch = "wasm32"))]
            pub fn send_to_file(self, path: impl Into<std::path::PathBuf>) -> $crate::FileDownload {
                self.call.send_to_file(path)
            }

            $($crate::operation!(@pages $paging $page);)?

            pub(crate) fn operation() -> &'static $crate::operation::Operation {
                #[allow(unused_imports, reason = "not every operation pages, or has bounds or a body")]
                use $crate::operation::{Body, BodyEncoding, Bounds, Idempotency, Items, Method, Operation, Paging, Parameter, ParameterLocation, Style};

                static OPERATION: Operation = Operation {
                    api: Client::API,
                    id: stringify!($id),
                    method: Method::$method,
                    path: $template,
                    parameters: &[$(
                        Parameter {
                            name: $wire,
                            location: ParameterLocation::$location,
                            required: {
                                let required: &[&str] = &[
                                    $(stringify!($path_type))? $(stringify!($path_list_type))?
                                    $(stringify!($required_type))? $(stringify!($flag_type))? $(stringify!($list_type))?
                                ];
                                !required.is_empty()
                            },
                            style: $crate::declare::style(ParameterLocation::$location, &[$(Style::$style)?]),
                            allow_reserved: $crate::operation!(@reserved $($reserved)?),
                            bounds: Bounds { $($($bounds)*,)? ..Bounds::NONE },
                        },
                    )*],
                    body: $crate::operation!(
                        @some $(Body {
                            content_type: $content_type,
                            encoding: BodyEncoding::$encoding,
                            required: $crate::operation!(@need $need),
                            styles: &[$($(($form_field, Style::$form_style)),*)?],
                        })?
                    ),
                    paging: $crate::operation!(@some $(Paging::$paging { $($paging_fields)* })?),
                    permission: $crate::operation!(@some $($permission)?),
                    authenticated: $crate::operation!(@authenticated $($authenticated)?),
                    security: $crate::operation!(@security $($security)?),
                    server: $crate::operation!(@some $($server)?),
                    accept: $crate::operation!(@some $($accept)?),
                    idempotency: $crate::operation!(
                        @idempotency $($idempotency $({ $($idempotency_fields)* })?)?
                    ),
                    stream_flag: $crate::operation!(
                        @some $($($crate::operation::StreamFlag::$flag_place($flag))?)?
                    ),
                };
                &OPERATION
            }
        }
    };

    (@send [$($doc:expr)*] empty) => {
        $crate::operation!(@send_as [$($doc)*], (), send_empty, send_empty_response, "Sends the request. Any 2xx response is a success.");
    };
    (@send [$($doc:expr)*] json $type:ty) => {
        $crate::operation!(
            @send_as [$($doc)*], $type, send, send_response, "Sends the request and returns the body of a 2xx response."
        );
    };
    (@send [$($doc:expr)*] optional_json $type:ty) => {
        $crate::operation!(
            @send_as [$($doc)*], Option<$type>, send_optional, send_response,
            "Sends the request and returns the body of a 2xx response, or `None` if it has none."
        );
    };
    (@send [$($doc:expr)*] by_status $type:ty) => {
        $crate::operation!(
            @send_as [$($doc)*], $type, send_by_status, send_by_status_response,
            "Sends the request and returns the body of a 2xx response, as the variant of its status."
        );
    };
    (@send [$($doc:expr)*] text) => {
        $crate::operation!(
            @send_as [$($doc)*], String, send_text, send_text_response,
            "Sends the request and returns the body of a 2xx response as a string."
        );
    };
    (@send [$($doc:expr)*] bytes) => {
        $crate::operation!(
            @send_as [$($doc)*], $crate::ByteStream, send_byte_stream, send_byte_stream_response,
            "Sends the request and returns the bytes of a 2xx response, as they arrive."
        );
    };
    // The clause of the stream generates these methods.
    (@send [$($doc:expr)*] stream) => {};
    (@send_as [$($doc:expr)*], $type:ty, $send:ident, $send_response:ident, $success:literal) => {
        #[doc = $success]
        ///
        /// # Errors
        /// An argument is invalid, no response arrives, or the service responds with an error.
        pub async fn send(self) -> Result<$type, $crate::Error> {
            self.call.$send().await
        }

        /// Sends the request and returns the status, the headers and the request id with the result.
        ///
        /// # Errors
        /// An argument is invalid, no response arrives, or the service responds with an error.
        $(#[doc = $doc])*
        pub async fn send_response(self) -> Result<$crate::Response<$type>, $crate::Error> {
            self.call.$send_response().await
        }
    };

    (@stream stream events $data:ident $type:ty) => {
        /// Sends the request and returns the events of a 2xx response, as they arrive.
        ///
        /// # Errors
        /// An argument is invalid, no response arrives, or the service responds with an error.
        pub async fn send(self) -> Result<$crate::EventStream<$type>, $crate::Error> {
            self.call.send_events($crate::operation::EventData::$data).await
        }

        /// Sends the request and returns the status, the headers and the request id with the result.
        ///
        /// # Errors
        /// An argument is invalid, no response arrives, or the service responds with an error.
        pub async fn send_response(self) -> Result<$crate::Response<$crate::EventStream<$type>>, $crate::Error> {
            self.call.send_events_response($crate::operation::EventData::$data).await
        }
    };
    (@stream $success:ident events $data:ident $type:ty) => {
        /// Requests a stream of events and returns the events of a 2xx response, as they arrive.
        ///
        /// # Errors
        /// An argument is invalid, no response arrives, or the service responds with an error.
        pub async fn send_events(self) -> Result<$crate::EventStream<$type>, $crate::Error> {
            self.call.send_events($crate::operation::EventData::$data).await
        }

        /// Like [`send_events`](Self::send_events), with the status, the headers and the request id.
        ///
        /// # Errors
        /// An argument is invalid, no response arrives, or the service responds with an error.
        pub async fn send_events_response(self) -> Result<$crate::Response<$crate::EventStream<$type>>, $crate::Error> {
            self.call.send_events_response($crate::operation::EventData::$data).await
        }
    };
    (@stream stream lines $accept:literal $type:ty) => {
        /// Sends the request and returns the JSON values of a 2xx response, as they arrive.
        ///
        /// # Errors
        /// An argument is invalid, no response arrives, or the service responds with an error.
        pub async fn send(self) -> Result<$crate::JsonLines<$type>, $crate::Error> {
            self.call.send_lines($accept).await
        }

        /// Sends the request and returns the status, the headers and the request id with the result.
        ///
        /// # Errors
        /// An argument is invalid, no response arrives, or the service responds with an error.
        pub async fn send_response(self) -> Result<$crate::Response<$crate::JsonLines<$type>>, $crate::Error> {
            self.call.send_lines_response($accept).await
        }
    };
    (@stream $success:ident lines $accept:literal $type:ty) => {
        /// Requests JSON lines and returns the values of a 2xx response, as they arrive.
        ///
        /// # Errors
        /// An argument is invalid, no response arrives, or the service responds with an error.
        pub async fn send_lines(self) -> Result<$crate::JsonLines<$type>, $crate::Error> {
            self.call.send_lines($accept).await
        }

        /// Like [`send_lines`](Self::send_lines), with the status, the headers and the request id.
        ///
        /// # Errors
        /// An argument is invalid, no response arrives, or the service responds with an error.
        pub async fn send_lines_response(self) -> Result<$crate::Response<$crate::JsonLines<$type>>, $crate::Error> {
            self.call.send_lines_response($accept).await
        }
    };

    (@pages Cursor $page:ty) => {
        $crate::operation!(@pages_as $page, CursorItems, CursorPages);
    };
    (@pages HeaderCursor $page:ty) => {
        $crate::operation!(@pages_as $page, CursorItems, CursorPages);
    };
    (@pages BodyCursor $page:ty) => {
        $crate::operation!(@pages_as $page, CursorItems, CursorPages);
    };
    (@pages LastItem $page:ty) => {
        $crate::operation!(@pages_as $page, CursorItems, CursorPages);
    };
    (@pages Link $page:ty) => {
        $crate::operation!(@pages_as $page, CursorItems, CursorPages);
    };
    (@pages Offset $page:ty) => {
        $crate::operation!(@pages_as $page, NumberedItems, NumberedPages);
    };
    (@pages PageNumber $page:ty) => {
        $crate::operation!(@pages_as $page, NumberedItems, NumberedPages);
    };
    (@pages_as $page:ty, $items:ident, $pages:ident) => {
        /// Streams every item of the list, over all pages; the next page is fetched while one is consumed.
        pub fn stream(self) -> $crate::paging::$items<$page> {
            $crate::paging::$items::new(self.call)
        }

        /// Streams every page of the list.
        pub fn pages(self) -> $crate::paging::$pages<$page> {
            $crate::paging::$pages::new(self.call)
        }
    };

    (@some) => { None };
    (@some $value:expr) => { Some($value) };
    (@reserved) => { false };
    (@reserved reserved) => { true };
    (@need required) => { true };
    (@need optional) => { false };
    (@idempotency) => { Idempotency::ByMethod };
    (@idempotency $kind:ident $($fields:tt)?) => { Idempotency::$kind $($fields)? };
    (@security) => { &[] };
    (@security [$([$($scheme:literal),*]),*]) => { &[$(&[$($scheme),*]),*] };
    (@authenticated) => { true };
    (@authenticated $authenticated:literal) => { $authenticated };
}

/// Sets a parameter of a call. If the value cannot be converted, the call fails.
#[doc(hidden)]
pub fn set<T, V>(call: Call, location: ParameterLocation, name: &str, value: V) -> Call
where
    T: Serialize,
    V: TryInto<T, Error: Display>,
{
    let value = value.try_into().map_err(|error| error.to_string());
    call.parameter_in(location, name, value)
}

/// Sets a parameter with several values.
#[doc(hidden)]
pub fn set_items<T, V>(call: Call, location: ParameterLocation, name: &str, values: V) -> Call
where
    T: Serialize,
    V: IntoIterator<Item: Into<T>>,
{
    let values: Vec<T> = values.into_iter().map(Into::into).collect();
    call.parameter_in(location, name, Ok(values))
}

/// Sets the body of a call. If the value cannot be converted, the call fails.
#[doc(hidden)]
pub fn set_body<T, V>(call: Call, value: V) -> Call
where
    T: Serialize,
    V: TryInto<T, Error: Display>,
{
    call.body(value.try_into().map_err(|error| error.to_string()))
}

/// Sets the body of a call to several values.
#[doc(hidden)]
pub fn set_body_items<T, V>(call: Call, values: V) -> Call
where
    T: Serialize,
    V: IntoIterator<Item: Into<T>>,
{
    let values: Vec<T> = values.into_iter().map(Into::into).collect();
    call.body(Ok(values))
}

/// The style of a parameter: the declared one, or the default of its location.
#[doc(hidden)]
pub const fn style(location: ParameterLocation, given: &[Style]) -> Style {
    if let [style, ..] = given {
        return *style;
    }
    match location {
        ParameterLocation::Path | ParameterLocation::Header => Style::Simple,
        ParameterLocation::Query | ParameterLocation::Cookie => Style::Form,
    }
}
