#![cfg(feature = "download")]

use std::path::Path;

use api::Client;
use api::runtime::{Content, Events, File, Raw, Reconnect, StreamError};
use api::types::{self, Chunk, CompletionOptions, CompletionRequest, ThreadEvent};
use recorder::{Recorder, client, wait};

const EVENTS: &[(&str, &str)] = &[("content-type", "text/event-stream")];
const JSON: &[(&str, &str)] = &[("content-type", "application/json")];

/// Returns the items before the end or the error, and the error.
fn collect<T>(mut events: Events<T>) -> (Vec<T>, Option<StreamError>) {
    let mut items = Vec::new();
    while let Some(item) = wait(events.next()) {
        match item {
            Ok(item) => items.push(item),
            Err(error) => return (items, Some(error)),
        }
    }
    (items, None)
}

fn deltas(chunks: &[Chunk]) -> Vec<&str> {
    chunks.iter().map(|chunk| chunk.delta.as_str()).collect()
}

/// The wire format of OpenAI: events without a type, ended by a text.
#[test]
fn one_operation_returns_json_or_events() {
    let (client, recorder) = client();
    let body = || CompletionRequest::new("a \"b\"");
    let text = "data: {\"delta\":\"He\"}\n\ndata: {\"delta\":\"llo\"}\n\ndata: [DONE]\n\n";
    recorder.answer(200, EVENTS, text);
    let (chunks, error) = collect(wait(client.create_chat_completion(body()).stream()).unwrap());
    assert_eq!(deltas(&chunks), ["He", "llo"]);
    assert!(error.is_none());
    assert_eq!(
        recorder.one().text(),
        "POST https://api.example.com/v1/chat/completions\naccept: text/event-stream\n\
         content-type: application/json\n\n{\"prompt\":\"a \\\"b\\\"\",\"stream\":true}"
    );

    recorder.answer(200, JSON, "{\"text\":\"Hello\"}");
    let completion = wait(client.create_chat_completion(body())).unwrap();
    assert_eq!(completion.text, "Hello");
    assert_eq!(
        recorder.one().text(),
        "POST https://api.example.com/v1/chat/completions\naccept: application/json\n\
         content-type: application/json\n\n{\"prompt\":\"a \\\"b\\\"\"}"
    );
}

#[test]
fn a_failure_and_an_error_in_the_stream_are_typed() {
    let (client, recorder) = client();
    let body = || CompletionRequest::new("a");
    recorder.answer(429, JSON, "{\"code\":\"slow_down\"}");
    let error = wait(client.create_chat_completion(body()).stream()).unwrap_err();
    let failure = format!("{:?}", error.failure().unwrap());
    assert!(failure.contains("slow_down"), "{failure}");

    recorder.answer(200, EVENTS, "data: {\"delta\":\"He\"}\n\ndata: {\"error\":{\"code\":1}}\n\n");
    let events = wait(client.create_chat_completion(body()).stream()).unwrap();
    let (chunks, error) = collect(events);
    assert_eq!(deltas(&chunks), ["He"]);
    let Some(StreamError::Event { raw, .. }) = error else {
        panic!("{error:?}");
    };
    assert!(matches!(&*raw, Raw::Event(event) if event.data() == "{\"error\":{\"code\":1}}"));
}

#[test]
fn an_operation_without_an_event_schema_is_listed_with_a_hint() {
    let (client, recorder) = client();
    let mut body = CompletionRequest::new("a");
    body.stream = Some(true);
    recorder.answer(200, EVENTS, "data: {\"delta\":\"He\"}\n\n");
    let error = wait(client.create_undescribed(body.clone())).unwrap_err();
    assert!(error.to_string().contains("`in_pieces()` and `events()`"), "{error}");
    let pieces = wait(client.create_undescribed(body).in_pieces()).unwrap();
    let event = wait(pieces.events().next()).unwrap().unwrap();
    assert_eq!(event.json::<Chunk>().unwrap().delta, "He");
}

