//! The token that the calls of a client share: the number and the times of its requests. The clock
//! is virtual, so no test waits.

mod dropped_calls;
mod threads;

use std::future::{pending, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use tokio::task::JoinSet;

use super::script::Event::{self, Answer, Cut, Silence, Unreachable};
use super::script::{Script, Sent, operations};
use crate::runtime::blocking::wait;
use crate::runtime::builder::ClientBuilder;
use crate::runtime::client::Client;
use crate::runtime::error::{Error, NoFailure};
use crate::runtime::oauth2::{ClientCredentials, RefreshToken};
use crate::runtime::options::Options;
use crate::runtime::retry::Retry;
use crate::runtime::security::{Flow, Flows, Scheme, Security};
use crate::runtime::token::{Token, TokenFuture, TokenSource};
use crate::runtime::token_error::TokenError;
use crate::runtime::token_http::TokenHttp;

const OAUTH: Scheme = Scheme::oauth2("oauth", &FLOWS);

const FLOWS: Flows = Flows {
    client_credentials: Some(Flow {
        authorization_url: "",
        token_url: "https://login.example/token",
        refresh_url: "",
    }),
    authorization_code: None,
};

operations! {
    Secured get "/secured", SECURITY: Security = &[&[OAUTH]];
    Post post "/secured", SECURITY: Security = &[&[OAUTH]];
}

const fn status(status: u16) -> Event {
    Answer(status, &[], "")
}

/// A response of the token endpoint.
const fn token(body: &'static str) -> Event {
    Answer(200, &[], body)
}

const ONE: Event = token(r#"{"access_token":"token-1","token_type":"Bearer","expires_in":3600}"#);
const TWO: Event = token(r#"{"access_token":"token-2","token_type":"bearer","expires_in":3600}"#);
const FOREVER: Event = token(r#"{"access_token":"token-1","token_type":"bearer"}"#);

/// The duration of a request in tests of concurrent calls.
const SECOND: Duration = Duration::from_secs(1);

fn script(tokens: impl IntoIterator<Item = Event>) -> Script {
    Script::new([status(200)]).at("/token", tokens)
}

fn credentials() -> ClientCredentials {
    ClientCredentials::new("client", "s3cret-of-client")
}

fn client(script: &Script) -> Client {
    script
        .builder()
        .oauth2_scheme(OAUTH, credentials())
        .build()
        .unwrap()
}

/// Returns the number of requests to the token endpoint, and the tokens of the others.
fn seen(script: &Script) -> (usize, Vec<String>) {
    let (fetches, calls): (Vec<Sent>, Vec<Sent>) = script
        .sent()
        .into_iter()
        .partition(|sent| sent.request.uri().path() == "/token");
    let tokens = calls
        .iter()
        .map(|sent| sent.header("authorization").unwrap());
    (fetches.len(), tokens.map(str::to_owned).collect())
}

async fn call(client: &Client) -> Result<u16, Error<NoFailure>> {
    client.request(Secured).await
}

/// Runs a thousand calls at once.
async fn storm(client: &Client) -> Vec<Result<u16, Error<NoFailure>>> {
    let mut calls = JoinSet::new();
    for _ in 0..1000 {
        let client = client.clone();
        calls.spawn(async move { call(&client).await });
    }
    calls.join_all().await
}

#[tokio::test(start_paused = true)]
async fn a_thousand_calls_with_an_expired_token_fetch_one() {
    let script = script([ONE, TWO]).slow(SECOND);
    let client = client(&script);
    assert!(storm(&client).await.iter().all(Result::is_ok));
    let (fetches, tokens) = seen(&script);
    assert_eq!((fetches, tokens.len()), (1, 1000));
    assert!(tokens.iter().all(|token| token == "Bearer token-1"));

    tokio::time::advance(Duration::from_secs(3600)).await;
    assert!(storm(&client).await.iter().all(Result::is_ok));
    let (fetches, tokens) = seen(&script);
    assert_eq!((fetches, tokens.len()), (1, 1000));
    assert!(tokens.iter().all(|token| token == "Bearer token-2"));
}

#[tokio::test(start_paused = true)]
async fn a_fetch_that_fails_is_one_error_for_all() {
    let refused = Answer(400, &[], r#"{"error":"invalid_client"}"#);
    let script = script([refused]).slow(SECOND);
    for outcome in storm(&client(&script)).await {
        let error = outcome.unwrap_err();
        let text = "GET /secured: no access token for `oauth`: \
                    the token endpoint answered 400 Bad Request: invalid_client";
        assert_eq!(error.to_string(), text);
        assert_eq!((error.attempts(), error.status()), (0, None));
        assert!(matches!(error, Error::Token(error) if error.error() == Some("invalid_client")));
    }
    assert_eq!(seen(&script), (1, vec![]));
}

#[tokio::test(start_paused = true)]
async fn many_401_responses_fetch_one_token() {
    let script = script([ONE, TWO]).slow(SECOND);
    let client = client(&script);
    call(&client).await.unwrap();
    seen(&script);
    let refusals = std::iter::repeat_n(status(401), 1000);
    script.then(refusals.chain([status(200)]));
    assert!(storm(&client).await.iter().all(Result::is_ok));
    let (fetches, tokens) = seen(&script);
    assert_eq!((fetches, tokens.len()), (1, 2000));
    assert!(tokens[..1000].iter().all(|token| token == "Bearer token-1"));
    assert!(tokens[1000..].iter().all(|token| token == "Bearer token-2"));
}

#[tokio::test(start_paused = true)]
async fn a_401_for_a_token_that_was_replaced_fetches_none() {
    let script = script([ONE, TWO, status(500)]).with_tokio().pausing();
    let client = client(&script);
    call(&client).await.unwrap();
    script.then([status(401), status(200), status(401), status(200)]);
    let mut late = Box::pin(call(&client));
    poll_fn(|cx| Poll::Ready(late.as_mut().poll(cx).is_pending())).await;
    call(&client).await.unwrap();
    late.await.unwrap();
    let (fetches, tokens) = seen(&script);
    assert_eq!(fetches, 2);
    let expected = [1, 1, 2, 1, 2].map(|number| format!("Bearer token-{number}"));
    assert_eq!(tokens, expected);
}

#[tokio::test]
async fn a_401_repeats_any_method_once_and_is_no_retry() {
    let script = script([ONE, TWO]);
    let client = client(&script);
    script.then([status(401), status(200)]);
    assert_eq!(client.request(Post).await.unwrap(), 200);
    assert_eq!(
        seen(&script),
        (
            2,
            vec!["Bearer token-1".to_owned(), "Bearer token-2".to_owned()]
        )
    );

    // The second one is the failure.
    script.then([status(401)]);
    let error = client.request(Post).await.unwrap_err();
    assert_eq!(
        (error.status().unwrap().as_u16(), error.attempts()),
        (401, 2)
    );
    assert_eq!(seen(&script).1.len(), 2);

    // With two retries.
    script.then([status(401), status(503)]);
    assert_eq!(call(&client).await.unwrap_err().attempts(), 4);
    assert_eq!(seen(&script).1.len(), 4);
    // Without retries.
    script.then([status(401), status(200)]);
    let options = Options::new().retry(Retry::none());
    client.request(Secured).with(options).await.unwrap();
    assert_eq!(seen(&script).1.len(), 2);
}

#[tokio::test]
async fn a_401_for_a_fixed_token_is_the_failure() {
    let script = Script::new([status(401)]);
    let client = script
        .builder()
        .oauth2_scheme(OAUTH, "a-token")
        .build()
        .unwrap();
    let error = call(&client).await.unwrap_err();
    assert_eq!(error.attempts(), 1);
    assert_eq!(seen(&script), (0, vec!["Bearer a-token".to_owned()]));
    // The same for one call.
    let script = self::script([ONE]);
    script.then([status(401)]);
    let client = self::client(&script);
    let options = Options::new().credential(OAUTH, "of-this-call");
    client.request(Secured).with(options).await.unwrap_err();
    assert_eq!(seen(&script), (0, vec!["Bearer of-this-call".to_owned()]));
}

#[tokio::test]
async fn no_new_token_after_a_401_is_an_error() {
    let script = script([ONE, status(500)]);
    let client = script
        .builder()
        .oauth2_scheme(OAUTH, credentials())
        .retry(Retry::none());
    let client = client.build().unwrap();
    script.then([status(401)]);
    let error = call(&client).await.unwrap_err();
    assert!(matches!(error, Error::Token(_)), "{error}");
    assert_eq!(error.attempts(), 1);
    assert_eq!(seen(&script), (2, vec!["Bearer token-1".to_owned()]));
}

/// Returns `true` if a token of this life is renewed after so many seconds.
async fn renewed_after(life: &'static str, seconds: u64) -> bool {
    let body = format!(
        r#"{{"access_token":"t","token_type":"bearer"{}{life}}}"#,
        if life.is_empty() {
            ""
        } else {
            r#","expires_in":"#
        }
    );
    let script = script([token(body.leak())]);
    let client = client(&script);
    call(&client).await.unwrap();
    script.set_now(Duration::from_secs(seconds));
    call(&client).await.unwrap();
    let (fetches, tokens) = seen(&script);
    assert_eq!(tokens.len(), 2);
    fetches == 2
}

#[tokio::test]
async fn a_token_is_renewed_before_it_expires() {
    // `expires_in`, the last second at which the token is used, and the first at which it is
    // renewed.
    let table: &[(&str, Option<u64>, Option<u64>)] = &[
        ("3600", Some(3539), Some(3540)),
        ("100", Some(74), Some(75)),
        ("\"3600\"", Some(3539), Some(3540)),
        ("3600.5", Some(3540), Some(3541)),
        ("3.6e3", Some(3539), Some(3540)),
        ("0", None, Some(0)),
        ("-1", None, Some(0)),
        ("-1e400", None, Some(0)),
        // About 32 and ten years, and too long.
        ("1e9", Some(315_359_000), Some(315_360_000)),
        ("1e400", Some(315_359_000), Some(315_360_000)),
        (
            "99999999999999999999999999",
            Some(315_359_000),
            Some(315_360_000),
        ),
        // Values that are ignored: the token is valid until a 401.
        ("", Some(1_000_000_000), None),
        ("null", Some(1_000_000_000), None),
        ("\"\"", Some(1_000_000_000), None),
        ("\"soon\"", Some(1_000_000_000), None),
        ("\"1e9\"", Some(1_000_000_000), None),
        ("\"-5\"", Some(1_000_000_000), None),
        ("[3600]", Some(1_000_000_000), None),
        ("true", Some(1_000_000_000), None),
    ];
    for (life, used, renewed) in table {
        if let Some(seconds) = used {
            assert!(
                !renewed_after(life, *seconds).await,
                "{life} after {seconds}"
            );
        }
        if let Some(seconds) = renewed {
            assert!(
                renewed_after(life, *seconds).await,
                "{life} after {seconds}"
            );
        }
    }
}

#[tokio::test]
async fn a_clock_that_jumps_back_renews_the_token_once() {
    let script = script([ONE, TWO, token("{}")]);
    let client = client(&script);
    script.set_now(Duration::from_secs(10_000));
    call(&client).await.unwrap();
    script.set_now(Duration::from_secs(5));
    for _ in 0..3 {
        call(&client).await.unwrap();
    }
    let (fetches, tokens) = seen(&script);
    assert_eq!(fetches, 2);
    assert_eq!(tokens[1..], ["Bearer token-2"; 3]);
}

#[tokio::test]
async fn a_valid_token_is_used_where_it_cannot_be_renewed() {
    let script = script([ONE, status(400)]);
    let client = client(&script);
    call(&client).await.unwrap();
    script.set_now(Duration::from_secs(3599));
    call(&client).await.unwrap();
    script.set_now(Duration::from_secs(3600));
    assert!(matches!(call(&client).await, Err(Error::Token(_))));
    assert_eq!(seen(&script), (3, vec!["Bearer token-1".to_owned(); 2]));
}

/// A source that counts its calls.
#[derive(Default)]
struct Counter {
    given: AtomicUsize,
    rejected: Mutex<Vec<String>>,
}

struct Counted(Arc<Counter>);

impl TokenSource for Counted {
    fn token<'a>(&'a self, _: &'a TokenHttp) -> TokenFuture<'a> {
        let number = self.0.given.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move {
            match number {
                0 => Ok(Token::new("token-0").expires_in(Duration::from_secs(100))),
                1 => panic!("the source is broken"),
                2 => Err(TokenError::new("the vault is sealed")),
                number => Ok(Token::new(format!("token-{number}"))),
            }
        })
    }

    fn rejected(&self, token: &Token) {
        self.0
            .rejected
            .lock()
            .unwrap()
            .push(token.expose().to_owned());
    }
}

#[tokio::test]
async fn a_source_of_the_application() {
    let counter = Arc::new(Counter::default());
    let script = Script::new([status(401), status(200)]);
    let builder = script.builder();
    let client = builder.credential_source(OAUTH, Counted(Arc::clone(&counter)));
    let client = client.build().unwrap();
    // If the source panics, the other calls still end.
    let panicked = tokio::spawn({
        let client = client.clone();
        async move { call(&client).await }
    });
    assert!(panicked.await.unwrap_err().is_panic());
    assert_eq!(*counter.rejected.lock().unwrap(), ["token-0"]);
    let error = call(&client).await.unwrap_err();
    assert!(
        error.to_string().ends_with("the vault is sealed"),
        "{error}"
    );
    call(&client).await.unwrap();
    let expected = ["Bearer token-0", "Bearer token-3"];
    assert_eq!(seen(&script).1, expected);
}

struct Never;

impl TokenSource for Never {
    fn token<'a>(&'a self, _: &'a TokenHttp) -> TokenFuture<'a> {
        Box::pin(pending())
    }
}

#[tokio::test(start_paused = true)]
async fn waiting_for_a_token_counts_toward_the_timeout_of_the_call() {
    let script = Script::new([]).with_tokio();
    let client = script
        .builder()
        .credential_source(OAUTH, Never)
        .build()
        .unwrap();
    let start = tokio::time::Instant::now();
    let short = client
        .request(Secured)
        .with(Options::new().timeout(Duration::from_secs(5)));
    let mut short = pin!(short.into_future());
    let mut long = pin!(call(&client));
    poll_fn(|cx| Poll::Ready(long.as_mut().poll(cx).is_pending())).await;
    let error = short.as_mut().await.unwrap_err();
    assert!(
        error.is_timeout() && matches!(error, Error::Token(_)),
        "{error}"
    );
    assert_eq!(start.elapsed().as_secs(), 5);
    assert!(long.await.unwrap_err().is_timeout());
    assert_eq!(start.elapsed().as_secs(), 60);
    assert_eq!(script.sent().len(), 0);
}

/// Returns the number of token requests, and whether the call succeeds.
async fn fetches(builder: ClientBuilder, script: &Script) -> (usize, bool) {
    let client = builder.build().unwrap();
    let is_ok = call(&client).await.is_ok();
    (seen(script).0, is_ok)
}

#[tokio::test]
async fn a_request_for_a_token_is_repeated_where_that_is_safe() {
    // An event, and the number of requests for client credentials and for a refresh token.
    let table = [
        (Unreachable, 3, 3),
        (Cut, 3, 1),
        (status(500), 3, 1),
        (status(503), 3, 1),
        (status(429), 3, 1),
        (status(400), 1, 1),
        (status(401), 1, 1),
        (Answer(503, &[("retry-after", "31")], ""), 1, 1),
        (Answer(503, &[("x-should-retry", "false")], ""), 1, 1),
    ];
    for (event, client, refresh) in table {
        let what = format!("{event:?}");
        let script = self::script([event.clone()]);
        let builder = script.builder().oauth2_scheme(OAUTH, credentials());
        assert_eq!(fetches(builder, &script).await, (client, false), "{what}");
        let script = self::script([event]);
        let builder = script
            .builder()
            .oauth2_scheme(OAUTH, RefreshToken::new("client", "r"));
        assert_eq!(fetches(builder, &script).await, (refresh, false), "{what}");
    }
    let script = self::script([status(503), FOREVER]);
    let builder = script.builder().oauth2_scheme(OAUTH, credentials());
    assert_eq!(fetches(builder, &script).await, (2, true));
    let builder = script
        .builder()
        .oauth2_scheme(OAUTH, credentials())
        .retry(Retry::none());
    let script = script.at("/token", [status(503), FOREVER]);
    assert_eq!(fetches(builder, &script).await, (1, false));
    // Without a timer.
    let script = self::script([Cut]).timerless();
    let builder = script.builder().oauth2_scheme(OAUTH, credentials());
    assert_eq!(fetches(builder, &script).await, (1, false));
}

/// Returns the memory of this process at an address.
#[cfg(target_os = "linux")]
fn memory(address: usize, length: usize) -> Vec<u8> {
    use std::os::unix::fs::FileExt;
    let file = std::fs::File::open("/proc/self/mem").unwrap();
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, address as u64).unwrap();
    bytes
}

#[cfg(target_os = "linux")]
#[test]
fn a_dropped_token_is_wiped() {
    let text = "0123456789abcdef".repeat(64);
    let token = Token::new(text.clone());
    let other = token.clone();
    let place = token.expose().as_ptr() as usize;
    drop(token);
    assert_eq!(memory(place, text.len()), text.as_bytes());
    drop(other);
    // Whatever the allocator or another test has written there, it is not part of the token.
    let left = memory(place, text.len());
    let kept = left.windows(16).filter(|part| *part == b"0123456789abcdef");
    assert_eq!(kept.count(), 0);
}
