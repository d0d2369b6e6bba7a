//! Bodies of bytes: saved to files, resumed, and sent from files.

mod upload;

use std::fs;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use bytes::Bytes;

use super::script::Event::{self, Answer, Stream, Unreachable};
use super::script::{Piece, Script, operations};
use crate::runtime::body::{Body, Content};
use crate::runtime::content_disposition::file_name;
use crate::runtime::download::{Download, SaveError};
use crate::runtime::endpoint::Endpoint;
use crate::runtime::error::{Error, NoFailure, Rejection};
use crate::runtime::multipart::File;
use crate::runtime::operation::Operation;
use crate::runtime::request::Parts;
use crate::runtime::response::Reply;
use crate::runtime::retry::Retry;
use crate::runtime::stream_error::StreamError;
use crate::runtime::{Client, ClientBuilder};

operations! {
    GetFile get "/file", ACCEPT: &'static str = "application/octet-stream";
    MakeFile post "/file", ACCEPT: &'static str = "application/octet-stream";
}

const FILE: &[(&str, &str)] = &[
    ("content-length", "10"),
    ("content-type", "image/png"),
    ("etag", "\"v1\""),
    (
        "content-disposition",
        "attachment; filename=\"../../x.png\"",
    ),
];

fn file(pieces: impl IntoIterator<Item = Piece>) -> Event {
    Stream(200, FILE, pieces.into_iter().collect())
}

async fn download(client: &Client) -> Download<'_, GetFile> {
    client.request(GetFile).download().await.unwrap()
}

/// Returns the bytes before the end or the error.
async fn collect<O: Operation + Clone>(
    mut download: Download<'_, O>,
) -> (Vec<u8>, Option<StreamError>) {
    let mut bytes = Vec::new();
    while let Some(piece) = download.next().await {
        match piece {
            Ok(piece) => bytes.extend_from_slice(&piece),
            Err(error) => {
                assert!(download.next().await.is_none());
                return (bytes, Some(error));
            }
        }
    }
    (bytes, None)
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    entries.map(name).collect()
}

#[tokio::test]
async fn a_download_has_its_length_type_and_file_name() {
    let script = Script::new([file([Piece::data("0123456789")])]);
    let client = script.client();
    let download = download(&client).await;
    assert_eq!(download.length(), Some(10));
    assert_eq!(download.content_type(), Some("image/png"));
    assert_eq!(download.file_name().as_deref(), Some("x.png"));
    assert_eq!(download.status(), 200);
    let (bytes, error) = collect(download).await;
    assert_eq!(
        (bytes.as_slice(), error.is_none()),
        (&b"0123456789"[..], true)
    );
    let [sent] = &script.sent()[..] else { panic!() };
    assert_eq!(sent.header("accept-encoding"), Some("identity"));
    assert_eq!(sent.limits.timeout, None);
}

#[tokio::test]
async fn a_file_is_replaced_when_it_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    fs::write(&path, "before").unwrap();
    let bytes = "0123456789"
        .bytes()
        .map(|byte| Piece::Data(Bytes::from(vec![byte])));
    let script = Script::new([file(bytes)]);
    let client = script.client();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let progress = Arc::clone(&seen);
    let size = download(&client)
        .await
        .on_progress(move |sent, all| progress.lock().unwrap().push((sent, all)))
        .save_to(&path)
        .await
        .unwrap();
    assert_eq!(size, 10);
    assert_eq!(fs::read(&path).unwrap(), b"0123456789");
    assert_eq!(names(folder.path()), ["x"]);
    let seen = seen.lock().unwrap();
    assert_eq!(
        (seen.len(), seen[0], seen[9]),
        (10, (1, Some(10)), (10, Some(10)))
    );
}

