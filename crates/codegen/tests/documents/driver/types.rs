//! The types of the conformance table, as callers use them.

use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

async fn server(response: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(response).mount(&server).await;
    server
}

async fn body(server: &MockServer) -> Value {
    let request = server.received_requests().await.unwrap().remove(0);
    serde_json::from_slice(&request.body).unwrap()
}

#[test]
fn a_string_with_a_format_is_read_and_set_as_a_value_of_its_type() {
    use specmill_client::jiff::{Span, Timestamp, civil::date};
    use specmill_client::uuid::Uuid;
    use specmill_formats::types::{Done, Job};

    let moment: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
    let job = Job::builder()
        .created_timestamp_(moment)
        .id_uuid(Uuid::from_u128(1))
        .ended_timestamp(moment)
        .started_timestamp(moment)
        .day_date(date(2026, 1, 2))
        .lasts_span(Span::new().hours(2))
        .content_bytes(*b"hi")
        .build()
        .unwrap();
    assert_eq!(
        serde_json::to_value(&job).unwrap(),
        json!({
            "created": "2026-01-02T03:04:05Z", "id": "00000000-0000-0000-0000-000000000001",
            "ended": "2026-01-02T03:04:05Z", "started": "2026-01-02T03:04:05Z", "day": "2026-01-02",
            "lasts": "PT2H", "content": "aGk="
        })
    );
    assert_eq!(job.created_timestamp_().unwrap(), moment);
    assert_eq!(job.ended_timestamp().unwrap(), Some(moment));
    assert_eq!(job.started_timestamp().unwrap(), Some(moment));
    assert_eq!(job.day_date().unwrap(), Some(date(2026, 1, 2)));
    assert_eq!(job.content_bytes().unwrap(), Some(b"hi".to_vec()));
    let null = Job::builder().created("now").id("x").ended_timestamp(moment).started_null().build().unwrap();
    assert_eq!(null.started_timestamp().unwrap(), None);
    let error = null.created_timestamp_().unwrap_err();
    assert_eq!(error.to_string(), "the string in field `created` is not a valid date and time");
    let done = Done::builder().type_timestamp(moment).build().unwrap();
    assert_eq!(done.type_.as_deref(), Some("2026-01-02T03:04:05Z"));
}

#[test]
fn an_event_and_the_response_have_separate_types() {
    use specmill_streams::types::{CreateStoryEvent, CreateStoryResponse};
    let event: CreateStoryEvent = serde_json::from_value(json!({"delta": "a"})).unwrap();
    assert_eq!(event.delta.as_deref(), Some("a"));
    let response: CreateStoryResponse = serde_json::from_value(json!({"story": "a"})).unwrap();
    assert_eq!(response.story.as_deref(), Some("a"));
}

#[test]
fn a_constant_distinguishes_the_branches_of_a_union() {
    use specmill_branches::types::Block;
    let read = |value: Value| serde_json::from_value::<Block>(value).unwrap();
    assert!(matches!(read(json!({"kind": "text", "text": "a"})), Block::TextBlock(_)));
    assert!(matches!(read(json!({"kind": "image", "url": "a"})), Block::ImageBlock(_)));
    assert!(matches!(read(json!({"kind": "video", "url": "a"})), Block::Video(_)));
    assert!(matches!(read(json!("a")), Block::String(_)));
    let unknown = json!({"kind": "table", "url": "a", "rows": [1]});
    assert_eq!(read(unknown.clone()), Block::Unknown(unknown));
}

#[test]
fn a_discriminator_may_be_a_number() {
    use specmill_branches::types::Versioned;
    let second = json!({"version": 2, "name": "a"});
    let read: Versioned = serde_json::from_value(second.clone()).unwrap();
    assert!(matches!(read, Versioned::Second(_)), "{read:?}");
    assert_eq!(serde_json::to_value(&read).unwrap(), second);
}

#[test]
fn required_properties_distinguish_the_branches_of_a_union() {
    use specmill_branches::types::ByMember;
    let read = |value: Value| serde_json::from_value::<ByMember>(value).unwrap();
    assert!(matches!(read(json!({"email": "a"})), ByMember::Email(_)));
    assert!(matches!(read(json!({"phone": "1", "country": "de"})), ByMember::Phone(_)));
    assert!(matches!(read(json!({"country": "de"})), ByMember::Unknown(_)));
    let both = json!({"email": "a", "phone": "1"});
    assert_eq!(serde_json::to_value(read(both.clone())).unwrap(), both);
}