#[test]
fn an_extension_names_the_schema_and_the_end() {
    let (client, recorder) = client();
    recorder.answer(200, EVENTS, "data: {\"delta\":\"a\"}\n\ndata: END\n\n");
    let (chunks, error) = collect(wait(client.create_described().stream()).unwrap());
    assert_eq!((deltas(&chunks), error.is_none()), (vec!["a"], true));
    assert_eq!(recorder.one().body, b"{\"stream\":true}");
    let off = CompletionOptions { stream: Some(false) };
    recorder.answer(200, EVENTS, "data: {\"delta\":\"a\"}\n\n");
    let (_, error) = collect(wait(client.create_described().body(off).stream()).unwrap());
    assert!(matches!(error, Some(StreamError::CutOff { .. })), "{error:?}");
    assert_eq!(recorder.one().body, b"{\"stream\":true}");
}

#[test]
fn the_name_of_the_event_selects_the_branch() {
    let (client, recorder) = client();
    let text = "event: thread.created\ndata: {\"text\":\"a\"}\n\nevent: message.delta\n\
                data: {\"delta\":\"b\"}\n\nevent: done\ndata: {}\n\n";
    recorder.answer(200, EVENTS, text);
    let (events, error) = collect(wait(client.list_thread_events().stream()).unwrap());
    assert!(error.is_none(), "{error:?}");
    let [created, delta, done] = &events[..] else {
        panic!("{events:?}");
    };
    assert!(matches!(created, ThreadEvent::ThreadCreated(event) if event.data.text == "a"));
    assert!(matches!(delta, ThreadEvent::MessageDelta(event) if event.data.delta == "b"));
    assert!(matches!(done, ThreadEvent::Done(event) if event.data == "{}"));
}

#[test]
fn an_item_schema_is_the_event_and_its_data_is_decoded() {
    let (client, recorder) = client();
    recorder.answer(200, EVENTS, "id: 7\ndata: {\"delta\":\n: still\ndata: \"a\"}\n\n");
    let (events, error) = collect(wait(client.list_log_events().stream()).unwrap());
    assert!(error.is_none(), "{error:?}");
    assert_eq!(events[0].id.as_deref(), Some("7"));
    assert_eq!(events[0].event, None);
    assert_eq!(events[0].data.delta, "a");
}

#[test]
fn without_a_schema_events_are_unchanged() {
    let (client, recorder) = client();
    recorder.answer(200, EVENTS, "event: a\ndata: [DONE]\n\n");
    let (events, _) = collect(wait(client.list_plain_events().stream()).unwrap());
    assert_eq!((events[0].event(), events[0].data()), ("a", "[DONE]"));
    // The whole body is still available as text.
    assert!(wait(client.list_plain_events()).unwrap().ends_with("[DONE]\n\n"));
    assert!(wait(client.read_whole()).unwrap().starts_with("event: a"));
}

/// Parameters with the name of a method have renamed setters.
#[test]
fn lines_and_sequences_are_read_item_by_item() {
    let (client, recorder) = client();
    recorder.answer(200, &[("content-type", "application/jsonl")], "{\"delta\":\"a\"}\n{\"delta\":\"b\"}");
    let request = client.list_lines().stream_parameter("s").in_pieces_parameter("p");
    let (chunks, error) = collect(wait(request.download_parameter("d").stream()).unwrap());
    assert_eq!((deltas(&chunks), error.is_none()), (vec!["a", "b"], true));
    let sent = recorder.one();
    assert_eq!(sent.header("accept"), Some("application/x-ndjson"));
    assert_eq!(sent.path_and_query(), "/v1/lines?stream=s&in_pieces=p&download=d");

    recorder.answer(200, &[("content-type", "application/json-seq")], "\x1E{\"delta\":\"a\"}\n\x1E{\"del");
    let (chunks, error) = collect(wait(client.list_sequence().stream()).unwrap());
    assert_eq!(deltas(&chunks), ["a"]);
    assert_eq!(error.unwrap().to_string(), "GET /sequence: text 2: the text is incomplete");
}

