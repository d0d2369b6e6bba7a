//! Responses of the token endpoint without a usable token.

use super::*;

/// Returns the error of a call for this response of the token endpoint. Nothing else is sent.
async fn refusal(event: Event) -> Error<NoFailure> {
    let script = script(event);
    let grant = RefreshToken::new("client", "r3fresh-token").secret("s3cret-of-client");
    let client = script
        .builder()
        .oauth2_scheme(OAUTH, grant)
        .build()
        .unwrap();
    let error = client.request(Secured).await.unwrap_err();
    assert_eq!(script.sent().len(), 1, "{error}");
    error
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table")]
async fn answers_without_a_usable_token() {
    let table = [
        (
            Answer(200, &[("content-type", "text/html")], "<html>Log in</html>"),
            "the token endpoint answered something other than a JSON object",
        ),
        (
            Answer(200, &[], "[]"),
            "the token endpoint answered something other than a JSON object",
        ),
        (
            Answer(200, &[], ""),
            "the token endpoint answered something other than a JSON object",
        ),
        (
            Answer(
                502,
                &[("content-type", "text/html")],
                "<html>Bad gateway</html>",
            ),
            "the token endpoint answered 502 Bad Gateway",
        ),
        (
            Answer(302, &[("location", "https://evil.example/token")], ""),
            "the token endpoint answered 302 Found, and redirects are not followed",
        ),
        (
            Answer(307, &[("location", "https://login.example/token")], ""),
            "the token endpoint answered 307 Temporary Redirect, and redirects are not followed",
        ),
        (
            Answer(204, &[], ""),
            "the token endpoint answered 204 No Content, not 200",
        ),
        (
            Answer(200, &[], r#"{"token_type":"bearer"}"#),
            "the token endpoint's answer has no `access_token`",
        ),
        (
            Answer(200, &[], r#"{"access_token":"","token_type":"bearer"}"#),
            "the token endpoint's answer has no `access_token`",
        ),
        (
            Answer(200, &[], r#"{"access_token":7,"token_type":"bearer"}"#),
            "the token endpoint's answer has no `access_token`",
        ),
        (
            Answer(200, &[], r#"{"error":"bad_verification_code"}"#),
            "the token endpoint answered bad_verification_code",
        ),
        (
            Answer(200, &[], r#"{"access_token":"t"}"#),
            "the token endpoint's answer has no `token_type`, which has to be `Bearer`",
        ),
        (
            Answer(200, &[], r#"{"access_token":"t","token_type":"mac"}"#),
            "the token is not a bearer token, but `mac`",
        ),
        (
            Answer(
                200,
                &[],
                r#"{"access_token":"to\nken","token_type":"bearer"}"#,
            ),
            "the access token cannot be sent: it has a character that is not allowed in a header, such as a line break",
        ),
        (
            Answer(
                400,
                &[],
                r#"{"error":"invalid_grant","error_description":"expired\r\n"}"#,
            ),
            "the token endpoint answered 400 Bad Request: invalid_grant (expired)",
        ),
        // A secret that the server repeats is not shown.
        (
            Answer(
                401,
                &[],
                r#"{"error":"invalid_client","error_description":"s3cret-of-client or r3fresh-token"}"#,
            ),
            "the token endpoint answered 401 Unauthorized: invalid_client ([redacted] or [redacted])",
        ),
        (
            Answer(400, &[], r#"{"error":{"code":1}}"#),
            "the token endpoint answered 400 Bad Request",
        ),
        (
            CutBody,
            "the request to the token endpoint failed: the exchange with the server broke off",
        ),
        (
            Silence,
            "the request to the token endpoint failed: time ran out",
        ),
        (
            Endless,
            "the token endpoint answered 200 OK with more than 65536 bytes",
        ),
        (
            Answer(200, &[("content-length", "2147483648")], ""),
            "the token endpoint answered 200 OK with more than 65536 bytes",
        ),
    ];
    for (event, expected) in table {
        let what = format!("{event:?}");
        let error = refusal(event).await;
        let text = error.to_string();
        let message = text.strip_prefix("GET /secured: no access token for `oauth`: ");
        assert_eq!(message, Some(expected), "{what}");
        let debug = format!("{error:?}");
        assert!(
            !debug.contains("s3cret") && !debug.contains("r3fresh"),
            "{debug}"
        );
    }
}

#[tokio::test]
async fn a_body_without_an_end_is_read_up_to_the_limit() {
    let script = script(Endless);
    let grant = ClientCredentials::new("client", "secret");
    let client = script
        .builder()
        .oauth2_scheme(OAUTH, grant)
        .build()
        .unwrap();
    client.request(Secured).await.unwrap_err();
    assert_eq!(script.pieces(), 65);
}
