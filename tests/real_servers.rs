//! Calls to servers of others, which run in node: a certified OAuth 2 provider (`oidc-provider`).
//!
//! What they need is installed by `npm ci` into `target`. Without node or without a network, a test
//! says so and passes.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use generated::types::OAuthDynamicRegistrationRequest;
use generated::types::oauth_dynamic_registration_request::GrantType;
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

/// How long an access token of the provider is valid, in seconds.
const LIFE: u64 = 600;

/// Says why a test is skipped, also where the output of tests is captured.
fn skip(name: &str, reason: &str) {
    let _ = writeln!(std::io::stderr(), "{name} was skipped: {reason}");
}

/// Installs a package of `tests/oauth` below `target`, unless that is done.
///
/// # Errors
///
/// Why that is not possible here.
fn install(name: &str) -> Result<PathBuf, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let from = root.join("tests/oauth").join(name);
    let to = root.join("target/node").join(name);
    fs::create_dir_all(&to).expect("the folder can be made");
    let lock = fs::read(from.join("package-lock.json")).expect("the lock file is there");
    let is_installed = fs::read(to.join("installed")).is_ok_and(|installed| installed == lock);
    for file in ["package.json", "package-lock.json", "server.js"] {
        fs::copy(from.join(file), to.join(file)).expect("the file can be copied");
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

/// A server in node, which ends with this value.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start(folder: &Path) -> Self {
        let mut process = Command::new("node")
            .arg("server.js")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node starts");
        let mut port = String::new();
        let output = process.stdout.take().expect("it is piped");
        BufReader::new(output).read_line(&mut port).expect("a line");
        let url = format!("http://127.0.0.1:{}", port.trim());
        Self { process, url }
    }

    /// A client that has the credential of the provider, and whose clock can be moved.
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
            .oauth2(OAUTH, credentials)
            .build();
        (client.unwrap(), clock)
    }

    /// Calls one of the endpoints for tests.
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

    /// How many requests for a token there were.
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

/// Registers a client by the operation of `spec/oauth.yml`: its identifier and its secret.
async fn register(server: &Server) -> (String, String) {
    let client = generated::Client::builder().base_url(&server.url).build();
    let request = OAuthDynamicRegistrationRequest {
        client_name: Some("Tests".to_owned()),
        redirect_uris: Some(vec!["https://app.example/callback".parse().unwrap()]),
        grant_types: vec![
            GrantType::AuthorizationCode,
            GrantType::ClientCredentials,
            GrantType::RefreshToken,
        ],
        scope: Some("openid offline_access admin".to_owned()),
        ..OAuthDynamicRegistrationRequest::default()
    };
    let registered = client
        .unwrap()
        .register_oauth_client(request)
        .await
        .unwrap();
    let secret = registered.client_secret.unwrap().into_exposed();
    (registered.client_id, secret)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_certified_provider_gives_tokens() {
    let folder = match install("provider") {
        Ok(folder) => folder,
        Err(reason) => return skip("a_certified_provider_gives_tokens", &reason),
    };
    let server = Server::start(&folder);
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

    // It expires by both clocks.
    server.move_clock(LIFE).await;
    clock.fetch_add(LIFE, Ordering::SeqCst);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let client = client.clone();
        calls.spawn(async move { things(&client).await.unwrap() });
    }
    assert!(calls.join_all().await.iter().all(|status| *status == 200));
    assert_eq!(server.token_requests().await, 2);

    // And by that of the server only, which answers 401.
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

    // Another login has another verifier, and the code is spent by the attempt.
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
    // The provider replaced the first one, and takes it for stolen.
    let stolen = RefreshToken::new(id, first).secret(secret);
    let error = things(&server.client(stolen).0).await.unwrap_err();
    let Error::Token(error) = error else {
        panic!("{error}");
    };
    assert_eq!(error.error(), Some("invalid_grant"), "{error}");
}
