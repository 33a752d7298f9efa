//! Mock servers generated from documents, called by the clients of the same documents.

mod streams {
    use specmill_client::{BodySource, EventStream};
    use specmill_streams::mock::MockServer;
    use specmill_streams::types;

    fn chat() -> types::CreateChat {
        types::CreateChat::builder().prompt("hello").build().unwrap()
    }

    #[tokio::test]
    async fn a_chat_is_json_or_a_stream_as_the_request_asks() {
        let mock = MockServer::start().await;
        let client = mock.client().unwrap();
        client.create_chat().body(chat()).send().await.unwrap();
        let mut chunks: EventStream<types::ChatChunk> =
            client.create_chat().body(chat()).send_events().await.unwrap();
        let sample = mock.expect().create_chat().stream_sample().unwrap();
        assert_eq!(chunks.try_next().await.unwrap().unwrap().into_data(), sample);
        assert!(chunks.try_next().await.unwrap().is_none());

        let chunk = |text: &str| {
            let mut chunk = sample.clone();
            chunk.delta = text.to_owned();
            chunk
        };
        mock.expect().create_chat().respond_stream(&[chunk("one"), chunk("two")]);
        let chunks = client.create_chat().body(chat()).send_events().await.unwrap();
        let chunks: Vec<_> = chunks.try_collect::<Vec<_>>().await.unwrap();
        let texts: Vec<_> = chunks.into_iter().map(|event| event.into_data().delta).collect();
        assert_eq!(texts, ["one", "two"]);
        let streams = mock.received().into_iter().map(|request| request.json::<serde_json::Value>());
        let streams: Vec<_> = streams.map(|body| body.unwrap()["stream"].clone()).collect();
        assert_eq!(streams, [false, true, true]);
        mock.verify().unwrap();
    }

    #[tokio::test]
    async fn events_items_texts_and_lines_are_written_as_the_document_says() {
        let mock = MockServer::start().await;
        let client = mock.client().unwrap();
        let ticks = client.ticks().send().await.unwrap().try_collect::<Vec<_>>().await.unwrap();
        assert_eq!(ticks.len(), 1);
        let feed = client.feed().send().await.unwrap().try_collect::<Vec<_>>().await.unwrap();
        assert_eq!(feed.len(), 1);
        let row = mock.expect().rows().stream_sample().unwrap();
        let expected = [row.clone(), row.clone(), row];
        mock.expect().rows().respond_stream(&expected);
        mock.expect().sequence().respond_stream(&expected);
        mock.expect().log().respond_stream(&expected);
        let rows = client.rows().send().await.unwrap().try_collect::<Vec<_>>().await.unwrap();
        let sequence = client.sequence().send().await.unwrap().try_collect::<Vec<_>>().await.unwrap();
        let log = client.log().send_lines().await.unwrap().try_collect::<Vec<_>>().await.unwrap();
        assert_eq!([&rows[..], &sequence[..], &log[..]], [&expected[..]; 3]);
        client.log().send().await.unwrap();
        mock.verify().unwrap();
    }

    #[tokio::test]
    async fn files_go_up_and_come_down() {
        let mock = MockServer::start().await;
        let client = mock.client().unwrap();
        client.upload_file().body(BodySource::bytes("a file")).send().await.unwrap();
        assert_eq!(mock.received()[0].body(), &b"a file"[..]);
        mock.expect()
            .download_file()
            .parameter("file_id", "f-1")
            .respond_bytes(200, "application/octet-stream", "its content");
        let content = client.download_file("f-1").send().await.unwrap().collect().await.unwrap();
        assert_eq!(content, "its content");
        mock.verify().unwrap();
    }
}

mod forms {
    use specmill_client::multipart::FilePart;
    use specmill_multipart_forms::mock::MockServer;
    use specmill_multipart_forms::operations::SendReportForm;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    fn form() -> SendReportForm {
        SendReportForm::new().reason("broken").files([FilePart::new(b"one".to_vec())])
    }

    /// Sends parts that the generated client cannot send: the header lines and content of each. Returns the status line.
    async fn send(mock: &MockServer, parts: &[(&str, &str)]) -> String {
        let mut body = String::new();
        for (head, content) in parts {
            body += &format!("--x\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n");
        }
        body += "--x--\r\n";
        let host = mock.url().strip_prefix("http://").unwrap().trim_end_matches('/');
        let mut socket = tokio::net::TcpStream::connect(host).await.unwrap();
        let request = format!(
            "POST /reports HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: {}\r\n\
             content-type: multipart/form-data; boundary=x\r\n\r\n{body}",
            body.len()
        );
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut response = String::new();
        socket.read_to_string(&mut response).await.unwrap();
        response.lines().next().unwrap().to_owned()
    }

    #[tokio::test]
    async fn a_form_of_declared_parts_is_taken_and_can_be_read() {
        let mock = MockServer::start().await;
        let client = mock.client().unwrap();
        let address = specmill_multipart_forms::types::Address::builder().street("Main");
        let form = form().tags(["a", "b"]).level(3).urgent(true).kind("bug").address(address).all(vec![1_i64]);
        client.send_report().body(form).send().await.unwrap();
        let parts = mock.received()[0].parts().unwrap();
        let names: Vec<&str> = parts.iter().map(|part| part.name()).collect();
        assert_eq!(names, ["reason", "files", "tags", "tags", "level", "urgent", "kind", "address", "all"]);
        assert_eq!((parts[1].content_type(), &parts[1].content()[..]), ("image/png", &b"one"[..]));
        mock.verify().unwrap();
    }

