/// Declares the mock server of an API. The generator writes it; see [`mock`](crate).
///
/// The macro uses `Client`, `Error` and the operations of the crate that calls it.
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
        /// Each operation responds with a sample that is generated from the document, unless an
        /// [expectation](Self::expect) sets another response. A request that the document does not allow fails the
        /// test: see [`verify`](Self::verify).
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

            /// Creates a client of the server, with credentials that the server accepts.
            ///
            /// # Errors
            /// The client cannot be built.
            pub fn client(&self) -> Result<Client, Error> {
                let $url = self.url();
                let $builder = Client::builder().base_url($url);
                $built.build()
            }

            /// The base URL, for a client with other settings.
            pub fn url(&self) -> &str {
                self.0.url()
            }

            /// Starts an expectation: choose the operation by its method.
            pub fn expect(&self) -> Expect<'_> {
                Expect(&self.0)
            }

            /// The requests of all operations of the document, in the order of arrival.
            pub fn received(&self) -> Vec<$crate::ReceivedRequest> {
                self.0.received()
            }

            /// Checks that the document allows every request, and that every expectation is met. A server that is
            /// dropped without this call panics instead.
            ///
            /// # Errors
            /// A request is not allowed, or an expectation is not met; the error lists all of them.
            pub fn verify(&self) -> Result<(), $crate::MockError> {
                self.0.verify()
            }
        }

        /// The operations for which a test can set expectations.
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
