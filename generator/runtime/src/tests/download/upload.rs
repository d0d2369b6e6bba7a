//! Files that are sent.

use super::*;

/// Sends a body of bytes.
#[derive(Clone, Debug)]
pub(super) struct Send {
    pub(super) body: Content,
}

impl Operation for Send {
    const ENDPOINT: Endpoint = Endpoint::put("/upload");
    type Output = u16;
    type Failure = NoFailure;

    fn encode(&self, request: &mut Parts) {
        request.bytes("application/octet-stream", &self.body);
    }

    fn decode(reply: &Reply) -> Result<u16, Rejection<NoFailure>> {
        match reply.code() {
            code @ 200..=299 => Ok(code),
            _ => reply.failure(),
        }
    }
}

fn length(content: &Content) -> Option<u64> {
    http_body::Body::size_hint(&content.body()).exact()
}

async fn bytes(mut body: Body) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    while let Some(piece) = body.next().await {
        bytes.extend_from_slice(&piece.map_err(|error| format!("{error:?}"))?);
    }
    Ok(bytes)
}

#[tokio::test]
async fn a_file_is_sent_with_its_length_in_each_attempt() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    let text = "0123456789".repeat(20_000);
    fs::write(&path, &text).unwrap();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let progress = Arc::clone(&seen);
    let body = Content::file(&path).unwrap();
    assert_eq!(length(&body), Some(200_000));
    let body = body.on_progress(move |sent, all| progress.lock().unwrap().push((sent, all)));
    assert_eq!(length(&body), Some(200_000));
    let script = Script::new([Answer(503, &[], ""), Answer(200, &[], "")]);
    let client = script.client();
    client.request(Send { body }).await.unwrap();
    let sent = script.sent();
    assert_eq!(sent.len(), 2);
    assert!(sent.iter().all(|sent| sent.body == text.as_bytes()));
    let all = Some(200_000);
    let once = [
        (65_536, all),
        (131_072, all),
        (196_608, all),
        (200_000, all),
    ];
    assert_eq!(*seen.lock().unwrap(), [once, once].concat());

    assert!(Content::file(folder.path()).is_err());
    assert!(Content::file(folder.path().join("none")).is_err());
    let body = Content::file(&path).unwrap();
    fs::remove_file(&path).unwrap();
    assert!(bytes(body.body()).await.unwrap_err().contains("NotFound"));
}

#[tokio::test]
async fn a_reader_is_sent_once() {
    let reader = || io::Cursor::new("0123456789");
    let known = Content::reader(reader(), 10);
    assert_eq!(length(&known), Some(10));
    let known = Content::reader(reader(), 10);
    assert_eq!(bytes(known.body()).await.unwrap(), b"0123456789");
    assert!(
        bytes(known.body())
            .await
            .unwrap_err()
            .contains("cannot be sent again")
    );
    assert_eq!(length(&Content::reader(reader(), None)), None);
    let unknown = Content::reader(reader(), None);
    assert_eq!(bytes(unknown.body()).await.unwrap(), b"0123456789");
    // More bytes are not sent, and fewer are an error.
    assert_eq!(
        bytes(Content::reader(reader(), 4).body()).await.unwrap(),
        b"0123"
    );
    assert_eq!(
        bytes(Content::reader(reader(), 0).body()).await.unwrap(),
        b""
    );
    let short = bytes(Content::reader(reader(), 11).body())
        .await
        .unwrap_err();
    assert!(short.contains("shorter than"), "{short}");
}

/// A part of a multipart body can be a file. The body has a length if each part has one.
#[tokio::test]
async fn a_part_is_read_from_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    fs::write(&path, "0123456789").unwrap();
    let content = |content: Content| {
        let mut parts = Parts::new(Endpoint::post("/upload"));
        let form = std::collections::BTreeMap::from([("file", File::new(content))]);
        parts.multipart("multipart/form-data", &form, &[]);
        parts.finish().unwrap().body().clone()
    };
    let body = content(Content::file(&path).unwrap());
    let sent = bytes(body.body()).await.unwrap();
    assert_eq!(length(&body), Some(sent.len() as u64));
    assert!(
        String::from_utf8(sent)
            .unwrap()
            .contains("\r\n\r\n0123456789\r\n")
    );
    let unknown = content(Content::reader(io::Cursor::new("abc"), None));
    assert_eq!(length(&unknown), None);
}
