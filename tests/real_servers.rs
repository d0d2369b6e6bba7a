//! Calls to servers of other projects, which run in Node.js: a certified OAuth 2 provider
//! (`oidc-provider`), and a mock that validates each request against the document
//! (`@stoplight/prism-cli`).
//!
//! `npm ci` installs them into `target`. Without Node.js or without a network, a test prints that
//! it is skipped, and passes.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use generated::types::OAuthDynamicRegistrationRequest;
use generated::types::oauth_dynamic_registration_request::GrantType;
use generated::{Options, Retry};
use runtime::body::Body;
use runtime::security::{Flow, Flows};
use runtime::transport::{Sending, Sleeping};
use runtime::{
    AuthorizationCode, Client, ClientBuilder, ClientCredentials, Credentials, Endpoint, Error,
    Limits, RefreshToken, Scheme, Tokens, Transport,
};

const OAUTH: Scheme = Scheme::oauth2(
    "oauthClientAuth",
    &Flows {
        client_credentials: Some(Flow {
            authorization_url: "",
            token_url: "/oauth/token",
            refresh_url: "",
        }),
        authorization_code: Some(Flow {
            authorization_url: "/oauth/authorize",
            token_url: "/oauth/token",
            refresh_url: "",
        }),
    },
);

/// The lifetime of an access token of the provider, in seconds.
const LIFE: u64 = 600;

/// Prints the reason why a test is skipped, even if the output of tests is captured.
fn skip(name: &str, reason: &str) {
    let _ = writeln!(std::io::stderr(), "{name} was skipped: {reason}");
}

/// Installs a package of `tests/oauth` below `target`, unless it is installed.
///
/// # Errors
///
/// Returns the reason why the package cannot be installed.
fn install(name: &str) -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let from = root.join("tests/oauth").join(name);
    let to = root.join("target/node").join(name);
    fs::create_dir_all(&to).expect("the folder can be made");
    let lock = fs::read(from.join("package-lock.json")).expect("the lock file is there");
    let is_installed = fs::read(to.join("installed")).is_ok_and(|installed| installed == lock);
    for entry in fs::read_dir(&from).expect("the folder is there") {
        let entry = entry.expect("the entry can be read");
        if entry.path().is_file() {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("the file can be copied");
        }
    }
    if Command::new("node").arg("--version").output().is_err() {
        return Err("node is not installed".to_owned());
    } else if is_installed {
        return Ok(to);
    }
    let output = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .args(["--fetch-retries", "0"])
        .current_dir(&to)
        .output()
        .map_err(|_| "npm is not installed".to_owned())?;
    let errors = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        fs::write(to.join("installed"), lock).expect("the file can be written");
        return Ok(to);
    }
    let is_offline = [
        "ENOTFOUND",
        "EAI_AGAIN",
        "ECONN",
        "ETIMEDOUT",
        "ENETUNREACH",
        "network",
    ]
    .iter()
    .any(|code| errors.contains(code));
    assert!(is_offline, "npm ci: {errors}");
    Err("there is no network to install it by".to_owned())
}

