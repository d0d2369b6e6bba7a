//! Calls that are dropped, or that are not polled.

use super::*;

#[tokio::test(start_paused = true)]
async fn another_call_continues_after_a_call_is_dropped() {
    let script = script([ONE]).with_tokio().pausing();
    let client = client(&script);
    let mut leader = Box::pin(call(&client));
    // The request has been sent.
    poll_fn(|cx| Poll::Ready(leader.as_mut().poll(cx).is_pending())).await;
    let follower = tokio::spawn({
        let client = client.clone();
        async move { call(&client).await }
    });
    tokio::task::yield_now().await;
    drop(leader);
    follower.await.unwrap().unwrap();
    assert_eq!(seen(&script), (1, vec!["Bearer token-1".to_owned()]));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_not_polled_blocks_no_other() {
    let script = script([ONE]).with_tokio().pausing();
    let client = client(&script);
    let mut leader = Box::pin(call(&client));
    poll_fn(|cx| Poll::Ready(leader.as_mut().poll(cx).is_pending())).await;
    call(&client).await.unwrap();
    leader.await.unwrap();
    assert_eq!(seen(&script).0, 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_can_be_dropped_at_every_await() {
    let mut polls = 0;
    loop {
        let script = script([ONE, TWO]).with_tokio().pausing();
        let client = client(&script);
        script.then([status(401), status(200)]);
        let mut dropped = Box::pin(call(&client));
        let mut is_done = false;
        for _ in 0..polls {
            is_done = poll_fn(|cx| Poll::Ready(dropped.as_mut().poll(cx).is_ready())).await;
        }
        drop(dropped);
        if is_done {
            break;
        }
        // The next call is not blocked, and continues the request for the token.
        assert_eq!(call(&client).await.unwrap(), 200, "after {polls} polls");
        let (fetches, _) = seen(&script);
        assert!(fetches <= 2, "{fetches} fetches after {polls} polls");
        // Only the client itself still has a reference.
        assert_eq!(Arc::strong_count(&client.shared), 1);
        polls += 1;
    }
    assert!(polls > 4, "{polls}");
}

#[tokio::test(start_paused = true)]
async fn a_failure_of_an_abandoned_request_is_ignored() {
    let script = script([Silence, ONE]).with_tokio().pausing();
    let client = script
        .builder()
        .oauth2_scheme(OAUTH, credentials())
        .retry(Retry::none());
    let client = client.build().unwrap();
    let mut dropped = Box::pin(call(&client));
    poll_fn(|cx| Poll::Ready(dropped.as_mut().poll(cx).is_pending())).await;
    drop(dropped);
    call(&client).await.unwrap();
    assert_eq!(seen(&script).0, 2);
}
