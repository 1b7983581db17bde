//! Images that infrastructure code runs: on Cloud Run, `SageMaker`, Azure's containers and in clusters.

use super::view::View;
use crate::document::Node;
use crate::extract::image::{self, Reference};
use crate::source::Span;

/// Parts of the types of resources that run an image.
const RUNNING: &[&str] =
    &["google_cloud_run_", "aws_sagemaker_model", "aws_ecs_task_definition", "azurerm_container_", "kubernetes_"];

/// How many nodes of one resource are looked through.
const NODE_LIMIT: usize = 10_000;

/// Gives every image that a resource runs, with its place.
pub fn see(view: View<'_>, mut found: impl FnMut(Reference, Span)) {
    if !RUNNING.iter().any(|kind| view.kind().starts_with(kind)) {
        return;
    }
    view.resource.body.walk(NODE_LIMIT, &mut |node, entry| {
        if entry.is_none_or(|entry| &*entry.key != "image") {
            return;
        }
        // Behind a variable the image is shown where it is used: its default may stand in another file.
        if let Some(text) = view.module.resolve(node).and_then(Node::text) {
            found(Reference::of(&image::resolve(text, &|_| None), text), node.span);
        }
    });
}
