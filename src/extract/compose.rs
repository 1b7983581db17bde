//! Facts from compose files: `image`, `workload`, `environment-variable`, `secret`.

use super::Context;
use super::container::{self, Container};
use super::environment::{self, Given, Scope, Variable};
use super::image::{self, OPEN, Reference};
use crate::document::{Document, Entry, Node};
use crate::fact::{Choice, Facts, Field, Workload};
use crate::source::{SourceFile, Span, folder};
use crate::tree::resolved;

/// Sees the services of a compose file.
pub fn extract(file: &SourceFile, parsed: &Document, _context: &Context<'_>, facts: &mut Facts) {
    let services = parsed.roots.iter().filter_map(|root| root.get("services"));
    for entry in services.flat_map(Node::entries) {
        // Anything else than a map is a fault of the file, or a part of a template.
        if !entry.node.entries().is_empty() {
            add_service(file, entry, facts);
        }
    }
}

fn add_service(file: &SourceFile, entry: &Entry, facts: &mut Facts) {
    let service = &entry.node;
    let image = service.get("image");
    let reference = image.and_then(Node::scalar).map(|text| Reference::of(&image::resolve(text, &|_| None), text));
    let built = service.has("build");
    if let (Some(image), Some(reference), false) = (image, &reference, built) {
        // With `build` the name is what the result is called, not what is fetched.
        reference.add(image.span, "compose", facts);
    }
    let variables = variables(service.get("environment"));
    let container = Container {
        image: reference.as_ref(),
        entrypoint: container::words_of(service.get("entrypoint")),
        arguments: container::words_of(service.get("command")),
        variables: &variables,
        // A service that extends another, and an image built here, can bring more.
        more_variables: service.has("env_file") || service.has("extends") || service.has("<<") || built,
        more_arguments: false,
        mounted: volumes(service).filter_map(|volume| volume.target).collect(),
        written: Vec::new(),
    };
    let recognised = container::recognise(&container, &file.text);
    let ai = recognised.is_ai() || reference.as_ref().is_some_and(Reference::is_ai) || wants_gpu(service);
    // An image that is not known may be of AI all the same; one that is built here is known elsewhere.
    let known = ai || reference.as_ref().is_some_and(|reference| !built && !reference.name.contains(OPEN));
    let ai: Field<bool> = if known { ai.into() } else { Field::default() };
    let powerful = || volumes(service).filter(|volume| container::is_powerful_path(&volume.source));
    facts.add(
        entry.key.to_string(),
        entry.key_span,
        Workload {
            name: entry.key.to_string().into(),
            form: "compose".into(),
            server: recognised.name(),
            role: recognised.role(),
            ai: ai.clone(),
            builds: service.get("build").map_or_else(|| "".into(), |build| dockerfile(file, build)),
            privileged: flag(service.get("privileged"), false),
            root: root(service.get("user")),
            host_network: host_network(service),
            host_mounts: Field {
                value: Some(powerful().map(|volume| volume.source).collect()),
                at: powerful().next().map(|volume| volume.at),
            },
            published: published(service),
            authenticated: recognised.authenticated,
            reason: recognised.reason.into(),
            foreign_code: recognised.foreign_code,
        },
    );
    let scope = Scope { name: &entry.key, holder: "compose", secret_holder: "container", ai };
    environment::add(&variables, &scope, facts);
}

/// The Dockerfile that a service is built from: `build: ./api`, or a map with `context` and `dockerfile`.
fn dockerfile(file: &SourceFile, build: &Node) -> Field<String> {
    let context = build.text().or_else(|| build.get("context").and_then(Node::text)).unwrap_or(".");
    let name = build.get("dockerfile").and_then(Node::text).unwrap_or("Dockerfile");
    // Another repository, a variable, or a Dockerfile that is written out here.
    let is_elsewhere = [context, name].iter().any(|path| path.contains("://") || path.contains(['$', '@']));
    if is_elsewhere || build.has("dockerfile_inline") {
        return Field::unresolved(build.span);
    }
    let context = resolved(folder(&file.path), context);
    Field::found(resolved(&context, name), build.span)
}

/// A flag that is off when it is not there.
fn flag(node: Option<&Node>, absent: bool) -> Field<bool> {
    match node {
        Some(node) => match node.boolean() {
            Some(value) => Field::found(value, node.span),
            None => Field::unresolved(node.span),
        },
        None => absent.into(),
    }
}

fn root(user: Option<&Node>) -> Field<bool> {
    // Without `user` the image decides.
    let Some(user) = user else { return Field::default() };
    match user.scalar().map(|text| Given::written(text.split(':').next().unwrap_or_default())) {
        Some(Given::Literal(name)) => Field::found(matches!(name, "root" | "0"), user.span),
        _ => Field::unresolved(user.span),
    }
}