    #[tokio::test]
    async fn a_form_is_expected_by_the_content_of_its_parts() {
        let mock = MockServer::start().await;
        let client = mock.client().unwrap();
        let expected = || mock.expect().send_report();
        let address = |street: &str| specmill_multipart_forms::types::Address::builder().street(street);
        expected().part("tags", "b").part("level", "3").part("files", "one").respond_status(409);
        expected().part("address", r#"{ "street": "Main" }"#).respond_status(403);
        expected().part("colour", "red").times(0).respond_status(400);
        let urgent = form().tags(["a", "b"]).level(3);
        client.send_report().body(form().tags(["b"]).level(4)).send().await.unwrap();
        client.send_report().body(form().address(address("Side"))).send().await.unwrap();
        assert!(client.send_report().body(urgent).send().await.unwrap_err().is_conflict());
        let home = form().address(address("Main"));
        assert!(client.send_report().body(home).send().await.unwrap_err().is_forbidden());
        assert_eq!(mock.verify().unwrap_err().problems(), ["send_report: the document has no part `colour`"]);
    }

    #[tokio::test]
    async fn additional_parts_are_sent_under_names_of_the_callers() {
        use specmill_multipart_forms::operations::SetAvatarForm;

        let mock = MockServer::start().await;
        let client = mock.client().unwrap();
        mock.expect().set_avatar().part("width", "64").part("name", "ann").respond_status(409);
        let avatar = || SetAvatarForm::new().name("ann");
        let sized = avatar().additional_parts([("width", 64), ("height", 48)]);
        assert!(client.set_avatar().body(sized).send().await.unwrap_err().is_conflict());
        client.set_avatar().body(avatar()).send().await.unwrap();
        // A declared part must be set by its own method.
        let error = client.set_avatar().body(avatar().additional_parts([("name", 1)])).send().await.unwrap_err();
        assert!(error.is_invalid_request() && error.to_string().contains("the part `name` is not an additional part"), "{error}");
        mock.verify().unwrap();
    }

    #[tokio::test]
    async fn a_part_of_another_media_type_is_refused() {
        let mock = MockServer::start().await;
        let client = mock.client().unwrap();
        let files = [FilePart::new(b"one".to_vec()).content_type("text/csv")];
        let error = client.send_report().body(form().files(files)).send().await.unwrap_err();
        assert_eq!(error.status().unwrap(), 400);
        let problems = mock.verify().unwrap_err().to_string();
        assert!(problems.contains("the part `files` is \"text/csv\" in place of \"image/png, image/jpeg\""), "{problems}");
    }

    #[tokio::test]
    async fn unknown_missing_and_untyped_parts_are_refused() {
        let reason = ("name=\"reason\"", "broken");
        let file = ("name=\"files\"; filename=\"a.png\"\r\nContent-Type: image/png", "a");
        for (parts, problem) in [
            (vec![reason, file, ("name=\"colour\"", "red")], "the document has no part `colour`"),
            (vec![reason], "the part `files` is missing"),
            (vec![reason, file, ("name=\"level\"", "high")], "the part `level` is not of the declared type"),
        ] {
            let mock = MockServer::start().await;
            assert!(send(&mock, &parts).await.contains(" 400 "));
            let problems = mock.verify().unwrap_err().to_string();
            assert!(problems.contains(problem), "{problems}");
        }
        let mock = MockServer::start().await;
        assert!(send(&mock, &[reason, file]).await.contains(" 202 "));
        mock.verify().unwrap();
    }
}

mod others {
    #[tokio::test]
    async fn credentials_in_the_query_are_none_of_the_documents_parameters_and_known() {
        let mock = specmill_security_schemes::mock::MockServer::start().await;
        let client = mock.client().unwrap();
        client.get_rates().page(2).send().await.unwrap();
        client.get_session().send().await.unwrap();
        mock.verify().unwrap();
    }

    #[tokio::test]
    async fn operations_with_servers_of_their_own_are_served_too() {
        let mock = specmill_operation_servers::mock::MockServer::start().await;
        let client = mock.client().unwrap();
        client.upload().send().await.unwrap();
        client.download().send().await.unwrap();
        client.get_plain().send().await.unwrap();
        assert_eq!(mock.received().len(), 3);
        mock.verify().unwrap();
    }

    #[tokio::test]
    async fn operations_that_differ_in_their_fragment_are_distinguished_by_expectations() {
        let mock = specmill_path_fragments::mock::MockServer::start().await;
        let client = mock.client().unwrap();
        mock.expect().rename_folder().parameter("id", "f-1").respond_status(409);
        assert!(client.rename_folder("f-1").send().await.unwrap_err().is_conflict());
        client.update_folder("f-1").send().await.unwrap();
        mock.verify().unwrap();
    }
}
