//! `store` facts: what a module keeps data in, completed from the separate resources that configure it.

use super::completion::{Completion, NAMES, is_store};
use super::role::Words;
use super::view::View;
use super::{aws, azure, azure_own, google, service};
use crate::document::Value;
use crate::fact::{Choice, Field, Store};

/// What is seen of a store; `None` for any other resource.
pub fn see<'m>(view: View<'m>, completion: &Completion<'m>, near_ai: bool) -> Option<Store> {
    let kind = view.kind();
    if !is_store(kind) {
        return None;
    }
    let (provider, seen) = if kind.starts_with("aws_") {
        ("aws", aws::store(view, completion)?)
    } else if kind.starts_with("google_") {
        ("google", google::store(view, completion)?)
    } else if kind.starts_with("microsoft.") {
        ("azure", azure_own::store(view)?)
    } else {
        ("azure", azure::store(view, completion)?)
    };
    Some(Store {
        name: view.resource.name.to_string().into(),
        provider: provider.into(),
        resource: view.resource.written_kind.to_string().into(),
        role: role(view, near_ai),
        ..seen
    })
}

/// By its names; where they say nothing, by the AI services that use it.
fn role(view: View<'_>, near_ai: bool) -> Field<Choice> {
    let mut names = vec![&*view.resource.label];
    for path in NAMES {
        match view.written(path).map(|node| &view.module.values().followed(node).value) {
            Some(Value::Text(text)) => names.push(text),
            // The fixed parts of `"${var.prefix}-training-data"` tell as much as a whole name.
            Some(Value::Expression(source)) => names.extend(fixed_parts(source)),
            _ => {}
        }
    }
    let words = Words::of(names);
    if view.kind() == "aws_cloudwatch_log_group" {
        return if near_ai || words.speak_of_ai() { "log".into() } else { "other".into() };
    }
    // BigQuery calls every group of tables a dataset.
    let words = if view.kind() == "google_bigquery_dataset" { words.without(&["dataset", "datasets"]) } else { words };
    let told = words.role(near_ai);
    let users = || view.module.mentioning(&view.resource.address);
    // What a pipeline of a build hands from stage to stage are sources and templates.
    let is_of_build =
        told.0 == "model" && !words.speak_of_models() && users().any(|user| &*user.kind == "aws_codepipeline");
    if is_of_build {
        return "other".into();
    }
    if told.0 != "other" {
        return Field::known(told);
    }
    if users().any(|user| &*user.kind == "aws_sagemaker_model") {
        return "model".into();
    }
    let by_ai = users().any(|user| service::is_ai(&user.kind));
    if by_ai { "training-data".into() } else { told.0.into() }
}

/// What stands outside of the holes of a template.
fn fixed_parts(source: &str) -> Vec<&str> {
    if !source.starts_with('"') {
        return Vec::new();
    }
    source.split("${").map(|part| part.split_once('}').map_or(part, |(_hole, fixed)| fixed)).collect()
}