/// A server in Node.js, which is stopped when this value is dropped.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    /// Starts a script, and waits for the first line of its output that has this text.
    fn start(folder: &Path, arguments: &[&str], ready: &str) -> (Self, String) {
        let mut process = Command::new("node")
            .args(arguments)
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node starts");
        let output = process.stdout.take().expect("it is piped");
        let url = String::new();
        let server = Self { process, url };
        let mut lines = BufReader::new(output).lines();
        let is_ready = |line: &String| line.contains(ready);
        let line = lines.by_ref().map_while(Result::ok).find(is_ready);
        // The output has to be read to the end, or the server blocks.
        std::thread::spawn(move || lines.for_each(drop));
        (server, line.expect("the server starts"))
    }

    fn provider(folder: &Path) -> Self {
        let (server, port) = Self::start(folder, &["server.js"], "");
        let url = format!("http://127.0.0.1:{port}");
        Self::at(server, url)
    }

    fn prism(folder: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let port = port.expect("there is a free port").port().to_string();
        let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec/oauth.yml");
        let document = document.to_str().expect("the path is text");
        let script = "node_modules/@stoplight/prism-cli/dist/index.js";
        let arguments = ["mock", document, "--errors", "--port", &port];
        let arguments = [&[script][..], &arguments].concat();
        let (server, _) = Self::start(folder, &arguments, "Prism is listening");
        Self::at(server, format!("http://127.0.0.1:{port}"))
    }

    fn at(mut server: Self, url: String) -> Self {
        server.url = url;
        server
    }

    /// Returns a client with the credential of the provider, and its clock, which can be moved.
    fn client(&self, credentials: impl Into<Credentials>) -> (Client, Arc<AtomicU64>) {
        let clock: Arc<AtomicU64> = Arc::default();
        let own = Arc::clone(&clock);
        let client = ClientBuilder::new("https://unused.example")
            .base_url(&self.url)
            .wrap(move |inner| {
                Arc::new(Shifted {
                    inner,
                    seconds: own,
                })
            })
            .oauth2_scheme(OAUTH, credentials)
            .build();
        (client.unwrap(), clock)
    }

    /// Calls a test endpoint of the provider.
    async fn test(&self, endpoint: Endpoint, query: Option<(&str, &str)>) -> String {
        let client = ClientBuilder::new("https://unused.example").base_url(&self.url);
        let client = client.build().unwrap();
        let mut call = client.call(endpoint);
        if let Some((name, value)) = query {
            call = call.query(name, value);
        }
        let reply = call.await.unwrap_or_else(|error| {
            panic!("{error}: {:?}", error.bytes());
        });
        String::from_utf8_lossy(reply.bytes()).into_owned()
    }

    /// Returns the number of requests for a token.
    async fn token_requests(&self) -> u32 {
        let requests = self.test(Endpoint::get("/test/requests"), None).await;
        requests.parse().unwrap()
    }

    async fn move_clock(&self, seconds: u64) {
        let seconds = seconds.to_string();
        let query = Some(("seconds", seconds.as_str()));
        self.test(Endpoint::post("/test/clock"), query).await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// A transport whose clock is ahead.
struct Shifted {
    inner: Arc<dyn Transport>,
    seconds: Arc<AtomicU64>,
}

impl Shifted {
    fn ahead(&self) -> Duration {
        Duration::from_secs(self.seconds.load(Ordering::SeqCst))
    }
}

impl Transport for Shifted {
    fn send(&self, request: http::Request<Body>, limits: Limits) -> Sending<'_> {
        self.inner.send(request, limits)
    }

    fn sleep(&self, time: Duration) -> Option<Sleeping<'_>> {
        self.inner.sleep(time)
    }

    fn now(&self) -> Duration {
        self.inner.now() + self.ahead()
    }

    fn date(&self) -> Option<SystemTime> {
        Some(self.inner.date()? + self.ahead())
    }
}

async fn things(client: &Client) -> Result<u16, Error<runtime::NoFailure>> {
    let reply = client.call(Endpoint::get("/test/things")).await?;
    Ok(reply.code())
}

/// Registers a client with the operation of `spec/oauth.yml`, and returns its identifier and
/// secret.
async fn register(server: &Server) -> (String, String) {
    let client = generated::Client::builder().base_url(&server.url).build();
    let client = client.unwrap();
    let registered = client.register_oauth_client(registration()).await.unwrap();
    let secret = registered.client_secret.unwrap().into_exposed();
    (registered.client_id, secret)
}

