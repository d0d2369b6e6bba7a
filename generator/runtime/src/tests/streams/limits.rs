//! Limits of time, of size and of memory.

use super::*;

/// tokio's clock is paused, and advances to the next timer.
#[tokio::test(start_paused = true)]
async fn silence_is_an_error_unless_comments_arrive() {
    let wait = |seconds| Piece::Wait(Duration::from_secs(seconds));
    let mut pieces = vec![Piece::data("data: {\"n\":1}\n\n")];
    for _ in 0..10 {
        pieces.extend([wait(59), Piece::data(": still here\n")]);
    }
    pieces.extend([
        Piece::data("data: {\"n\":2}\n\n"),
        wait(61),
        Piece::data("data: {\"n\":3}\n\n"),
    ]);
    let script = Script::new([Stream(200, EVENTS, pieces)]).with_tokio();
    // The stream takes longer than the timeout of a call, which covers only the head.
    let stream = open(&script, Complete::default()).await;
    let (chunks, error) = collect(stream).await;
    assert_eq!(numbers(&chunks), [1, 2]);
    let error = error.unwrap();
    assert!(error.is_timeout());
    assert_eq!(error.to_string(), "POST /complete: nothing arrived for 60s");
    assert_eq!(script.open(), 0);

    let script = Script::new([Stream(
        200,
        EVENTS,
        vec![wait(3600), Piece::data("data: {\"n\":1}\n\n")],
    )])
    .with_tokio();
    let stream = open(&script, Complete::default()).await.idle_timeout(None);
    assert_eq!(numbers(&collect(stream).await.0), [1]);
    let stream = open(&script, Complete::default()).await;
    let stream = stream.idle_timeout(Duration::from_secs(1));
    assert!(collect(stream).await.1.unwrap().is_timeout());

    // As an option, it is also in the limits for a blocking transport.
    let client = script.client();
    let options = Options::new().idle_timeout(Duration::from_secs(2));
    let request = client.request(Complete::default()).with(options);
    let stream = request.stream().await.unwrap();
    let error = collect(stream).await.1.unwrap();
    assert_eq!(error.to_string(), "POST /complete: nothing arrived for 2s");
    let limits = script.sent().pop().unwrap().limits;
    assert_eq!(limits.idle_timeout, Some(Duration::from_secs(2)));
}

#[tokio::test(start_paused = true)]
async fn the_head_has_the_timeout_of_the_call() {
    let script = Script::new([Hang]).with_tokio();
    let client = script
        .builder()
        .timeout(Duration::from_secs(7))
        .build()
        .unwrap();
    let before = tokio::time::Instant::now();
    let error = client
        .request(Complete::default())
        .stream()
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(before.elapsed().as_secs(), 7);
    // The transport gets no timeout, because it would include the body.
    let limits = script.sent()[0].limits;
    let seconds = |seconds| Some(Duration::from_secs(seconds));
    assert_eq!(limits.timeout, None);
    assert_eq!(
        (limits.head_timeout, limits.idle_timeout),
        (seconds(7), seconds(60))
    );
    // The timeout of the call includes the body of a failure.
    let body = vec![Piece::data("{"), Piece::Wait(Duration::from_secs(3600))];
    script.then([Stream(404, JSON, body)]);
    let error = client
        .request(Complete::default())
        .in_pieces()
        .await
        .unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(before.elapsed().as_secs(), 14);
}

#[tokio::test]
async fn a_stream_that_is_dropped_closes_its_connection() {
    let script = Script::new([events(["data: {\"n\":1}\n\n", "data: {\"n\":2}\n\n"])]);
    let mut stream = open(&script, Complete::default()).await;
    assert_eq!(stream.next().await.unwrap().unwrap().n, 1);
    assert_eq!(script.open(), 1);
    drop(stream);
    assert_eq!(script.open(), 0);
    let pieces = script
        .client()
        .request(Complete::default())
        .in_pieces()
        .await
        .unwrap();
    assert_eq!(script.open(), 1);
    drop(pieces);
    assert_eq!(script.open(), 0);
}

#[tokio::test]
async fn an_item_has_a_limit_and_a_stream_has_none() {
    let data = |length: usize| {
        let text = format!("data: {{\"n\":1,\"pad\":\"{}\"}}\n\n", "x".repeat(length));
        Piece::Data(Bytes::from(text))
    };
    let pad = (4 << 20) - "{\"n\":1,\"pad\":\"\"}".len();
    let stream = |pieces| Stream(200, EVENTS, pieces);
    let (chunks, error) = read(Complete::default(), stream(vec![data(pad); 20])).await;
    assert_eq!((chunks.len(), error.is_none()), (20, true));
    let (chunks, error) = read(Complete::default(), stream(vec![data(1), data(pad + 1)])).await;
    assert_eq!(chunks.len(), 1);
    assert_eq!(
        error.unwrap().to_string(),
        "POST /complete: event 2 has more than 4194304 bytes"
    );
    let script = Script::new([stream(vec![data(100)])]);
    let small = open(&script, Complete::default()).await.max_bytes(100);
    assert!(matches!(
        collect(small).await.1,
        Some(StreamError::TooLarge { limit: 100, .. })
    ));
}

/// Run it alone: `cargo test -p runtime --lib -- --ignored a_stream_of_a_gibibyte`.
#[cfg(target_os = "linux")]
#[tokio::test]
#[ignore = "it moves 1 GiB"]
async fn a_stream_of_a_gibibyte_takes_less_than_10_mebibytes_of_memory() {
    use std::io::Write;

    const PER_BLOCK: u64 = 64;
    const BLOCKS: u64 = 1 << 14;
    let url = serve(|stream| {
        read_head(stream);
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        let text = "x".repeat(1000);
        let event = format!("id: 1\ndata: {{\"n\":1,\"text\":\"{text}\"}}\n\n");
        assert!(event.len() >= 1 << 10);
        let block = event.repeat(PER_BLOCK as usize);
        for _ in 0..BLOCKS {
            stream.write_all(block.as_bytes()).unwrap();
        }
        stream.write_all(b"data: END\n\n").unwrap();
    });
    let client = crate::runtime::ClientBuilder::new("http://x")
        .base_url(url)
        .build()
        .unwrap();
    let before = peak();
    let mut events = client.request(Terminated).stream().await.unwrap();
    let mut count = 0;
    while let Some(chunk) = events.next().await {
        count += chunk.unwrap().n;
    }
    assert_eq!(count, PER_BLOCK * BLOCKS);
    let taken = peak() - before;
    println!("{taken} bytes");
    assert!(taken < 10 << 20, "{taken} bytes");
}
