/// A test for each call of a table: its name, method, path and which parameters it sets; the call, the expected
/// request, and the response.
macro_rules! calls {
    ($($name:ident: $method:literal $path:literal $with:literal, $call:expr, $sent:expr, $received:expr;)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                let received = $received;
                let (server, client) = serve(&received).await;
                let result = ($call)(client).await.unwrap();
                assert_eq!(serde_json::to_value(&result).unwrap(), received.value);
                check(&server, &$sent).await;
            }
        )*
    };
}