fn registration() -> OAuthDynamicRegistrationRequest {
    OAuthDynamicRegistrationRequest {
        client_name: Some("Tests".to_owned()),
        redirect_uris: Some(vec!["https://app.example/callback".parse().unwrap()]),
        grant_types: vec![
            GrantType::AuthorizationCode,
            GrantType::ClientCredentials,
            GrantType::RefreshToken,
        ],
        scope: Some("openid offline_access admin".to_owned()),
        ..OAuthDynamicRegistrationRequest::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certified_provider_issues_tokens() {
    let folder = match install("provider") {
        Ok(folder) => folder,
        Err(reason) => return skip("a_certified_provider_issues_tokens", &reason),
    };
    let server = Server::provider(&folder);
    let (id, secret) = register(&server).await;
    client_credentials(&server, &id, &secret).await;
    wrong_and_unusual_secrets(&server, &id).await;
    let tokens = login(&server, &id, &secret).await;
    rotation(&server, &id, &secret, &tokens).await;
}

async fn client_credentials(server: &Server, id: &str, secret: &str) {
    let grant = ClientCredentials::new(id, secret).scope("admin");
    let (client, clock) = server.client(grant);
    for _ in 0..3 {
        assert_eq!(things(&client).await.unwrap(), 200);
    }
    assert_eq!(server.token_requests().await, 1);

    // The token expires by both clocks.
    server.move_clock(LIFE).await;
    clock.fetch_add(LIFE, Ordering::SeqCst);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let client = client.clone();
        calls.spawn(async move { things(&client).await.unwrap() });
    }
    assert!(calls.join_all().await.iter().all(|status| *status == 200));
    assert_eq!(server.token_requests().await, 2);

    // The token expires by the server's clock only, so the server answers 401.
    server.move_clock(LIFE).await;
    assert_eq!(things(&client).await.unwrap(), 200);
    assert_eq!(server.token_requests().await, 3);
}

async fn wrong_and_unusual_secrets(server: &Server, id: &str) {
    let grant = ClientCredentials::new(id, "wrong").scope("admin");
    let error = things(&server.client(grant).0).await.unwrap_err();
    let Error::Token(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.error(), Some("invalid_client"), "{error}");

    let grant = ClientCredentials::new("a:b%c", "s:3%c+r e&t=").scope("admin");
    assert_eq!(things(&server.client(grant).0).await.unwrap(), 200);
}

async fn login(server: &Server, id: &str, secret: &str) -> Tokens {
    let (client, _) = server.client("unused");
    let grant = AuthorizationCode::new(OAUTH, id, "https://app.example/callback")
        .secret(secret)
        .scope("openid")
        .scope("offline_access")
        .scope("admin")
        .query("prompt", "consent")
        .issuer(&server.url);
    let login = grant.clone().start(&client).unwrap();
    let query = Some(("url", login.url()));
    let callback = server.test(Endpoint::get("/test/browser"), query).await;

    // Another login has another verifier, and the attempt uses up the code.
    let (state, verifier) = (login.state(), "x".repeat(43));
    let other = grant.resume(&client, state, verifier).unwrap();
    let query = Some(("url", login.url()));
    let error = other.finish(&client, &callback).await.unwrap_err();
    assert_eq!(error.error(), Some("invalid_grant"), "{error}");

    let callback = server.test(Endpoint::get("/test/browser"), query).await;
    login.finish(&client, &callback).await.unwrap()
}

async fn rotation(server: &Server, id: &str, secret: &str, tokens: &Tokens) {
    let first = tokens.refresh_token().unwrap();
    let grant = RefreshToken::new(id, first)
        .secret(secret)
        .tokens(tokens.clone());
    let before = server.token_requests().await;
    let (client, clock) = server.client(grant);
    assert_eq!(things(&client).await.unwrap(), 200);
    assert_eq!(server.token_requests().await, before);
    for renewals in 1..=3 {
        server.move_clock(LIFE).await;
        clock.fetch_add(LIFE, Ordering::SeqCst);
        assert_eq!(things(&client).await.unwrap(), 200);
        assert_eq!(server.token_requests().await, before + renewals);
    }
    // The provider has replaced the first refresh token, and treats it as stolen.
    let stolen = RefreshToken::new(id, first).secret(secret);
    let error = things(&server.client(stolen).0).await.unwrap_err();
    let Error::Token(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.error(), Some("invalid_grant"), "{error}");
}

/// A transport that loses the first responses: the client gets 503 instead.
struct Losing {
    inner: Arc<dyn generated::runtime::Transport>,
    /// The status of each response.
    statuses: Arc<Mutex<Vec<u16>>>,
}

impl generated::runtime::Transport for Losing {
    fn send(
        &self,
        request: http::Request<generated::runtime::Body>,
        limits: generated::runtime::Limits,
    ) -> generated::runtime::transport::Sending<'_> {
        Box::pin(async move {
            let mut response = self.inner.send(request, limits).await?;
            let mut statuses = self.statuses.lock().unwrap();
            statuses.push(response.status().as_u16());
            if statuses.len() < 3 {
                *response.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
            }
            Ok(response)
        })
    }

    fn sleep(&self, _: Duration) -> Option<generated::runtime::transport::Sleeping<'_>> {
        Some(Box::pin(std::future::ready(())))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_validating_mock_accepts_the_requests() {
    let folder = match install("prism") {
        Ok(folder) => folder,
        Err(reason) => return skip("a_validating_mock_accepts_the_requests", &reason),
    };
    let server = Server::prism(&folder);
    let statuses: Arc<Mutex<Vec<u16>>> = Arc::default();
    let seen = Arc::clone(&statuses);
    let client = generated::Client::builder()
        .base_url(&server.url)
        .bearer_auth("token")
        .wrap(move |inner| {
            Arc::new(Losing {
                inner,
                statuses: seen,
            })
        })
        .build()
        .unwrap();
    let options = Options::new()
        .retry(Retry::default().max_retries(4))
        .timeout(Duration::from_secs(30))
        .idempotency_key("order-17")
        .header("x-trace", "8f1c")
        .query("debug", "1")
        .explicit_defaults(true);
    let call = client.register_oauth_client(registration()).with(options);
    let response = call.send().await.unwrap();
    assert_eq!((response.attempts(), response.status().as_u16()), (3, 201));
    assert_eq!(*statuses.lock().unwrap(), [201, 201, 201]);

    // The mock rejects an undocumented request.
    let call = client.call(generated::runtime::Endpoint::post("/oauth/register"));
    let error = call.json_body(&["not an object"]).await.unwrap_err();
    assert_eq!(error.status().unwrap().as_u16(), 400, "{error}");
}
