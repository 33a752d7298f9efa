/// Declares the mock server of an API. Written by the generator; see [`mock`](crate).
///
/// The macro names `Client`, `Error` and the operations of the crate that it stands in.
#[macro_export]
macro_rules! mock_server {
    (
        credentials [$($credential:literal),*];
        tokens [$($token_path:literal),*];
        client |$builder:ident, $url:ident| $built:expr;
        $(
            $(#[cfg $condition:tt])?
            $(#[doc = $doc:expr])*
            fn $id:ident -> $response:ty = $module:ident::$request:ident {
                responds $status:literal $content_type:literal $body:literal;
                $(streams $form:ident $stream_type:literal $item:literal as $item_type:ty;)?
                $(any_query $($any_query:literal)?;)?
                $(takes $taken:ty;)?
                $(form $form_module:ident::$form_type:ident;)?
            }
        )*
    ) => {
        /// A mock server of the API, on a loopback port of the test's own process.
        ///
        /// Each operation gets a response that is made from the document, unless an [expectation](Self::expect) says
        /// otherwise. What the document does not know is a failure of the test: see [`verify`](Self::verify).
        #[derive(Debug)]
        pub struct MockServer($crate::MockServer);

        impl MockServer {
            /// Starts the server.
            pub async fn start() -> Self {
                static OPERATIONS: &[$crate::MockOperation] = &[
                    $(
                        $(#[cfg $condition])?
                        $crate::MockOperation {
                            operation: $module::$request::operation,
                            status: $status,
                            content_type: $content_type,
                            body: $body,
                            stream: $crate::mock_server!(@stream $($form $stream_type $item)?),
                            open_query: $crate::mock_server!(@any_query $(any_query $($any_query)?)?),
                            check_body: $crate::mock_server!(@takes $($taken)?),
                            form: $crate::mock_server!(@form $($form_module::$form_type)?),
                        },
                    )*
                ];
                static API: $crate::MockApi = $crate::MockApi {
                    operations: OPERATIONS,
                    credentials: &[$($credential),*],
                    token_paths: &[$($token_path),*],
                };
                Self($crate::MockServer::start(&API).await)
            }

            /// A client of the server, with credentials that it takes.
            ///
            /// # Errors
            /// The settings of the client cannot be used.
            pub fn client(&self) -> Result<Client, Error> {
                let $url = self.url();
                let $builder = Client::builder().base_url($url);
                $built.build()
            }

            /// The base URL, for a client with other settings.
            pub fn url(&self) -> &str {
                self.0.url()
            }

            /// Begins an expectation: choose the operation by its method.
            pub fn expect(&self) -> Expect<'_> {
                Expect(&self.0)
            }

            /// Every request of an operation of the document, in the order in which they came.
            pub fn received(&self) -> Vec<$crate::ReceivedRequest> {
                self.0.received()
            }

            /// Whether all that came is what the document knows, and all that was expected came. A server that is
            /// dropped without this panics in its place.
            ///
            /// # Errors
            /// It is not; the error lists everything.
            pub fn verify(&self) -> Result<(), $crate::MockError> {
                self.0.verify()
            }
        }

        /// The operations of which something can be expected.
        #[derive(Debug, Clone, Copy)]
        pub struct Expect<'a>(&'a $crate::MockServer);

        impl<'a> Expect<'a> {
            $(
                $(#[cfg $condition])?
                $(#[doc = $doc])*
                pub fn $id(self) -> $crate::Expectation<'a, $response, $crate::mock_server!(@item $($item_type)?)> {
                    self.0.expect($module::$request::operation())
                }
            )*
        }
    };

    (@stream) => { None };
    (@stream $form:ident $content_type:literal $item:literal) => {
        Some($crate::MockStream {
            form: $crate::StreamForm::$form,
            content_type: $content_type,
            item: $item,
        })
    };
    (@item) => { $crate::NotStreamed };
    (@item $item:ty) => { $item };
    (@any_query) => { false };
    (@any_query any_query) => { true };
    (@form) => { None };
    (@form $module:ident::$form:ident) => { Some($module::$form::PARTS) };
    (@takes) => { $crate::any_body };
    (@takes $taken:ty) => { $crate::json_body::<$taken> };
}
