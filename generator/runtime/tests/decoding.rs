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
            let line = head
                .lines()
                .find(|line| line.starts_with("accept-encoding"));
            let asks = |encoding: &str| line.is_some_and(|line| line.contains(encoding));
            assert!(
                ["gzip", "br", "zstd"].iter().all(|encoding| asks(encoding)),
                "{head}"
            );
            // The client may hang up before the end.
            let _ = stream.write_all(&answer);
        }
    });
    format!("http://{address}")
}

/// The number of bytes of `0` that each body has.
const SIZE: usize = 1 << 20;

fn gzip() -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b'0'; SIZE]).unwrap();
    encoder.finish().unwrap()
}

/// A frame of RLE blocks (RFC 8878, section 3.1.1) with 128 KiB each.
fn zstd() -> Vec<u8> {
    const BLOCK: usize = 128 << 10;
    // The magic number, no optional fields, and a window of 128 KiB.
    let mut bytes = vec![0x28, 0xB5, 0x2F, 0xFD, 0, 7 << 3];
    let count = SIZE / BLOCK;
    for block in 1..=count {
        let header = BLOCK << 3 | 1 << 1 | usize::from(block == count);
        bytes.extend_from_slice(&header.to_le_bytes()[..3]);
        bytes.push(b'0');
    }
    bytes
}

/// The output of the crate `brotli` 9 with quality 11 and a window of 2^24.
fn brotli() -> Vec<u8> {
    const BYTES: u128 = 0x5FFF_FF8F_5F02_261E_0B04_72EF_1F00;
    BYTES.to_be_bytes()[2..].to_vec()
}

/// The limit is on the decoded bytes, which are hundreds of times as many as those that arrive.
#[tokio::test]
async fn a_body_that_is_decoded_has_the_limit_of_its_decoded_size() {
    for (encoding, body) in [("gzip", gzip()), ("br", brotli()), ("zstd", zstd())] {
        let length = body.len();
        assert!(length < 2048, "{encoding}: {length}");
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-encoding: {encoding}\r\ncontent-length: {length}\r\n\r\n"
        );
        let url = serve([head.as_bytes(), &body].concat());
        let client = |limit: usize| {
            let builder = ClientBuilder::new("https://unused.example").base_url(&url);
            builder.max_response_bytes(limit as u64).build().unwrap()
        };
        let response = client(SIZE).request(GetFile).send().await.unwrap();
        let bytes = response.bytes();
        let is_whole = bytes.len() == SIZE && bytes.iter().all(|byte| *byte == b'0');
        assert!(is_whole, "{encoding}: {} bytes", bytes.len());
        let error = client(SIZE - 1).request(GetFile).await.unwrap_err();
        assert!(matches!(error, Error::TooLarge(_)), "{encoding}: {error:?}");
        // What is not held in memory has no limit.
        let client = client(1);
        let pieces = client.request(GetFile).in_pieces().await.unwrap();
        let mut chunks = pieces.bytes();
        let mut all = 0;
        while let Some(chunk) = chunks.next().await {
            all += chunk.unwrap().len();
        }
        assert_eq!(all, SIZE, "{encoding}");
    }
}
