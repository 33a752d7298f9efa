//! Small bodies that decompress to more than the size limit.

use specmill_client::CallOptions;

use crate::support::{Reply, Server, VERSIONS, key, settings};

/// Compressed bodies of 64 MiB of zeros, each with its content coding.
fn bombs() -> Vec<(&'static str, Vec<u8>)> {
    let mut bombs = Vec::new();
    #[cfg(feature = "gzip")]
    {
        use std::io::Write as _;
        let zeros = vec![0; 1024 * 1024];
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        for _ in 0..64 {
            encoder.write_all(&zeros).unwrap();
        }
        bombs.push(("gzip", encoder.finish().unwrap()));
    }
    #[cfg(feature = "brotli")]
    bombs.push(("br", BROTLI.to_vec()));
    #[cfg(feature = "zstd")]
    bombs.push(("zstd", zstd()));
    bombs
}

/// 64 MiB of zeros, compressed with Brotli.
#[cfg(feature = "brotli")]
const BROTLI: &[u8] = &[
    0xcf, 0xff, 0xff, 0x7f, 0xf8, 0x27, 0x00, 0xe2, 0xb1, 0x40, 0x20, 0xf7, 0xfe, 0x9f, 0xff, 0xff,
    0xff, 0xf0, 0x4f, 0x00, 0xc4, 0x61, 0x01, 0x80, 0xee, 0xfd, 0x3f, 0xff, 0xff, 0xff, 0xe1, 0x9f,
    0x00, 0x88, 0xc3, 0x22, 0x00, 0xdd, 0xfb, 0xff, 0xfc, 0xff, 0xff, 0xc7, 0x3f, 0x01, 0x10, 0x87,
    0x05, 0x00, 0xba, 0xf7, 0xff,
];

/// 64 MiB of zeros, compressed with Zstandard: blocks that repeat one byte.
#[cfg(feature = "zstd")]
fn zstd() -> Vec<u8> {
    const BLOCK: u32 = 128 * 1024;
    const BLOCKS: u32 = 64 * 1024 * 1024 / BLOCK;
    // The magic number, no content size, and a window of 128 KiB.
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 7 << 3];
    for number in 1..=BLOCKS {
        let last = u32::from(number == BLOCKS);
        let header = (BLOCK << 3) | (1 << 1) | last;
        frame.extend_from_slice(&header.to_le_bytes()[..3]);
        frame.push(0);
    }
    frame
}

async fn serving(coding: &str, body: Vec<u8>) -> Server {
    let head = format!(
        "HTTP/1.1 200 OK\r\ncontent-encoding: {coding}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let response = [head.into_bytes(), body].concat();
    Server::always(move || Reply::Bytes(response.clone())).await
}

#[tokio::test]
async fn a_small_body_that_decompresses_to_more_than_the_limit_is_an_error() {
    for (coding, body) in bombs() {
        assert!(body.len() < 1024 * 1024, "{coding}");
        let server = serving(coding, body).await;
        let settings = settings().max_response_bytes(2 * 1024 * 1024);
        let client = settings.build(&server.url(), key()).unwrap();
        let call = client.call(&VERSIONS, CallOptions::new());
        let error = call.send_bytes().await.unwrap_err();
        assert!(error.is_too_large(), "{coding}: {error}");
        assert_eq!(server.count(), 1);
        let call = client.call(&VERSIONS, CallOptions::new());
        let stream = call.send_byte_stream().await.unwrap();
        assert!(
            stream.collect().await.unwrap_err().is_too_large(),
            "{coding}"
        );
    }
}

#[tokio::test]
async fn a_stream_of_a_small_body_with_a_large_content_is_read_in_pieces() {
    for (coding, body) in bombs() {
        let server = serving(coding, body).await;
        let client = settings().build(&server.url(), key()).unwrap();
        let call = client.call(&VERSIONS, CallOptions::new());
        let mut stream = call.send_byte_stream().await.unwrap();
        assert_eq!(stream.content_length(), None, "{coding}");
        let mut count = 0;
        while let Some(piece) = stream.try_next().await.unwrap() {
            assert!(piece.len() <= 64 * 1024, "{coding}");
            count += piece.len();
        }
        assert_eq!(count, 64 * 1024 * 1024, "{coding}");
    }
}
