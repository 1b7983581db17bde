//! API Gateway, SAM's APIs and function URLs of AWS.

use super::super::cloudformation::sam;
use super::super::setting::Setting;
use super::super::view::View;
use super::{every, reach, said_by};
use crate::document::{Node, Value};
use crate::fact::{Field, Gateway};

/// A REST API: each method says who may call it.
pub fn rest(view: View<'_>) -> Gateway {
    let of = |kind| of_kind(view, kind);
    let methods = of("aws_api_gateway_method");
    let behind = of("aws_api_gateway_integration").into_iter().chain(methods.iter().copied());
    // Methods may be described in a document of OpenAPI.
    let described = ["body", "body_s3_location"].iter().any(|path| !view.present(path).is_absent());
    let limited_otherwise = !view.present("policy").is_absent() || is_private(view);
    let stages = of("aws_api_gateway_stage");
    let deployments = of("aws_api_gateway_deployment");
    let plans = of("aws_api_gateway_usage_plan");
    let throttled = plans.iter().any(|plan| any_set(*plan, &["throttle_settings", "throttle", "api_stages.throttle"]))
        || of("aws_api_gateway_method_settings").iter().any(|it| any_set(*it, &["settings.throttling_rate_limit"]))
        || stages.iter().any(|stage| any_set(*stage, &["method_settings.throttling_rate_limit"]))
        || deployments
            .iter()
            .any(|it| any_set(*it, &["stage_description.throttling_rate_limit", "stage_description.method_settings"]));
    let seen_in_part = view.module.in_part || (stages.is_empty() && deployments.is_empty());
    let logged = every(stages.iter().map(|stage| {
        let setting = stage.present("access_log_settings").or_else(|| stage.present("access_log_setting"));
        match setting {
            Setting::Set(_, at) => said_by(view, *stage, true, Some(at)),
            Setting::Unresolved(_) => Field::default(),
            Setting::Absent => said_by(view, *stage, false, Some(stage.resource.at)),
        }
    }));
    let deployed_stage_logs = deployments.iter().any(|it| any_set(*it, &["stage_description.access_log_setting"]));
    Gateway {
        provider: "aws".into(),
        ai: known_or(reach::is_ai(behind), described),
        authenticated: if described || limited_otherwise || view.module.in_part {
            Field::default()
        } else {
            every(methods.iter().filter_map(|method| asks_who_calls(view, *method)))
        },
        throttled: known_or(throttled, seen_in_part),
        access_logged: match logged.value {
            Some(_) => logged,
            None if deployed_stage_logs => true.into(),
            None if !stages.is_empty() || seen_in_part => Field::default(),
            None => false.into(),
        },
        ..Gateway::default()
    }
}

/// Whether a method asks who calls; `None` for the questions of browsers that cannot say who asks.
fn asks_who_calls(api: View<'_>, method: View<'_>) -> Option<Field<bool>> {
    if method.text("http_method").holds(|verb| verb == "OPTIONS") {
        return None;
    }
    if method.flag("api_key_required").holds(|required| required) {
        return Some(true.into());
    }
    Some(match method.text("authorization") {
        Setting::Set(kind, at) => said_by(api, method, !kind.eq_ignore_ascii_case("none"), Some(at)),
        Setting::Unresolved(_) => Field::default(),
        // In a template a method without a word on it asks nobody.
        Setting::Absent => said_by(api, method, false, Some(method.resource.at)),
    })
}

/// Private APIs are reached from one's own networks only.
fn is_private(view: View<'_>) -> bool {
    let paths = ["endpoint_configuration.types", "endpoint_configuration.type", "endpoint_configuration"];
    paths.iter().any(|path| match view.setting(path) {
        Setting::Set(types, _) => types.one_or_many().iter().any(|it| it.text() == Some("PRIVATE")),
        setting => matches!(setting, Setting::Unresolved(_)),
    })
}

/// An HTTP or WebSocket API: each route says who may call it.
pub fn http(view: View<'_>) -> Gateway {
    let routes = of_kind(view, "aws_apigatewayv2_route");
    let integrations = of_kind(view, "aws_apigatewayv2_integration");
    let stages = of_kind(view, "aws_apigatewayv2_stage");
    let described = !view.present("body").is_absent();
    let is_socket = view.text("protocol_type").holds(|protocol| protocol == "WEBSOCKET");
    let asks = |route: &View<'_>| {
        let key = route.text("route_key");
        // Whoever is connected has said who he is.
        let asked_before = is_socket && !key.holds(|key| key == "$connect");
        if asked_before || key.holds(|key| key.starts_with("OPTIONS ")) {
            return None;
        }
        if route.flag("api_key_required").holds(|required| required) {
            return Some(true.into());
        }
        Some(match route.text("authorization_type") {
            Setting::Set(kind, at) => said_by(view, *route, kind != "NONE", Some(at)),
            Setting::Unresolved(_) => Field::default(),
            Setting::Absent => said_by(view, *route, false, Some(route.resource.at)),
        })
    };
    // With a target of its own the API has one route for everything, and it is open.
    let quick = match view.setting("target") {
        Setting::Set(_, at) | Setting::Unresolved(at) => Some(Field::found(false, at)),
        Setting::Absent => None,
    };
    let throttles = ["default_route_settings.throttling_rate_limit", "route_settings.throttling_rate_limit"];
    Gateway {
        provider: "aws".into(),
        ai: known_or(reach::is_ai(integrations.into_iter().chain([view])), described),
        authenticated: if described || view.module.in_part {
            Field::default()
        } else {
            every(routes.iter().filter_map(asks).chain(quick))
        },
        throttled: known_or(stages.iter().any(|stage| any_set(*stage, &throttles)), stages.is_empty()),
        access_logged: every(stages.iter().map(|stage| match stage.present("access_log_settings") {
            Setting::Set(_, at) => said_by(view, *stage, true, Some(at)),
            Setting::Unresolved(_) => Field::default(),
            Setting::Absent => said_by(view, *stage, false, Some(stage.resource.at)),
        })),
        ..Gateway::default()
    }
}

