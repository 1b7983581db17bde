//! Services of Cloud Run and Cloud Functions that anybody may call.

use super::super::role::Words;
use super::super::view::View;
use crate::catalogue::servers::Servers;
use crate::extract::image::Reference;
use crate::fact::{Field, Gateway};

/// The right to call a service, where it is given to everybody; `None` for any other resource.
pub fn opened(view: View<'_>) -> Option<Gateway> {
    let members = if view.kind().ends_with("_iam_member") {
        "member"
    } else if view.kind().ends_with("_iam_binding") {
        "members"
    } else {
        return None;
    };
    let members = view.texts(members)?;
    let (_, at) = members.into_iter().find(|(member, _)| matches!(*member, "allUsers" | "allAuthenticatedUsers"))?;
    let path = ["name", "service", "cloud_function"].into_iter().find(|path| view.written(path).is_some())?;
    let ai = serves_a_model(view, path);
    Some(Gateway {
        name: view.refers_to(path).map_or_else(Field::default, Field::known),
        provider: "google".into(),
        // What the service does that its name does not say is not known.
        ai: if ai { true.into() } else { Field::default() },
        authenticated: Field::found(false, at),
        ..Gateway::default()
    })
}

/// The service that an attribute names serves a model, told by its name and its image.
fn serves_a_model(view: View<'_>, path: &str) -> bool {
    let service = view.refers_to(path).and_then(|address| view.module.at(&address));
    let mut names: Vec<&str> = view.text(path).value().into_iter().collect();
    if let Some(service) = service {
        let service_view = view.module.view(service);
        names.push(&service.label);
        names.extend(service_view.text("name").value());
        let images = ["template.containers.image", "template.spec.containers.image"];
        let runs_model_server = images
            .iter()
            .filter_map(|path| service_view.text(path).value())
            .any(|image| Servers::shipped().is_ai_image(&Reference::of(image, image).name));
        if runs_model_server {
            return true;
        }
    }
    Words::of(names).speak_of_serving()
}