#[tokio::test]
async fn an_incomplete_or_too_long_body_leaves_the_file_unchanged() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    fs::write(&path, "before").unwrap();
    let data = Piece::data;
    for (pieces, expected) in [
        (
            vec![data("012345678")],
            "GET /file: the body is shorter than its `Content-Length`",
        ),
        (
            vec![data("0123456789"), data("a")],
            "GET /file: the body is longer than its `Content-Length`",
        ),
        (
            vec![data("01234"), Piece::Reset],
            "GET /file: the exchange with the server broke off",
        ),
        (
            vec![],
            "GET /file: the body is shorter than its `Content-Length`",
        ),
    ] {
        let script = Script::new([file(pieces)]);
        let client = script.client();
        let error = download(&client).await.save_to(&path).await.unwrap_err();
        assert!(matches!(error, SaveError::Stream(_)), "{error:?}");
        assert_eq!(error.to_string(), expected);
        assert_eq!(fs::read(&path).unwrap(), b"before");
        assert_eq!(names(folder.path()), ["x"]);
        assert_eq!(script.open(), 0);
        assert_eq!(script.sent().len(), 1);
    }
    // The future is dropped before the end.
    let wait = Piece::Wait(std::time::Duration::from_secs(3600));
    let script = Script::new([file([data("0"), wait])]);
    let client = script.client();
    let saving = download(&client).await.idle_timeout(None).save_to(&path);
    let mut saving = Box::pin(saving);
    std::future::poll_fn(|context| {
        assert!(saving.as_mut().poll(context).is_pending());
        std::task::Poll::Ready(())
    })
    .await;
    assert_eq!(names(folder.path()).len(), 2);
    drop(saving);
    assert_eq!(names(folder.path()), ["x"]);
    assert_eq!(
        (fs::read(&path).unwrap().as_slice(), script.open()),
        (&b"before"[..], 0)
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let script = Script::new([file([Piece::data("0123456789")])]);
    let client = script.client();
    for path in [
        folder.path().join("none/x"),
        folder.path().join(".."),
        folder.path().to_owned(),
    ] {
        let error = download(&client).await.save_to(&path).await.unwrap_err();
        assert!(matches!(error, SaveError::File { .. }), "{error:?}");
        assert!(error.to_string().starts_with("cannot write "), "{error}");
    }
    assert!(names(folder.path()).is_empty());
    let saved = download(&client)
        .await
        .save_in(folder.path())
        .await
        .unwrap();
    assert_eq!(saved, folder.path().join("x.png"));
    script.then([Answer(200, &[], "a")]);
    let error = download(&client)
        .await
        .save_in(folder.path())
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("the server does not send the name of the file"),
        "{error}"
    );
}

/// The environment variable that is set in the process with the limit.
#[cfg(unix)]
const FULL: &str = "DOWNLOAD_TO_FULL_DISK";

/// A limit on the size of files simulates a full disk.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_file_unchanged() {
    let Some(folder) = std::env::var_os(FULL) else {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("x"), "before").unwrap();
        let limited = "trap '' XFSZ; ulimit -f 64; exec \"$0\" --exact \"$1\" --nocapture";
        let name = "tests::download::a_full_disk_leaves_the_file_unchanged";
        let ran = Command::new("sh")
            .args(["-c", limited])
            .arg(std::env::current_exe().unwrap())
            .arg(name)
            .env(FULL, folder.path())
            .output()
            .unwrap();
        assert!(
            ran.status.success(),
            "{}",
            String::from_utf8_lossy(&ran.stderr)
        );
        assert!(String::from_utf8_lossy(&ran.stdout).contains("1 passed"));
        assert_eq!(fs::read(folder.path().join("x")).unwrap(), b"before");
        assert_eq!(names(folder.path()), ["x"]);
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let piece = Piece::Data(Bytes::from(vec![0; 64 << 10]));
        let script = Script::new([Stream(200, &[], vec![piece; 16])]);
        let client = script.client();
        let path = Path::new(&folder).join("x");
        let error = download(&client).await.save_to(&path).await.unwrap_err();
        assert!(matches!(error, SaveError::File { .. }), "{error:?}");
        assert_eq!(script.open(), 0);
    });
}