/// An API of SAM: it says who may call it once for all the functions that name it among their events.
pub fn serverless(view: View<'_>) -> Gateway {
    let all = view.module.resources.iter().filter(|it| &*it.kind == "aws_serverless_function");
    let events: Vec<(View<'_>, &Node)> = all
        .map(|it| view.module.view(it))
        .flat_map(|it| events_of(it, view).into_iter().map(move |e| (it, e)))
        .collect();
    let described = ["definition_body", "definition_uri"].iter().any(|path| !view.present(path).is_absent());
    let guarded = any_set(view, &["auth.default_authorizer", "auth.api_key_required", "auth.resource_policy"]);
    let asks = |(function, event): &(View<'_>, &Node)| {
        let own = event.at("properties.auth.authorizer");
        match own.and_then(Node::text) {
            Some("NONE") => said_by(view, *function, false, own.map(|own| own.span)),
            Some(_) => true.into(),
            None if guarded || event.at("properties.auth.api_key_required").is_some() => true.into(),
            None => said_by(view, *function, false, Some(event.span)),
        }
    };
    let throttles = [
        "method_settings.throttling_rate_limit",
        "default_route_settings.throttling_rate_limit",
        "auth.usage_plan.throttle",
    ];
    let logs = ["access_log_setting", "access_log_settings"];
    let unsure = described || view.module.in_part || is_private(view) || unresolved(view, "auth");
    Gateway {
        provider: "aws".into(),
        ai: known_or(reach::is_ai(events.iter().map(|(function, _)| *function)), described),
        authenticated: if unsure { Field::default() } else { every(events.iter().map(asks)) },
        throttled: known_or(any_set(view, &throttles), false),
        access_logged: known_or(any_set(view, &logs), false),
        ..Gateway::default()
    }
}

/// The events by which an API of SAM calls a function: those that name it, or for the one that SAM makes by itself those that
/// name none.
fn events_of<'m>(function: View<'m>, api: View<'_>) -> Vec<&'m Node> {
    let (kind, key) = if api.kind() == "aws_serverless_api" { ("Api", "rest_api_id") } else { ("HttpApi", "api_id") };
    let is_implicit = sam::IMPLICIT_APIS.iter().any(|implicit| *implicit.name == *api.resource.label);
    let calls = |event: &&Node| {
        event.get("type").and_then(Node::text) == Some(kind)
            && match event.get("properties").and_then(|it| it.get(key)).map(|it| &it.value) {
                Some(Value::Expression(source)) => **source == *api.resource.address,
                Some(_) => false,
                None => is_implicit,
            }
    };
    let events = function.written("events").map(Node::entries).unwrap_or_default();
    events.iter().map(|event| &event.node).filter(calls).collect()
}

/// The address of a function of its own, without an API.
pub fn function_url(view: View<'_>) -> Gateway {
    let target = ["function_name", "target_function_arn"].iter().find_map(|path| view.refers_to(path));
    let function = target.and_then(|address| view.module.at(&address)).map(|function| view.module.view(function));
    Gateway {
        provider: "aws".into(),
        ai: known_or(reach::is_ai(function), function.is_none()),
        authenticated: view.text("authorization_type").read(|kind| Some(kind != "NONE")).or_unknown(),
        ..Gateway::default()
    }
}

/// The same, written within a function of SAM; `None` for a function without.
pub fn function_with_url(view: View<'_>) -> Option<Gateway> {
    let kind = view.text("function_url_config.auth_type");
    (!kind.is_absent()).then(|| Gateway {
        provider: "aws".into(),
        ai: reach::is_ai([view]).into(),
        authenticated: kind.read(|kind| Some(kind != "NONE")).or_unknown(),
        ..Gateway::default()
    })
}

/// The resources of this type that mention the API.
fn of_kind<'m>(view: View<'m>, kind: &str) -> Vec<View<'m>> {
    let users = view.module.mentioning(&view.resource.address);
    users.filter(|it| &*it.kind == kind).map(|it| view.module.view(it)).collect()
}

fn any_set(view: View<'_>, paths: &[&str]) -> bool {
    paths.iter().any(|path| !view.present(path).is_absent())
}

fn unresolved(view: View<'_>, path: &str) -> bool {
    matches!(view.setting(path), Setting::Unresolved(_))
}

/// Yes, or else no, where what was looked at was all there is.
fn known_or(yes: bool, in_part: bool) -> Field<bool> {
    match (yes, in_part) {
        (true, _) => true.into(),
        (false, true) => Field::default(),
        (false, false) => false.into(),
    }
}
