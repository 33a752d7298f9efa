/// A function that makes the calls of a table. Values that the document does not allow are not sent.
macro_rules! calls {
    ($($name:ident: $method:literal $path:literal $with:literal, $call:expr, $sent:expr, $received:expr;)*) => {
        /// Makes each call.
        pub(crate) async fn make(client: &Client, calls: &mut Calls) {
            $(
                if $with != "sample" {
                    let result = ($call)(client.clone()).await;
                    calls.made(concat!($method, " ", $path), $with, result);
                }
            )*
        }
    };
}
