//! `gateway` facts: what takes calls from outside for an AI service or a function that uses one.

mod aws;
mod azure;
mod google;
mod reach;
#[cfg(test)]
mod tests;

use super::view::View;
use crate::fact::{Field, Gateway};
use crate::source::Span;

/// What is seen of a gateway; `None` for any other resource.
pub fn see(view: View<'_>) -> Option<Gateway> {
    let seen = match view.kind() {
        "aws_api_gateway_rest_api" => aws::rest(view),
        "aws_apigatewayv2_api" => aws::http(view),
        "aws_serverless_api" | "aws_serverless_http_api" => aws::serverless(view),
        "aws_lambda_function_url" => aws::function_url(view),
        "aws_serverless_function" => aws::function_with_url(view)?,
        "azurerm_api_management_api" => azure::api(view, &azure::TERRAFORM),
        "microsoft.apimanagement/service/apis" => azure::api(view, &azure::OWN),
        kind if kind.starts_with("google_cloud_run_") || kind.starts_with("google_cloudfunctions") => {
            google::opened(view)?
        }
        _ => return None,
    };
    Some(Gateway {
        // What is opened by another resource has a name of its own.
        name: if seen.name.value.is_some() { seen.name } else { view.resource.name.to_string().into() },
        resource: view.resource.written_kind.to_string().into(),
        ..seen
    })
}

/// A flag that another resource of the module says: its place is kept only within the file of the one that is judged.
fn said_by(view: View<'_>, other: View<'_>, value: bool, at: Option<Span>) -> Field<bool> {
    Field { value: Some(value), at: at.filter(|_| view.resource.file == other.resource.file) }
}

/// Of many parts the first that is bad decides; without one, what is not known; without any part nothing is known.
fn every(parts: impl IntoIterator<Item = Field<bool>>) -> Field<bool> {
    let mut all: Option<Field<bool>> = None;
    for part in parts {
        match part.value {
            Some(false) => return part,
            None => all = Some(part),
            Some(true) => all = all.or(Some(part)),
        }
    }
    all.unwrap_or_default()
}