#[test]
fn the_branch_that_preserves_most_is_selected_and_unknown_properties_are_ignored() {
    use specmill_branches::types::ByWhatTheyKeep;
    let read = |value: Value| serde_json::from_value::<ByWhatTheyKeep>(value).unwrap();
    assert!(matches!(read(json!({"name": "a"})), ByWhatTheyKeep::Small(_)));
    assert!(matches!(read(json!({"name": "a", "note": "b"})), ByWhatTheyKeep::Big(_)));
    assert!(matches!(read(json!({"name": "a", "note": "b", "new": 1})), ByWhatTheyKeep::Big(_)));
}

#[test]
fn unions_of_strings_and_of_numbers_are_merged() {
    use specmill_branches::types::{Colour, Mixtures, MixturesColourOrShade};
    let mixtures = Mixtures::builder()
        .texts("2026-01-02")
        .open("red")
        .colour_or_shade("dark")
        .numbers(1.5)
        .text_or_flag("auto")
        .listed(2)
        .anything("a")
        .build()
        .unwrap();
    assert_eq!(mixtures.texts.as_deref(), Some("2026-01-02"));
    assert_eq!(mixtures.open, Some(Colour::Red));
    assert_eq!(mixtures.colour_or_shade, Some(MixturesColourOrShade::Dark));
    assert_eq!(mixtures.numbers, Some(1.5));
}

#[test]
fn properties_beside_and_around_a_union_are_in_each_branch() {
    use specmill_branches::types::{Beside, OnlyRequired, Within};
    let square: Beside = serde_json::from_value(json!({"id": "a", "side": 1.5})).unwrap();
    assert!(matches!(&square, Beside::Side(square) if square.id == "a" && square.side == 1.5), "{square:?}");
    let extent: Within = serde_json::from_value(json!({"name": "a", "extent": 2})).unwrap();
    assert!(matches!(&extent, Within::Extent(one) if one.name.as_deref() == Some("a") && one.extent == 2), "{extent:?}");
    assert_eq!(OnlyRequired::builder().a("b").build().unwrap().a.as_deref(), Some("b"));
}

#[tokio::test]
async fn a_parameter_of_a_string_or_an_integer_accepts_both() {
    let server = server(ResponseTemplate::new(204)).await;
    let client = specmill_branches::Client::builder().base_url(server.uri()).build().unwrap();
    client.get_project("a").size("small").send().await.unwrap();
    client.get_project(7).size("vast").send().await.unwrap();
    let requests = server.received_requests().await.unwrap();
    let line = |request: &wiremock::Request| format!("{}?{}", request.url.path(), request.url.query().unwrap());
    let lines: Vec<String> = requests.iter().map(line).collect();
    assert_eq!(lines, ["/projects/a?size=small", "/projects/7?size=vast"]);
}

#[tokio::test]
async fn a_child_of_a_base_is_sent_and_read_completely() {
    use specmill_inheritance::types::{Van, Vehicle};
    let made = server(ResponseTemplate::new(201).set_body_json(json!({"type": "Stopped", "why": "fuel"}))).await;
    let client = specmill_inheritance::Client::builder().base_url(made.uri()).build().unwrap();
    let van = Van::builder().kind("van").name("a").seats(2).volume(7.5).build().unwrap();
    let event = client.add_vehicle().body(van).send().await.unwrap();
    assert!(matches!(&event, specmill_inheritance::types::Event::Stopped(one) if one.why.as_deref() == Some("fuel")), "{event:?}");
    assert_eq!(body(&made).await, json!({"kind": "van", "name": "a", "seats": 2, "volume": 7.5}));

    let vehicles = json!([{"kind": "lorry", "axles": 3}, {"kind": "car", "seats": 4}, {"kind": "van", "volume": 1.5}, {"kind": "bus"}]);
    let listed = server(ResponseTemplate::new(200).set_body_json(&vehicles)).await;
    let client = specmill_inheritance::Client::builder().base_url(listed.uri()).build().unwrap();
    let read = client.list_vehicles().send().await.unwrap();
    assert!(
        matches!(&read[..], [Vehicle::Lorry(_), Vehicle::Car(_), Vehicle::Van(_), Vehicle::Unknown(_)]),
        "{read:?}"
    );
    assert_eq!(serde_json::to_value(&read).unwrap(), vehicles);
}

