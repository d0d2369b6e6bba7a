//! Bodies that reqwest decodes, with the features `gzip`, `brotli` and `zstd`. `features.rs` runs this test.

use std::io::{Read, Write};
use std::net::TcpListener;

use runtime::{ClientBuilder, Endpoint, Error, NoFailure, Operation, Rejection, Reply};

#[derive(Clone, Debug)]
struct GetFile;

impl Operation for GetFile {
    const ENDPOINT: Endpoint = Endpoint::get("/file");
    type Output = ();
    type Failure = NoFailure;

    fn decode(reply: &Reply) -> Result<(), Rejection<NoFailure>> {
        reply.nothing_if(200)
    }
}

/// Gives the same answer to each connection, and returns the URL.
fn serve(answer: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") {
                stream.read_exact(&mut byte).unwrap();
                head.push(byte[0]);
            }
            let head = String::from_utf8(head).unwrap();
            assert!(
                head.contains("accept-encoding: gzip, br, zstd\r\n"),
                "{head}"
            );
            // The client may hang up before the end.
            let _ = stream.write_all(&answer);
        }
    });
    format!("http://{address}")
}

/// Some bytes of `0`, with an encoding.
struct Encoded {
    encoding: &'static str,
    size: usize,
    bytes: Vec<u8>,
}

fn gzip(size: usize) -> Encoded {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b'0'; size]).unwrap();
    Encoded {
        encoding: "gzip",
        size,
        bytes: encoder.finish().unwrap(),
    }
}

/// A frame of RLE blocks (RFC 8878, section 3.1.1) with 128 KiB each.
fn zstd(size: usize) -> Encoded {
    const BLOCK: usize = 128 << 10;
    // The magic number, no optional fields, and a window of 128 KiB.
    let mut bytes = vec![0x28, 0xB5, 0x2F, 0xFD, 0, 7 << 3];
    let count = size / BLOCK;
    for block in 1..=count {
        let header = BLOCK << 3 | 1 << 1 | usize::from(block == count);
        bytes.extend_from_slice(&header.to_le_bytes()[..3]);
        bytes.push(b'0');
    }
    Encoded {
        encoding: "zstd",
        size,
        bytes,
    }
}

/// The output of the crate `brotli` 9 with quality 11 and a window of 2^24.
fn brotli(size: usize) -> Encoded {
    let hex = match size {
        0x10_0000 => "5FFFFF8F5F02261E0B0472EF1F00",
        0x400_0000 => {
            "CFFFFF7FF82560E2B14020F7FE9FFFFFFFF04B00C4610180EEFD3FFFFFFFE1970088C32200DDFB7FFEFFFF\
             C32F0110870500BAF7FF03"
        }
        _ => unreachable!("there are two sizes"),
    };
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap();
    Encoded {
        encoding: "br",
        size,
        bytes: (0..hex.len()).step_by(2).map(byte).collect(),
    }
}

/// The limit is on the decoded bytes, which are hundreds of times as many as those that arrive.
#[tokio::test]
async fn a_body_that_is_decoded_has_the_limit_of_its_decoded_size() {
    let encodings: [fn(usize) -> Encoded; 3] = [gzip, brotli, zstd];
    let sizes = [(1 << 20, true), (64 << 20, false)];
    let cases = encodings.iter().flat_map(|encode| {
        let case = move |(size, is_within)| (encode(size), is_within);
        sizes.map(case)
    });
    for (encoded, is_within) in cases {
        let Encoded {
            encoding,
            size,
            bytes: body,
        } = encoded;
        assert!(body.len() < 1 << 17);
        let length = body.len();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-encoding: {encoding}\r\ncontent-length: {length}\r\n\r\n"
        );
        let url = serve([head.as_bytes(), &body].concat());
        let client = ClientBuilder::new("http://x")
            .base_url(url)
            .build()
            .unwrap();
        let sent = client.request(GetFile).send().await;
        match sent {
            Ok(response) => {
                assert!(is_within, "{encoding}");
                let bytes = response.bytes();
                assert!(bytes.len() == size && bytes.iter().all(|byte| *byte == b'0'));
            }
            Err(error) => assert!(
                !is_within && matches!(error, Error::TooLarge(_)),
                "{encoding}: {error:?}"
            ),
        }
        // What is not held in memory has no limit.
        let pieces = client.request(GetFile).in_pieces().await.unwrap();
        let mut chunks = pieces.bytes();
        let mut all = 0;
        while let Some(chunk) = chunks.next().await {
            all += chunk.unwrap().len();
        }
        assert_eq!(all, size, "{encoding}");
    }
}
