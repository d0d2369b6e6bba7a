//! `generator list`.

use serde_json::Value;

use super::Place;

const PAGES: &str = "\
openapi: 3.1.0
info: { title: Pages, version: 1.0.0 }
security: [{ token: [] }]
paths:
  /pets:
    get:
      operationId: listPets
      tags: [pets]
      parameters:
        - { name: cursor, in: query, schema: { type: string } }
      responses:
        '200':
          description: A page
          content:
            application/json:
              schema:
                type: object
                properties:
                  data: { type: array, items: { type: string } }
                  next_cursor: { type: [string, 'null'] }
    post:
      operationId: addPet
      tags: [pets]
      security: []
      parameters:
        - { name: Idempotency-Key, in: header, schema: { type: string } }
      responses:
        '200':
          description: Progress
          content:
            text/event-stream: {}
components:
  securitySchemes:
    token: { type: http, scheme: bearer }
";

#[test]
fn each_operation_is_listed_with_its_decisions() {
    let place = Place::new();
    place.write("pages.yaml", PAGES);
    let ran = place.run(&["list", "pages.yaml", "--format", "json"]);
    assert_eq!(ran.code, Some(0), "{}", ran.stderr);
    let listed: Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let listed = listed.as_array().expect("a list");
    assert_eq!(listed.len(), 2, "{}", ran.stdout);
    let (pages, post) = (&listed[0], &listed[1]);
    assert_eq!(pages["id"], "listPets");
    assert_eq!(pages["security"], serde_json::json!([["token"]]));
    assert_eq!(pages["pagination"]["style"], "cursor");
    assert_eq!(pages["pagination"]["certainty"], "A");
    assert_eq!(pages["pagination"]["parameter"], "cursor");
    assert_eq!(pages["pagination"]["next"], "next_cursor");
    assert_eq!(pages["idempotencyKey"], Value::Null);
    assert_eq!(post["method"], "POST");
    assert_eq!(post["security"], serde_json::json!([]));
    assert_eq!(post["pagination"], Value::Null);
    assert_eq!(post["stream"]["mediaType"], "text/event-stream");
    assert_eq!(post["stream"]["item"], "raw");
    assert_eq!(post["stream"]["generated"], "stream");
    assert_eq!(post["idempotencyKey"], "Idempotency-Key");

    let ran = place.run(&["list", "pages.yaml"]);
    assert!(ran.stdout.contains("listPets"), "{}", ran.stdout);
    assert!(ran.stdout.contains("next_cursor"), "{}", ran.stdout);
    let ran = place.run(&["list", "nowhere.yaml"]);
    assert_eq!(ran.code, Some(1));
}