const FILE: &[(&str, &str)] = &[
    ("content-type", "application/octet-stream"),
    ("content-length", "5"),
    ("content-disposition", "attachment; filename=\"../x\""),
];

/// Returns a folder of this process.
fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("streams-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn bytes_are_saved_by_the_name_of_the_server_and_in_the_folder_of_the_caller() {
    let (client, recorder) = client();
    let folder = folder("download");
    recorder.answer(200, FILE, "bytes");
    let download = wait(client.read_file("1").download()).unwrap();
    assert_eq!((download.length(), download.file_name().as_deref()), (Some(5), Some("x")));
    let path = wait(download.save_in(&folder)).unwrap();
    assert_eq!(path, folder.join("x"));
    assert_eq!(std::fs::read(&path).unwrap(), b"bytes");
    recorder.answer(200, FILE, "byte");
    let download = wait(client.read_file("1").download()).unwrap();
    assert!(wait(download.save_to(&path)).is_err());
    assert_eq!(std::fs::read(&path).unwrap(), b"bytes");
    std::fs::remove_dir_all(folder).unwrap();
}

#[test]
fn bytes_are_sent_from_a_file_in_a_part_too() {
    let (client, recorder) = client();
    let folder = folder("upload");
    let path = folder.join("x");
    std::fs::write(&path, "bytes").unwrap();
    recorder.answer(204, &[], "");
    wait(client.write_file("1", Content::file(&path).unwrap())).unwrap();
    assert_eq!(recorder.one().body, b"bytes");
    let file = File::new(Content::file(&path).unwrap()).named("x");
    wait(client.add_file("1", types::add_file::RequestBody::new(file))).unwrap();
    let body = String::from_utf8(recorder.one().body).unwrap();
    assert!(body.contains("filename=\"x\"") && body.contains("\r\n\r\nbytes\r\n"), "{body}");
    std::fs::remove_dir_all(folder).unwrap();
}

/// The README shows this function.
async fn print_chunks(client: &Client) -> Result<(), Box<dyn std::error::Error>> {
    let body = CompletionRequest::new("Write a haiku.");
    let mut events = client.create_chat_completion(body).stream().await?;
    while let Some(chunk) = events.next().await {
        print!("{}", chunk?.delta);
    }
    Ok(())
}

/// The README shows the first lines of this function.
async fn first_event(client: &Client) -> Result<Option<String>, Box<dyn std::error::Error>> {
    let reconnect = Reconnect::last_event_id();
    let mut events = client.list_plain_events().stream_with(reconnect).await?;
    let event = events.next().await.transpose()?;
    Ok(event.map(|event| event.data().to_owned()))
}

/// The README shows this function.
async fn copy_file(client: &Client, path: &Path) -> Result<(), Box<dyn std::error::Error>> {
    client.read_file("a").download().await?.resumes(3).save_to(path).await?;

    let body = Content::file(path)?.on_progress(|sent, all| println!("{sent} of {all:?}"));
    client.write_file("b", body).await?;
    Ok(())
}

#[test]
fn the_functions_of_the_readme_work() {
    let (client, recorder) = client();
    recorder.answer(200, EVENTS, "data: {\"delta\":\"a\"}\n\n");
    wait(print_chunks(&client)).unwrap();
    assert_eq!(recorder.one().header("accept"), Some("text/event-stream"));
    let waiting = Recorder::new().with_timer();
    waiting.answer(200, EVENTS, "data: a\n\n");
    let patient = Client::builder().transport(waiting).build().unwrap();
    assert_eq!(wait(first_event(&patient)).unwrap().as_deref(), Some("a"));
    let folder = folder("readme");
    recorder.answer(200, FILE, "bytes");
    let path = folder.join("x");
    // The second call gets another response.
    assert!(wait(copy_file(&client, &path)).is_err());
    assert_eq!(recorder.take()[1].body, b"bytes");
    std::fs::remove_dir_all(folder).unwrap();
}