fn rest(range: &'static str, body: &'static str) -> Event {
    let headers: &'static [_] = Box::leak(Box::new([("content-range", range)]));
    Stream(206, headers, vec![Piece::data(body)])
}

#[tokio::test]
async fn a_download_resumes_after_a_lost_connection() {
    let broken = || file([Piece::data("01234"), Piece::Reset]);
    let script = Script::new([broken(), rest("bytes 5-9/10", "56789")]);
    let client = script.client();
    let (bytes, error) = collect(download(&client).await.resumes(1)).await;
    assert_eq!(
        (bytes.as_slice(), error.is_none()),
        (&b"0123456789"[..], true),
        "{error:?}"
    );
    let sent = script.sent();
    assert_eq!((sent.len(), sent[0].header("range")), (2, None));
    assert_eq!(sent[1].header("range"), Some("bytes=5-"));
    assert_eq!(sent[1].header("if-range"), Some("\"v1\""));

    // The response has another file, another range, or another length.
    for other in [
        file([Piece::data("abcdefghij")]),
        rest("bytes 4-9/10", "456789"),
        rest("bytes 5-9/11", "56789"),
        rest("5-9", "56789"),
    ] {
        let script = Script::new([broken(), other]);
        let client = script.client();
        let (bytes, error) = collect(download(&client).await.resumes(9)).await;
        assert_eq!(bytes, b"01234");
        let error = error.unwrap().to_string();
        assert!(error.contains("the file has changed"), "{error}");
        assert_eq!(script.sent().len(), 2);
    }
    // The server cannot be reached again.
    let script = Script::new([broken(), Unreachable]);
    let client = script.builder().retry(Retry::none()).build().unwrap();
    let (_, error) = collect(download(&client).await.resumes(3)).await;
    assert!(
        matches!(error, Some(StreamError::Transport { .. })),
        "{error:?}"
    );
    assert_eq!(script.sent().len(), 4);
}

#[tokio::test]
async fn only_a_get_with_a_version_can_resume() {
    let weak: &[_] = &[
        ("etag", "W/\"v1\""),
        ("last-modified", "Thu, 01 Jan 2026 00:00:00 GMT"),
    ];
    let pieces = || vec![Piece::data("0"), Piece::Reset];
    for headers in [weak, &[]] {
        let script = Script::new([Stream(200, headers, pieces())]);
        let client = script.client();
        let (_, error) = collect(download(&client).await.resumes(3)).await;
        assert!(error.is_some());
        assert_eq!(script.sent().len(), 1);
    }
    let script = Script::new([file(pieces())]);
    let client = script.client();
    let download = client.request(MakeFile).download().await.unwrap();
    assert!(collect(download.resumes(3)).await.1.is_some());
    assert_eq!(script.sent().len(), 1);
}

#[tokio::test]
async fn a_body_with_an_encoding_cannot_be_downloaded() {
    let headers: &[_] = &[("content-encoding", "gzip")];
    let script = Script::new([Answer(200, headers, "?")]);
    let client = script.client();
    let error = client.request(GetFile).download().await.unwrap_err();
    assert!(matches!(error, Error::Decode { .. }), "{error:?}");
    assert!(
        error.to_string().contains("has a `Content-Encoding`"),
        "{error}"
    );
}

