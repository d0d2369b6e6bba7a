//! A server in the test process that records requests byte by byte and answers with arbitrary
//! bytes, with or without TLS.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// The answer on one connection.
#[derive(Clone)]
pub enum Answer {
    /// These bytes, then the end.
    Bytes(Vec<u8>),
    /// These bytes, then a piece that is repeated forever.
    Endless(Vec<u8>, &'static [u8]),
    /// These bytes, then single spaces, slowly.
    Drip(Vec<u8>),
    /// No answer.
    Silence,
}

/// A connection.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

pub struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<Vec<u8>>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    /// Starts a server that answers the requests in order, and further ones with the last answer.
    pub async fn start(answers: Vec<Answer>) -> Self {
        Self::start_at("127.0.0.1:0", answers).await
    }

    /// Like [`start`](Self::start), with TLS.
    pub async fn start_tls(tls: TlsAcceptor, answers: Vec<Answer>) -> Self {
        Self::listen("127.0.0.1:0", Some(tls), answers).await
    }

    async fn start_at(address: &str, answers: Vec<Answer>) -> Self {
        Self::listen(address, None, answers).await
    }

    async fn listen(address: &str, tls: Option<TlsAcceptor>, answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let recorded = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            for turn in 0.. {
                let (stream, _) = listener.accept().await.unwrap();
                let mut stream: Box<dyn Stream> = match &tls {
                    None => Box::new(stream),
                    // A client that does not trust the certificate hangs up.
                    Some(tls) => match tls.accept(stream).await {
                        Ok(stream) => Box::new(stream),
                        Err(_) => continue,
                    },
                };
                let answer = answers[turn.min(answers.len() - 1)].clone();
                let request = read_request(&mut stream).await;
                recorded.lock().unwrap().push(request);
                // The client may close the connection early.
                tokio::spawn(async move {
                    let _ = give(&mut stream, answer).await;
                });
            }
        });
        Self {
            url,
            requests,
            task,
        }
    }

    /// Starts a server that answers every request with this response.
    pub async fn with(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Self {
        Self::start(vec![response(status, headers, body)]).await
    }

    /// Starts a server at an address that answers every request with this response.
    pub async fn at(address: &str, status: &str, headers: &[(&str, &str)]) -> Self {
        Self::start_at(address, vec![response(status, headers, b"")]).await
    }

    /// Returns the requests so far, as text.
    pub fn requests(&self) -> Vec<String> {
        let requests = self.requests.lock().unwrap();
        let text = |bytes: &Vec<u8>| String::from_utf8(bytes.clone()).unwrap();
        requests.iter().map(text).collect()
    }

    /// Returns the only request.
    pub fn request(&self) -> String {
        let mut requests = self.requests();
        assert_eq!(requests.len(), 1, "{requests:#?}");
        requests.remove(0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Returns a complete response.
pub fn response(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let mut bytes = head(status, headers);
    let length = format!("content-length: {}\r\n\r\n", body.len());
    bytes.extend_from_slice(length.as_bytes());
    bytes.extend_from_slice(body);
    Answer::Bytes(bytes)
}

/// Returns the head of a response, without the empty line.
pub fn head(status: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status}\r\nconnection: close\r\n");
    for (name, value) in headers {
        text.extend([name, ": ", value, "\r\n"]);
    }
    text.into_bytes()
}

async fn read_request(stream: &mut impl Stream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        if let Some(end) = find(&bytes, b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.parse().unwrap());
            let chunked = head.contains("transfer-encoding: chunked");
            let whole = if chunked {
                find(&bytes[end..], b"\r\n0\r\n\r\n").is_some()
            } else {
                bytes.len() >= end + 4 + length
            };
            if whole {
                return bytes;
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return bytes,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}

fn find(bytes: &[u8], pattern: &[u8]) -> Option<usize> {
    bytes
        .windows(pattern.len())
        .position(|window| window == pattern)
}

async fn give(stream: &mut impl Stream, answer: Answer) -> std::io::Result<()> {
    match answer {
        Answer::Bytes(bytes) => {
            stream.write_all(&bytes).await?;
            stream.shutdown().await
        }
        Answer::Endless(head, piece) => {
            stream.write_all(&head).await?;
            loop {
                stream.write_all(piece).await?;
            }
        }
        Answer::Drip(head) => {
            stream.write_all(&head).await?;
            loop {
                stream.write_all(b" ").await?;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        Answer::Silence => {
            std::future::pending::<()>().await;
            Ok(())
        }
    }
}
