//! Compressed responses and request bodies.

use specmill::panther::Client;
use specmill_sandbox::{Fault, Sandbox};

use crate::support::{panther_builder, sandbox};

const MIB: usize = 1024 * 1024;

/// A content coding: encodes bytes, with or without compression, and at least 16 MiB of zeros.
struct Coding {
    name: &'static str,
    stored: fn(&[u8]) -> Vec<u8>,
    bomb: fn() -> Vec<u8>,
}

/// The codings of the enabled features.
const CODINGS: &[Coding] = &[
    #[cfg(feature = "gzip")]
    Coding {
        name: "gzip",
        stored: gzip::of,
        bomb: || gzip::of(&vec![0; 16 * MIB]),
    },
    #[cfg(feature = "brotli")]
    Coding {
        name: "br",
        stored: brotli::stored,
        bomb: brotli::bomb,
    },
    #[cfg(feature = "zstd")]
    Coding {
        name: "zstd",
        stored: zstd::stored,
        bomb: zstd::bomb,
    },
];

#[cfg(feature = "gzip")]
mod gzip {
    use std::io::{Read as _, Write as _};

    use flate2::{Compression, read::GzDecoder, write::GzEncoder};

    pub(super) fn of(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    pub(super) fn read(bytes: &[u8]) -> Vec<u8> {
        let mut all = Vec::new();
        GzDecoder::new(bytes).read_to_end(&mut all).unwrap();
        all
    }
}

#[cfg(feature = "brotli")]
mod brotli {
    /// A block that is not compressed, and an empty last one.
    pub(super) fn stored(bytes: &[u8]) -> Vec<u8> {
        // A window of 64 KiB, and an uncompressed block that is not the last one, with its length
        // minus one in 16 bits.
        let length = u32::try_from(bytes.len() - 1).unwrap();
        let header = (length << 4) | (1 << 20);
        [&header.to_le_bytes()[..3], bytes, &[3]].concat()
    }

    /// 64 MiB of zeros.
    pub(super) fn bomb() -> Vec<u8> {
        vec![
            0xcf, 0xff, 0xff, 0x7f, 0xf8, 0x27, 0x00, 0xe2, 0xb1, 0x40, 0x20, 0xf7, 0xfe, 0x9f,
            0xff, 0xff, 0xff, 0xf0, 0x4f, 0x00, 0xc4, 0x61, 0x01, 0x80, 0xee, 0xfd, 0x3f, 0xff,
            0xff, 0xff, 0xe1, 0x9f, 0x00, 0x88, 0xc3, 0x22, 0x00, 0xdd, 0xfb, 0xff, 0xfc, 0xff,
            0xff, 0xc7, 0x3f, 0x01, 0x10, 0x87, 0x05, 0x00, 0xba, 0xf7, 0xff,
        ]
    }
}

#[cfg(feature = "zstd")]
mod zstd {
    /// The magic number, no content size, and a window of 128 KiB.
    const FRAME: [u8; 6] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 7 << 3];
    const BLOCK: usize = 128 * 1024;

    fn block(length: usize, kind: u32, is_last: bool) -> [u8; 3] {
        let length = u32::try_from(length).unwrap();
        let header = (length << 3) | (kind << 1) | u32::from(is_last);
        let [first, second, third, _] = header.to_le_bytes();
        [first, second, third]
    }

    /// One block that is not compressed.
    pub(super) fn stored(bytes: &[u8]) -> Vec<u8> {
        [&FRAME[..], &block(bytes.len(), 0, true), bytes].concat()
    }

    /// Blocks that consist of one repeated byte.
    pub(super) fn bomb() -> Vec<u8> {
        let count = 16 * super::MIB / BLOCK;
        let blocks = (1..=count).flat_map(|number| {
            let [first, second, third] = block(BLOCK, 1, number == count);
            [first, second, third, 0]
        });
        FRAME.into_iter().chain(blocks).collect()
    }
}

fn limited(sandbox: &Sandbox) -> Client {
    let builder = panther_builder(sandbox).max_response_bytes(2 * MIB as u64);
    builder.build().unwrap()
}

fn compressed(coding: &Coding, body: Vec<u8>) -> Fault {
    Fault::custom(200, "application/json", body).header("content-encoding", coding.name)
}

#[tokio::test]
async fn a_response_in_a_coding_that_was_asked_for_is_decompressed() {
    let sandbox = sandbox().await;
    let panther = limited(&sandbox);
    for coding in CODINGS {
        let page = br#"{"results":[],"next":"c-2"}"#;
        sandbox.fail_next(compressed(coding, (coding.stored)(page)));
        let page = panther.user_list().send().await.unwrap();
        assert_eq!(page.next.as_deref(), Some("c-2"), "{}", coding.name);
        let sent = sandbox.requests().last().unwrap();
        let accepted = sent.header("accept-encoding").unwrap_or_default();
        assert!(accepted.contains(coding.name), "{accepted}");
    }
}

#[tokio::test]
async fn a_small_response_that_decompresses_to_more_than_is_read_ends_at_the_limit() {
    let sandbox = sandbox().await;
    let panther = limited(&sandbox);
    for coding in CODINGS {
        let bomb = (coding.bomb)();
        assert!(bomb.len() < MIB, "{}", coding.name);
        sandbox.fail_next(compressed(coding, bomb));
        let error = panther.user_list().send().await.unwrap_err();
        assert!(error.is_too_large(), "{}: {error}", coding.name);
        assert_eq!(error.attempts(), 1);
    }
}

#[tokio::test]
async fn a_stream_of_a_small_response_that_decompresses_to_much_comes_in_pieces() {
    let sandbox = sandbox().await;
    let panther = limited(&sandbox);
    for coding in CODINGS {
        sandbox.fail_next(compressed(coding, (coding.bomb)()));
        let response = panther.user_list().send_byte_stream().await.unwrap();
        let mut stream = response.into_body();
        let mut count = 0;
        while count < 8 * MIB {
            let piece = stream.try_next().await.unwrap().expect(coding.name);
            assert!(piece.len() <= 64 * 1024, "{}", coding.name);
            count += piece.len();
        }
    }
}

#[cfg(feature = "gzip")]
#[tokio::test]
async fn the_body_of_a_request_is_compressed_where_that_is_asked_for() {
    use crate::support::newcomer;

    let sandbox = sandbox().await;
    let panther = limited(&sandbox);
    let call = || panther.user_create().body(newcomer());
    let options = specmill::CallOptions::new().gzip_body(true);
    for call in [call(), call().with_options(options)] {
        // The sandbox itself does not accept compressed bodies.
        sandbox.fail_next(Fault::status(409));
        assert!(call.send().await.unwrap_err().is_conflict());
    }
    let sent = sandbox.requests().all();
    assert_eq!(sent[0].header("content-encoding"), None);
    assert_eq!(sent[1].header("content-encoding"), Some("gzip"));
    assert!(gzip::read(sent[1].body()) == sent[0].body().to_vec());
}