/// The examples of RFC 6266, section 5, and RFC 8187, section 3.2.3, and hostile names.
#[test]
fn the_name_of_a_file_is_never_a_path() {
    for (header, name) in [
        ("Attachment; filename=example.html", Some("example.html")),
        (
            "INLINE; FILENAME= \"an example.html\"",
            Some("an example.html"),
        ),
        (
            "attachment; filename*= UTF-8''%e2%82%ac%20rates",
            Some("€ rates"),
        ),
        (
            "attachment; filename=\"EURO rates\"; filename*=utf-8''%e2%82%ac%20rates",
            Some("€ rates"),
        ),
        (
            "attachment; filename*=iso-8859-1'en'%A3%20rates; filename=b",
            Some("£ rates"),
        ),
        ("attachment; filename*=utf-8''%ff; filename=b", Some("b")),
        ("attachment; filename*=utf-8''%e; filename=b", Some("b")),
        (
            "attachment; filename=\"a;b=\\\"c\\\".txt\"; x=y",
            Some("a;b=_c_.txt"),
        ),
        ("attachment; x=\"; filename=a\"; filename=b", Some("b")),
        ("attachment; filename=\"../x\"", Some("x")),
        ("attachment; filename*=utf-8''..%2F..%5cx", Some("x")),
        ("attachment; filename=\"C:\\\\Windows\\\\x\"", Some("x")),
        ("attachment; filename=\"/etc/passwd\"", Some("passwd")),
        ("attachment; filename=\"C:x\"", Some("C_x")),
        ("attachment; filename=\"a\\\0b\"", Some("a_b")),
        ("attachment; filename=nul.txt", Some("_nul.txt")),
        ("attachment; filename=\"x. .\"", Some("x")),
        ("attachment; filename=\"..\"", None),
        ("attachment; filename=\"../\"", None),
        ("attachment; filename=\"\"", None),
        ("attachment; filename=\"a", Some("a")),
        ("attachment; name=a", None),
        ("attachment", None),
        ("", None),
    ] {
        assert_eq!(file_name(header.as_bytes()).as_deref(), name, "{header}");
    }
    assert_eq!(
        file_name("attachment; filename=\"ü\"".as_bytes()).as_deref(),
        Some("ü")
    );
    let long = format!("attachment; filename=\"{}\"", "ü".repeat(200));
    assert_eq!(file_name(long.as_bytes()).unwrap().len(), 254);
}

/// Starts a server that answers one connection after the other, and returns its URL.
pub(super) fn serve(answer: impl Fn(&mut TcpStream) + std::marker::Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            answer(&mut stream.unwrap());
        }
    });
    format!("http://{address}")
}

/// Reads to the end of a head.
pub(super) fn read_head(stream: &mut TcpStream) {
    let (mut head, mut byte) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
}

/// Returns the maximum memory of the process so far, in bytes.
#[cfg(target_os = "linux")]
pub(super) fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM:"))
        .unwrap();
    let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib << 10
}

/// Run it alone: `cargo test -p runtime --release -- --ignored a_gibibyte`.
#[cfg(target_os = "linux")]
#[tokio::test]
#[ignore = "it moves 2 GiB"]
async fn a_gibibyte_takes_less_than_16_mebibytes_of_memory() {
    const SIZE: usize = 1 << 30;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    let client = |url: String| {
        ClientBuilder::new("http://x")
            .base_url(url)
            .build()
            .unwrap()
    };
    let url = serve(|stream| {
        read_head(stream);
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {SIZE}\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let piece = vec![b'x'; 1 << 16];
        for _ in 0..SIZE / piece.len() {
            stream.write_all(&piece).unwrap();
        }
    });
    let downloads = client(url);
    let url = serve(|stream| {
        read_head(stream);
        let (mut left, mut piece) = (SIZE, vec![0; 1 << 16]);
        while left > 0 {
            let most = left.min(piece.len());
            left -= stream.read(&mut piece[..most]).unwrap();
        }
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            .unwrap();
    });
    let uploads = client(url);
    let before = peak();
    let size = download(&downloads).await.save_to(&path).await.unwrap();
    assert_eq!(size, SIZE as u64);
    let downloaded = peak() - before;
    let body = Content::file(&path).unwrap();
    uploads.request(upload::Send { body }).await.unwrap();
    let uploaded = peak() - before;
    println!("{downloaded} bytes for the download, {uploaded} bytes for both");
    assert!(uploaded < 16 << 20, "{uploaded} bytes");
}