fn host_network(service: &Node) -> Field<bool> {
    match service.get("network_mode") {
        Some(node) => Field::found(node.scalar() == Some("host"), node.span),
        None => false.into(),
    }
}

/// Names of profiles that nobody starts where others could reach them.
const DEVELOPMENT_PROFILES: &[&str] =
    &["dev", "devel", "development", "local", "test", "tests", "testing", "ci", "debug"];

/// From where the ports of a service can be reached: the widest of them counts.
fn published(service: &Node) -> Field<Choice> {
    if let Some(node) = service.get("network_mode").filter(|node| node.scalar() == Some("host")) {
        return Field::found("everywhere", node.span);
    }
    // A service with a profile is only started by whoever asks for it: those for tests and development stay on that machine.
    let profiles = service.get("profiles").map(Node::one_or_many).unwrap_or_default();
    let is_for_development = |profile: &Node| {
        profile.text().is_some_and(|name| DEVELOPMENT_PROFILES.contains(&name.to_ascii_lowercase().as_str()))
    };
    if let Some(profile) = profiles.iter().find(|profile| is_for_development(profile)) {
        return Field::unresolved(profile.span);
    }
    let Some(ports) = service.get("ports") else {
        return if service.has("extends") || service.has("<<") { Field::default() } else { "none".into() };
    };
    let ports_at = ports.one_or_many().iter().map(|port| (port_host(port), port.span));
    container::widest(ports_at).unwrap_or_else(|| Field::found("none", ports.span))
}

/// The address of the host at which a port is published; empty for every address, `None` when it is not published.
fn port_host(port: &Node) -> Option<String> {
    if !port.entries().is_empty() {
        let address = port.get("host_ip").and_then(Node::scalar).unwrap_or_default();
        return Some(image::resolve(address, &|_| None));
    }
    container::published_at(&image::resolve(port.scalar()?, &|_| None))
}

/// A mounted volume.
struct Volume {
    /// Its folder on the host; empty for a named volume.
    source: String,
    /// Where it is mounted; `None` when not given.
    target: Option<String>,
    at: Span,
}

fn volumes(service: &Node) -> impl Iterator<Item = Volume> {
    let nodes = service.get("volumes").map(Node::items).unwrap_or_default();
    nodes.iter().map(|node| {
        if let Some(text) = node.scalar() {
            let mut parts = text.split(':');
            let (source, target) = (parts.next().unwrap_or_default(), parts.next());
            return Volume { source: source.to_owned(), target: target.map(str::to_owned), at: node.span };
        }
        let text = |key: &str| node.get(key).and_then(Node::scalar);
        let source = if text("type") == Some("bind") { text("source") } else { None };
        Volume {
            source: source.unwrap_or_default().to_owned(),
            target: text("target").map(str::to_owned),
            at: node.span,
        }
    })
}

/// True when the service asks for a graphics card.
fn wants_gpu(service: &Node) -> bool {
    let devices = service.at("deploy.resources.reservations.devices").map(Node::items).unwrap_or_default();
    let mut capabilities =
        devices.iter().flat_map(|device| device.get("capabilities").map(Node::items).unwrap_or_default());
    service.has("gpus")
        || service.get("runtime").and_then(Node::scalar) == Some("nvidia")
        || capabilities.any(|capability| capability.scalar() == Some("gpu"))
}

