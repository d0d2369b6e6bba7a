//! Items, and the errors of those that cannot be read.

use super::*;

#[tokio::test]
async fn an_item_that_cannot_be_read_is_an_error_with_its_place() {
    let (chunks, error) = read(
        Complete::default(),
        events([": hello\n\ndata: {\"n\":1}\n\ndata: {\"n\":\"x\"}\n\ndata: {\"n\":2}\n\n"]),
    )
    .await;
    assert_eq!(numbers(&chunks), [1]);
    let error = error.unwrap();
    let StreamError::Decode {
        place, source, raw, ..
    } = &error
    else {
        panic!("{error:?}")
    };
    assert_eq!((place.number(), source.path()), (2, ".n"));
    assert_eq!(raw.bytes(), b"{\"n\":\"x\"}");
    assert!(
        error
            .to_string()
            .starts_with("POST /complete: event 2: .n: "),
        "{error}"
    );
}

#[tokio::test]
async fn an_event_may_be_described_with_its_fields() {
    let text = "event: a\nid: \"7\nretry: 5\ndata: {\"n\":1}\n\ndata: {\"n\":2}\n\n";
    let (items, error) = read(ReadEvents, events([text])).await;
    assert!(error.is_none());
    let first = ChunkEvent {
        event: Some("a".to_owned()),
        id: Some("\"7".to_owned()),
        retry: Some(5),
        data: Chunk { n: 1 },
    };
    let second = ChunkEvent {
        event: None,
        id: None,
        retry: None,
        data: Chunk { n: 2 },
    };
    assert_eq!(items, [first, second]);
    // The data cannot add a field to the event.
    let (_, error) = read(ReadEvents, events(["data: {\"n\":2},\"event\":\"b\"\n\n"])).await;
    let Some(StreamError::Decode { source, .. }) = error else {
        panic!("{error:?}")
    };
    assert_eq!(source.path(), ".data");
    let (items, _) = read(ReadTexts, events(["data: \"quoted\"\n\n"])).await;
    assert_eq!(items[0].data, "\"quoted\"");
    let (items, _) = read(
        ReadAny,
        events(["event: chunk\ndata: {\"n\":1}\n\nevent: ping\ndata: now\n\nevent: ping\ndata: \"a\"\n\n"]),
    )
    .await;
    assert_eq!(
        items,
        [
            AnyEvent::Chunk(Chunk { n: 1 }),
            AnyEvent::Ping("now".to_owned()),
            AnyEvent::Ping("\"a\"".to_owned())
        ]
    );
}

#[tokio::test]
async fn lines_of_json_have_their_numbers_in_errors() {
    let stream = |headers, text| Stream(200, headers, vec![Piece::data(text)]);
    let (chunks, error) = read(ReadLines, stream(LINES, "{\"n\":1}\r\n\n{\"n\":2}")).await;
    assert_eq!((numbers(&chunks), error.is_none()), (vec![1, 2], true));
    let (chunks, error) = read(ReadLines, stream(LINES, "{\"n\":1}\n\n{\"n\":}\n")).await;
    assert_eq!(numbers(&chunks), [1]);
    assert!(
        error
            .unwrap()
            .to_string()
            .starts_with("GET /items: line 3: ")
    );
    let (_, error) = read(ReadLines, stream(LINES, "{\"error\":\"full\"}\n")).await;
    let error = error.unwrap();
    assert!(matches!(error, StreamError::Event { .. }), "{error:?}");
    assert_eq!(
        error.to_string(),
        "GET /items: line 1 is an error of the server: {\"error\":\"full\"}"
    );

    let sequence: &[_] = &[("content-type", "application/json-seq")];
    let (chunks, error) = read(
        ReadSequence,
        stream(sequence, "\x1E{\"n\":1}\n\x1E{\"n\":2}\n"),
    )
    .await;
    assert_eq!((numbers(&chunks), error.is_none()), (vec![1, 2], true));
    let (chunks, error) = read(
        ReadSequence,
        stream(sequence, "\x1E{\"n\":1}\n\x1E{\"n\":2"),
    )
    .await;
    assert_eq!(numbers(&chunks), [1]);
    assert_eq!(
        error.unwrap().to_string(),
        "GET /items: text 2: the text is incomplete"
    );
}
