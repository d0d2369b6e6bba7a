//! Calls in several threads, which share a token.

use super::*;

/// A source whose tokens come from another thread and expire at once.
struct Threaded(Arc<AtomicUsize>);

impl TokenSource for Threaded {
    fn token<'a>(&'a self, _: &'a TokenHttp) -> TokenFuture<'a> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async {
            for _ in 0..3 {
                let is_done = Arc::new(AtomicBool::new(false));
                poll_fn(|cx| {
                    if is_done.load(Ordering::SeqCst) {
                        return Poll::Ready(());
                    }
                    let (is_done, waker) = (Arc::clone(&is_done), cx.waker().clone());
                    std::thread::spawn(move || {
                        is_done.store(true, Ordering::SeqCst);
                        waker.wake();
                    });
                    Poll::Pending
                })
                .await;
            }
            Ok(Token::new("token").expires_in(Duration::ZERO))
        })
    }
}

#[test]
fn calls_in_many_threads_share_tokens_and_all_end() {
    let fetches: Arc<AtomicUsize> = Arc::default();
    let script = Script::default();
    let source = Threaded(Arc::clone(&fetches));
    let client = script
        .builder()
        .credential_source(OAUTH, source)
        .timeout(None);
    let client = client.build().unwrap();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let client = &client;
            scope.spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread();
                let runtime = { runtime }.build().unwrap();
                runtime.block_on(async {
                    for number in 0..50 {
                        // Some calls are dropped before they end.
                        let mut dropped = Box::pin(call(client));
                        for _ in 0..(thread + number) % 3 {
                            let polled = poll_fn(|cx| Poll::Ready(dropped.as_mut().poll(cx)));
                            if polled.await.is_ready() {
                                break;
                            }
                        }
                        drop(dropped);
                        call(client).await.unwrap();
                    }
                });
            });
        }
    });
    let fetches = fetches.load(Ordering::SeqCst);
    assert!((25..=800).contains(&fetches), "{fetches}");
}

/// A source that blocks until the test continues.
struct Blocked {
    entered: mpsc::Sender<()>,
    released: Mutex<mpsc::Receiver<()>>,
}

impl TokenSource for Blocked {
    fn token<'a>(&'a self, _: &'a TokenHttp) -> TokenFuture<'a> {
        Box::pin(async {
            self.entered.send(()).unwrap();
            self.released.lock().unwrap().recv().unwrap();
            Ok(Token::new("token"))
        })
    }
}

#[test]
fn calls_that_block_wait_for_the_token_that_another_thread_fetches() {
    let (entered, enters) = mpsc::channel();
    let (release, released) = mpsc::channel();
    let source = Blocked {
        entered,
        released: Mutex::new(released),
    };
    let script = Script::default();
    let client = script.builder().credential_source(OAUTH, source);
    let client = client.build().unwrap();
    std::thread::scope(|scope| {
        let first = scope.spawn(|| wait(call(&client)));
        enters.recv().unwrap();
        let (start, starts) = mpsc::channel();
        let client = &client;
        let second = scope.spawn(move || {
            start.send(()).unwrap();
            wait(call(client))
        });
        starts.recv().unwrap();
        release.send(()).unwrap();
        for thread in [first, second] {
            assert_eq!(thread.join().unwrap().unwrap().unwrap(), 200);
        }
    });
    assert!(enters.try_recv().is_err(), "there was a second fetch");
}

type Call = Pin<Box<dyn Future<Output = Result<u16, Error<NoFailure>>> + Send>>;

/// A source that is woken while it is polled, and polls another call in the meantime.
struct Interrupted {
    other: Arc<Mutex<Option<Call>>>,
    wakes: Arc<Wakes>,
}

#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl TokenSource for Interrupted {
    fn token<'a>(&'a self, _: &'a TokenHttp) -> TokenFuture<'a> {
        let mut is_first = true;
        Box::pin(poll_fn(move |cx| {
            if !std::mem::take(&mut is_first) {
                return Poll::Ready(Ok(Token::new("token")));
            }
            cx.waker().wake_by_ref();
            let waker = Waker::from(Arc::clone(&self.wakes));
            let mut other = self.other.lock().unwrap();
            let other = other.as_mut().unwrap().as_mut();
            assert!(other.poll(&mut Context::from_waker(&waker)).is_pending());
            Poll::Pending
        }))
    }
}

#[tokio::test]
async fn a_wake_while_the_request_is_polled_reaches_the_others() {
    let (other, wakes): (Arc<Mutex<Option<Call>>>, Arc<Wakes>) = Default::default();
    let source = Interrupted {
        other: Arc::clone(&other),
        wakes: Arc::clone(&wakes),
    };
    let script = Script::default();
    let client = script.builder().credential_source(OAUTH, source);
    let client = client.timeout(None).build().unwrap();
    let clone = client.clone();
    *other.lock().unwrap() = Some(Box::pin(async move { call(&clone).await }));
    let mut first = Box::pin(call(&client));
    poll_fn(|cx| Poll::Ready(first.as_mut().poll(cx).is_pending())).await;
    // The first call is neither polled again nor dropped.
    assert!(wakes.0.load(Ordering::SeqCst) > 0);
    let other = other.lock().unwrap().take().unwrap();
    other.await.unwrap();
    first.await.unwrap();
}