#[tokio::test]
async fn narrowing_parts_are_merged_into_one_struct() {
    use specmill_narrowing::types::NarrowKind;
    let narrow = json!({"id": "a", "name": "b", "kind": "town", "size": 3, "sign": null, "described": {"url": "c"}});
    let server = server(ResponseTemplate::new(200).set_body_json(narrow)).await;
    let client = specmill_narrowing::Client::builder().base_url(server.uri()).build().unwrap();
    let body = specmill_narrowing::types::SetPlaceBody::builder().name("b").code("c");
    let place = client.set_place("a").body(body).send().await.unwrap();
    assert_eq!((place.id.as_str(), place.name.as_str(), place.size), ("a", "b", Some(3)));
    assert_eq!(place.kind, Some(NarrowKind::Town));
    let missing = specmill_narrowing::types::SetPlaceBody::builder().name("b").build();
    assert_eq!(missing.unwrap_err().to_string(), "missing field `code`");
}

#[tokio::test]
async fn additional_properties_are_empty_unless_set() {
    let response = json!({"total": 3, "extra": "a", "additional_properties": true, "other": 4});
    let server = server(ResponseTemplate::new(200).set_body_json(&response)).await;
    let client = specmill_additional_members::Client::builder().base_url(server.uri()).build().unwrap();
    let tally = client.make_tally().body(specmill_additional_members::types::Open::builder().name("b")).send().await.unwrap();
    assert_eq!(body(&server).await, json!({"name": "b"}));
    assert_eq!(tally.extra.as_deref(), Some("a"));
    assert_eq!(tally.additional_properties_["other"], 4);
    assert_eq!(serde_json::to_value(&tally).unwrap(), response);
}

#[tokio::test]
async fn absent_null_and_set_fields_are_sent_as_such() {
    use specmill_additional_members::types::Change;
    for (change, sent) in [
        (Change::builder(), json!({})),
        (Change::builder().name("a").tags(["b"]).build_("c"), json!({"name": "a", "tags": ["b"], "build": "c"})),
        (Change::builder().name_null_().tags_null().open_null(), json!({"name": null, "tags": null, "open": null})),
    ] {
        let server = server(ResponseTemplate::new(204)).await;
        let client = specmill_additional_members::Client::builder().base_url(server.uri()).build().unwrap();
        client.change_tally("1").body(change).send().await.unwrap();
        assert_eq!(body(&server).await, sent);
    }
}

#[test]
fn signs_become_words_in_names() {
    use specmill_signs::types::{ReactionContent, Rollup};
    assert_eq!(ReactionContent::from("+1"), ReactionContent::Plus1);
    assert_eq!(ReactionContent::from("-1"), ReactionContent::Minus1);
    assert_eq!(ReactionContent::from("-created"), ReactionContent::MinusCreated);
    assert_eq!(ReactionContent::from(">="), ReactionContent::GreaterOrEqual);
    assert_eq!(ReactionContent::from("*"), ReactionContent::Times);
    assert_eq!(ReactionContent::from("1.5"), ReactionContent::_1_5);
    assert_eq!(ReactionContent::from("15"), ReactionContent::_15);
    assert_eq!(ReactionContent::from("2026-01-02"), ReactionContent::_2026_01_02);
    let rollup: Rollup = serde_json::from_value(json!({"+1": 3, "-1": 4, "+": 5, "-": 6, "big": u64::MAX})).unwrap();
    assert_eq!((rollup.plus_1, rollup.minus_1, rollup.big), (3, 4, Some(u64::MAX)));
    assert_eq!((rollup.plus, rollup.minus), (Some(5), Some(6)));
}

#[test]
fn values_that_exclude_each_other_are_one_enumeration_and_a_contradictory_branch_is_dropped() {
    use specmill_contradicting_values::types::{
        Acknowledged, AcknowledgedType, AlwaysEdge, AlwaysEdgeCondition, AlwaysEdgeConditionType, Outcome,
    };
    for kind in [AcknowledgedType::Resolve, AcknowledgedType::Acknowledgement, AcknowledgedType::from("other")] {
        let value = json!({"type": kind.as_str(), "level": 3, "other": [1]});
        let entry: Acknowledged = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(entry.type_, kind);
        assert_eq!(serde_json::to_value(&entry).unwrap(), value);
    }
    let failed: Outcome = serde_json::from_value(json!({"success": false, "code": 3})).unwrap();
    assert!(!failed.success);
    let edge: AlwaysEdge = serde_json::from_value(json!({"condition": {"type": "prompt", "prompt": "Always"}})).unwrap();
    let condition: AlwaysEdgeCondition = edge.condition.unwrap();
    assert_eq!(condition.type_, AlwaysEdgeConditionType::Prompt);
}