/// Variables of `environment`: a map, or a list of `NAME=value`.
fn variables(environment: Option<&Node>) -> Vec<Variable<'_>> {
    let Some(environment) = environment else { return Vec::new() };
    let in_map = environment.entries().iter().filter(|entry| &*entry.key != "<<").map(|entry| {
        // A name without a value is taken from the shell that starts compose.
        let value = entry.node.scalar().map_or(Given::Elsewhere, Given::written);
        Variable { name: &entry.key, value, at: entry.key_span.cover(entry.node.span), value_at: entry.node.span }
    });
    let in_list = environment.items().iter().filter_map(|item| {
        let text = item.text()?;
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Given::written(value)),
            None => (text, Given::Elsewhere),
        };
        Some(Variable { name, value, at: item.span, value_at: item.span })
    });
    in_map.chain(in_list).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::fact::Fact;
    use crate::interest::Interest;
    use crate::parse::yaml::parse;
    use crate::tree::Tree;

    fn seen(text: &str) -> Vec<Fact> {
        let file = SourceFile::new("compose.yaml", text);
        let mut facts = Facts::of(&file.path);
        let context =
            Context { tree: &Tree::default(), catalogue: Catalogue::shipped(), interest: &Interest::default() };
        extract(&file, &parse(text), &context, &mut facts);
        facts.all
    }

    fn workload(service: &str) -> Fact {
        let text = format!("services:\n  one:\n{service}");
        let found = seen(&text).into_iter().find(|fact| fact.kind.spec().name == "workload");
        found.unwrap()
    }

    #[test]
    fn ports_are_published_as_docker_reads_them() {
        let published =
            |port: &str| workload(&format!("    image: x\n    ports: [{port}]\n")).text("published").to_owned();
        assert_eq!(published("\"8888:8888\""), "everywhere");
        assert_eq!(published("8888"), "everywhere");
        assert_eq!(published("\"0.0.0.0:80:80/tcp\""), "everywhere");
        assert_eq!(published("\"127.0.0.1:8888:8888\""), "host");
        assert_eq!(published("\"[::1]:80:80\""), "host");
        assert_eq!(published("\"${PORT:-80}:80\""), "everywhere");
        assert_eq!(published("\"${PORT}:80\""), "unknown");
        assert_eq!(published("\"${HOST:-127.0.0.1}:80:80\""), "host");
        assert_eq!(published("{target: 80, published: 80, host_ip: 127.0.0.1}"), "host");
        assert_eq!(published("{target: 80, published: 80}"), "everywhere");
        assert_eq!(workload("    image: x\n    expose: [80]\n").text("published"), "none");
        assert_eq!(workload("    image: x\n    network_mode: host\n").text("published"), "everywhere");
    }

    #[test]
    fn a_server_without_key_is_not_authenticated() {
        let service = "    image: qdrant/qdrant:v1.9\n    ports: ['6333:6333']\n";
        let qdrant = workload(service);
        assert_eq!(
            (qdrant.text("server"), qdrant.text("role"), qdrant.text("authenticated")),
            ("qdrant", "vector-store", "no")
        );
        assert_eq!(workload(&format!("{service}    env_file: .env\n")).text("authenticated"), "unknown");
        let key = "    environment:\n      QDRANT__SERVICE__API_KEY: ${KEY}\n";
        assert_eq!(workload(&format!("{service}{key}")).text("authenticated"), "unknown");
    }

    #[test]
    fn mounts_rights_and_user() {
        let it = workload(
            "    image: x\n    privileged: true\n    user: \"0:0\"\n    volumes: ['/var/run/docker.sock:/var/run/docker.sock', './a:/etc', {type: bind, source: /, target: /host}]\n",
        );
        assert_eq!((it.text("privileged"), it.text("root")), ("yes", "yes"));
        assert_eq!(it.get("host_mounts").unwrap().display(), "/var/run/docker.sock, /");
    }

    #[test]
    fn built_images_are_not_fetched() {
        let facts = seen("services:\n  a:\n    build: .\n    image: agent:latest\n  b:\n    image: redis\n");
        let images: Vec<_> =
            facts.iter().filter(|fact| fact.kind.spec().name == "image").map(|fact| fact.text("name")).collect();
        assert_eq!(images, ["redis"]);
    }

    #[test]
    fn variables_of_both_forms() {
        let facts = seen(
            "services:\n  a:\n    image: x\n    environment:\n    - POSTGRES_PASSWORD=postgres\n    - HF_TOKEN\n    - API_KEY=${K}\n  b:\n    image: x\n    environment:\n      TOKEN_LIMIT: 5\n      DB_PASSWORD: kq81-zzv3-demo\n",
        );
        let variables: Vec<_> = facts
            .iter()
            .filter(|fact| fact.kind.spec().name == "environment-variable")
            .map(|fact| {
                [fact.text("name"), fact.text("literal"), fact.text("secret"), fact.text("guessable")].join(" ")
            })
            .collect();
        assert_eq!(
            variables,
            [
                "POSTGRES_PASSWORD yes yes yes",
                "HF_TOKEN no yes no",
                "API_KEY no yes no",
                "TOKEN_LIMIT yes no no",
                "DB_PASSWORD yes yes no"
            ]
        );
        let secrets: Vec<_> =
            facts.iter().filter(|fact| fact.kind.spec().name == "secret").map(|fact| fact.subject.as_str()).collect();
        assert_eq!(secrets, ["b/DB_PASSWORD"]);
    }

    #[test]
    fn wrong_types_end_quietly() {
        for text in [
            "services: []",
            "services:\n  a: 1\n  b: [x]\n  c:\n    ports: {a: b}\n    volumes: x\n    environment: 3\n    command: {x: y}\n    image: [a]\n",
            "[]",
            "",
        ] {
            let _ = seen(text);
        }
    }
}
