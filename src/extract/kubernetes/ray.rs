//! What Ray's own kinds say of a cluster: settings that stand apart from its containers.

use crate::document::Node;
use crate::source::Span;

/// Where a cluster is described in `RayCluster`, `RayJob` and `RayService`.
const CLUSTERS: &[&str] = &["spec", "spec.rayClusterSpec", "spec.rayClusterConfig"];

/// The setting that turns token authentication on, if it is there.
pub(super) fn token_mode(object: &Node) -> Option<Span> {
    let modes = CLUSTERS.iter().filter_map(|cluster| object.at(cluster)?.at("authOptions.mode"));
    modes.into_iter().find(|mode| mode.scalar() == Some("token")).map(|mode| mode.span)
}

/// The setting that publishes the head of the cluster, when `pod` is that head.
pub(super) fn published_head(object: &Node, pod: &Node) -> Option<Span> {
    let heads = CLUSTERS.iter().filter_map(|cluster| object.at(cluster)?.get("headGroupSpec"));
    heads.into_iter().find_map(|head| {
        let service = head.get("serviceType")?;
        let is_open = matches!(service.scalar(), Some("LoadBalancer" | "NodePort"));
        let is_head = head.at("template.spec").is_some_and(|spec| spec.span == pod.span);
        (is_open && is_head).then_some(service.span)
    })
}
