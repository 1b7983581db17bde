//! Values of a chart: every image that they name, with the container around it, and the server that the chart is known to install.

use super::super::container::{self, Container, Recognised};
use super::super::environment::{self, Given, Scope, Variable};
use super::super::image::{self, OPEN, Reference};
use super::super::secret;
use crate::catalogue::charts::{Chart, Charts, Setting, Wanted};
use crate::document::instructions::Word;
use crate::document::{Entry, Node, Value};
use crate::fact::{Choice, Facts, Field, Workload};
use crate::source::{SourceFile, Span};

/// How many parts of a file of values are looked at, shared parts counted each time.
const NODE_LIMIT: usize = 200_000;

/// Maps in which charts keep the security settings of a container or its pod.
const SECURITY: &[&str] =
    &["securityContext", "containerSecurityContext", "podSecurityContext", "singleuser.extraPodConfig.securityContext"];

/// Reads the values of one release.
pub(super) struct Values<'a> {
    pub file: &'a SourceFile,
    /// What is installed.
    pub name: &'a str,
    pub facts: &'a mut Facts,
}

/// A map of values on the way.
struct Part<'n> {
    node: &'n Node,
    /// Its keys, joined by `/`; empty for all of the values.
    path: String,
    /// The chart whose values these are.
    chart: Option<&'static Chart>,
}

impl Values<'_> {
    /// Adds the facts of all values. `chart` is the known chart that they are for.
    pub fn add(mut self, root: &Node, chart: Option<&'static Chart>) {
        let mut ahead = vec![Part { node: root, path: String::new(), chart }];
        let mut left = NODE_LIMIT;
        while let Some(part) = ahead.pop() {
            let Some(fewer) = left.checked_sub(1) else { return };
            left = fewer;
            if !part.node.entries().is_empty() {
                self.add_part(&part);
            }
            let inner = part.node.entries().iter().rev().map(|entry| {
                let path =
                    if part.path.is_empty() { entry.key.to_string() } else { format!("{}/{}", part.path, entry.key) };
                // The values of a chart that another takes over stand under its name.
                let chart = Charts::shipped().named(&entry.key).filter(|_| part.chart.is_none());
                Part { node: &entry.node, path, chart }
            });
            let items = part.node.items().iter().rev();
            ahead.extend(inner);
            ahead.extend(items.map(|node| Part { node, path: part.path.clone(), chart: None }));
        }
    }

    fn add_part(&mut self, part: &Part<'_>) {
        let image = image_of(part);
        if let Some((at, reference)) = &image {
            reference.add(*at, "helm", self.facts);
        }
        let name = match (part.path.as_str(), self.name) {
            ("", "") => "values".to_owned(),
            ("", name) => name.to_owned(),
            (path, _) => path.to_owned(),
        };
        let variables = variables(part.node);
        let mut ai = Field::default();
        if image.is_some() || part.chart.is_some() {
            ai = self.add_workload(part, &name, image.as_ref(), &variables);
        }
        let scope = Scope { name: &name, holder: "kubernetes", secret_holder: "configuration", ai };
        environment::add(&variables, &scope, self.facts);
        let secrets = secret_values(part.node);
        environment::add(&secrets, &scope, self.facts);
    }

    /// Adds the workload, and says whether it is AI.
    fn add_workload(
        &mut self,
        part: &Part<'_>,
        name: &str,
        image: Option<&(Span, Reference)>,
        variables: &[Variable<'_>],
    ) -> Field<bool> {
        let node = part.node;
        let container = Container {
            image: image.map(|(_, reference)| reference),
            entrypoint: container::words_of(node.get("command")),
            arguments: arguments(node),
            variables,
            // The chart's templates and its own values bring more.
            more_variables: true,
            ..Container::default()
        };
        let found = recognise(part, &container, &self.file.text);
        let is_ai = found.is_ai() || image.is_some_and(|(_, reference)| reference.is_ai());
        let known = is_ai || image.is_some_and(|(_, reference)| !reference.name.contains(OPEN));
        let ai: Field<bool> = if known { is_ai.into() } else { Field::default() };
        let published = published(part);
        let privileged = security(node, "privileged").map_or_else(Field::default, flag);
        let root = root(node);
        let says_something = image.is_some()
            || [found.authenticated.value, privileged.value, root.value].iter().any(Option::is_some)
            || published.value.is_some();
        if !says_something {
            return ai;
        }
        let at = image.map(|(at, _)| *at).or(found.authenticated.at).or(published.at);
        let at = at.or_else(|| node.entries().first().map(|entry| entry.key_span)).unwrap_or(node.span);
        self.facts.add(
            format!("helm/{name}"),
            at,
            Workload {
                name: name.into(),
                form: "helm".into(),
                server: found.name(),
                role: found.role(),
                ai: ai.clone(),
                builds: "".into(),
                privileged,
                root,
                host_network: node.get("hostNetwork").map_or_else(Field::default, flag),
                host_mounts: Vec::new().into(),
                published,
                authenticated: found.authenticated,
                reason: found.reason.into(),
                foreign_code: found.foreign_code,
            },
        );
        ai
    }
}

/// The server of the chart or of the image, and what the values say of authentication.
fn recognise(part: &Part<'_>, container: &Container<'_>, source: &str) -> Recognised {
    let mut found = container::recognise(container, source);
    let Some(chart) = part.chart else {
        // What the values leave out, the chart may set.
        if found.authenticated.value == Some(false) && found.authenticated.at.is_none() && guarded_by_settings(&found) {
            found.authenticated = Field::default();
        }
        return found;
    };
    found.server = found.server.or_else(|| chart.server());
    let decided = chart.settings.iter().find_map(|setting| Some((setting, set(part.node, setting)?)));
    match decided {
        Some((setting, at)) => {
            let (on, path) = (if setting.asks { "on" } else { "off" }, setting.parts().0.replace('/', "."));
            found.authenticated = Field::found(setting.asks, at);
            found.reason = format!("`{path}` turns authentication {on}");
        }
        None if chart.settings.is_empty() && !guarded_by_settings(&found) => {
            found.authenticated = false.into();
            let title = found.server.map_or("it", |server| server.title.as_str());
            found.reason = format!("{title} has no authentication of its own");
        }
        None if found.authenticated.at.is_none() => {
            found.authenticated = Field::default();
            "the chart decides".clone_into(&mut found.reason);
        }
        None => {}
    }
    if found.authenticated.value == Some(false) && asks_before(part) {
        found.authenticated = Field::default();
        "the ingress may ask".clone_into(&mut found.reason);
    }
    found
}

fn guarded_by_settings(found: &Recognised) -> bool {
    found.server.is_none_or(|server| !server.guards.is_empty() || !server.opens.is_empty())
}

/// Where a value stands that makes the setting hold.
fn set(values: &Node, setting: &Setting) -> Option<Span> {
    let (path, wanted) = setting.parts();
    let node = at(values, path)?;
    let scalar = node.scalar();
    let holds = match wanted {
        Wanted::Something => {
            !matches!(node.value, Value::Null | Value::Bool(false)) && scalar.is_none_or(|text| !text.is_empty())
        }
        Wanted::Exactly(value) => scalar.is_some_and(|text| text == value),
        Wanted::Holding(part) => scalar.is_some_and(|text| text.contains(part)),
    };
    holds.then_some(node.span)
}

/// The value at a path of keys joined by `/`: keys of values hold dots (`user.yaml`).
fn at<'n>(values: &'n Node, path: &str) -> Option<&'n Node> {
    path.split('/').try_fold(values, |node, key| node.get(key))
}

/// The ingress before it has people sign in, or lets a proxy ask.
fn asks_before(part: &Part<'_>) -> bool {
    let ingress =
        part.chart.and_then(|chart| chart.ingresses.iter().find_map(|path| at(part.node, path).zip(Some(path))));
    let Some((_, path)) = ingress else { return false };
    let annotations = path.rsplit_once('/').and_then(|(map, _)| at(part.node, &format!("{map}/annotations")));
    annotations.map(Node::entries).unwrap_or_default().iter().any(|entry| entry.key.contains("auth"))
}

/// From where it can be reached, as far as the values say.
fn published(part: &Part<'_>) -> Field<Choice> {
    let own: (&[String], &[String]) =
        part.chart.map_or((&[], &[]), |chart| (chart.services.as_slice(), chart.ingresses.as_slice()));
    let paths = |known: &[String], usual: &str| -> Vec<String> {
        if known.is_empty() { vec![usual.to_owned()] } else { known.to_vec() }
    };
    let ingress = paths(own.1, "ingress/enabled").iter().find_map(|path| at(part.node, path));
    if let Some(on) = ingress.filter(|node| node.boolean() == Some(true)) {
        return Field::found("everywhere", on.span);
    }
    let service = paths(own.0, "service/type").iter().find_map(|path| Some((at(part.node, path)?, path.clone())));
    let Some((node, path)) = service else { return Field::default() };
    match node.scalar() {
        Some("LoadBalancer" | "NodePort") if is_narrowed(part.node, &path) => Field::unresolved(node.span),
        Some("LoadBalancer" | "NodePort") => Field::found("everywhere", node.span),
        Some("ClusterIP") if ingress.is_some() || own.1.is_empty() => Field::found("cluster", node.span),
        _ => Field::default(),
    }
}

/// Only some addresses reach the service, or it stays inside of a private network.
fn is_narrowed(values: &Node, type_path: &str) -> bool {
    let Some(service) = type_path.rsplit_once('/').and_then(|(map, _)| at(values, map)) else { return false };
    let ranges = service.get("loadBalancerSourceRanges").is_some_and(|ranges| !ranges.items().is_empty());
    let annotations = service.get("annotations").map(Node::entries).unwrap_or_default();
    ranges || annotations.iter().any(|entry| entry.key.contains("internal") || entry.node.scalar() == Some("internal"))
}

/// A setting of the container or its pod.
fn security<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let contexts = SECURITY.iter().filter_map(|path| node.at(path));
    // Some charts keep the settings and leave them out unless they are switched on.
    let mut used = contexts.filter(|context| context.get("enabled").is_none_or(|on| on.boolean() == Some(true)));
    used.find_map(|context| context.get(key))
}

fn flag(node: &Node) -> Field<bool> {
    Field { value: node.boolean(), at: Some(node.span) }
}

fn root(node: &Node) -> Field<bool> {
    if let Some(user) = security(node, "runAsUser") {
        return match user.scalar().and_then(|text| text.parse::<u64>().ok()) {
            Some(id) => Field::found(id == 0, user.span),
            None => Field::unresolved(user.span),
        };
    }
    match security(node, "runAsNonRoot") {
        Some(node) if node.boolean() == Some(true) => Field::found(false, node.span),
        _ => Field::default(),
    }
}

/// The image that a map of values names, and its place: `image: {repository: …, tag: …}`, `image: name:tag`, or the two keys themselves.
fn image_of(part: &Part<'_>) -> Option<(Span, Reference)> {
    let is_image_map = part.path.to_ascii_lowercase().ends_with("image");
    match part.node.get("image") {
        Some(image) if !image.entries().is_empty() => reference(image),
        Some(image) => {
            // `image: python` beside `tag: "3.12"`.
            if part.node.has("tag") {
                return reference_of(part.node, image);
            }
            let text = image.text().filter(|text| text.contains(['/', ':']) && !text.contains(char::is_whitespace))?;
            Some((image.span, Reference::of(&image::resolve(text, &|_| None), text)))
        }
        None if part.node.has("repository") && part.node.has("tag") && !is_image_map => reference(part.node),
        None => None,
    }
}

/// `repository` or `name`, with the registry before it and tag or digest behind it.
fn reference(map: &Node) -> Option<(Span, Reference)> {
    reference_of(map, map.get("repository").or_else(|| map.get("name"))?)
}

fn reference_of(map: &Node, name: &Node) -> Option<(Span, Reference)> {
    let repository = name.text().filter(|text| !text.is_empty() && !text.contains("://"))?;
    let part = |keys: &[&str]| keys.iter().find_map(|key| map.get(key)?.scalar()).filter(|text| !text.is_empty());
    let mut text = match part(&["registry"]) {
        Some(registry) => format!("{registry}/{repository}"),
        None => repository.to_owned(),
    };
    let mut resolved = image::resolve(&text, &|_| None);
    let tag = part(&["tag"]);
    let digest = part(&["digest", "sha"]);
    if let Some(tag) = tag {
        text = format!("{text}:{tag}");
        resolved = format!("{resolved}:{}", image::resolve(tag, &|_| None));
    } else if !resolved.split('/').next_back().is_some_and(|last| last.contains([':', '@'])) {
        // Without a tag the chart takes the version that it was made for.
        resolved = format!("{resolved}:{OPEN}");
    }
    if let Some(digest) = digest {
        let written = if digest.contains(':') { format!("@{digest}") } else { format!("@sha256:{digest}") };
        text.push_str(&written);
        resolved.push_str(&written);
    }
    let at = map.get("tag").filter(|_| tag.is_some()).map_or(name.span, |tag| name.span.cover(tag.span));
    Some((at, Reference::of(&resolved, &text)))
}

/// Arguments that charts hand on to the server: a list, one text, or a map of options.
fn arguments(node: &Node) -> Vec<Word> {
    let mut words = Vec::new();
    for path in ["args", "extraArgs", "vllmConfig.extraArgs", "server.extraArgs"] {
        let Some(given) = node.at(path) else { continue };
        words.extend(container::words_of(Some(given)));
        words.extend(given.entries().iter().map(|entry| Word {
            text: format!("--{}={}", entry.key, entry.node.scalar().unwrap_or_default()),
            span: entry.key_span.cover(entry.node.span),
        }));
    }
    words
}

/// Variables that are set for the container: a list of names and values, or a map.
fn variables(node: &Node) -> Vec<Variable<'_>> {
    let mut variables = Vec::new();
    for key in ["env", "extraEnv", "extraEnvVars", "extraEnvironment", "environment", "envVars"] {
        let Some(given) = node.get(key) else { continue };
        variables.extend(given.items().iter().filter_map(|item| {
            let value = item.get("value");
            Some(Variable {
                name: item.get("name")?.scalar()?,
                value: value.and_then(Node::scalar).map_or(Given::Elsewhere, Given::written),
                at: item.span,
                value_at: value.map_or(item.span, |value| value.span),
            })
        }));
        // A map of switches for several environments is no map of variables.
        variables.extend(given.entries().iter().filter(|entry| is_variable_name(&entry.key)).map(variable));
    }
    variables
}

fn is_variable_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    !name.is_empty() && name.bytes().all(allowed)
}

fn variable(entry: &Entry) -> Variable<'_> {
    Variable {
        name: &entry.key,
        value: entry.node.scalar().map_or(Given::Elsewhere, Given::written),
        at: entry.key_span.cover(entry.node.span),
        value_at: entry.node.span,
    }
}

/// Values that are written out and that their keys say are secret: `adminPassword`. `tlsSecret` and `existingSecret` name a secret of
/// Kubernetes, and `secretKey` beside such a name says which of its entries.
fn secret_values(node: &Node) -> Vec<Variable<'_>> {
    let names_secret = |key: &str| {
        let lower = key.to_ascii_lowercase();
        lower.contains("secret") && !matches!(lower.as_str(), "secretkey" | "clientsecret" | "cookiesecret")
    };
    let beside_name = node.entries().iter().any(|entry| names_secret(&entry.key));
    let is_value = |entry: &&Entry| {
        entry.node.text().is_some_and(|text| !text.is_empty())
            && secret::is_secret_name(&entry.key)
            && !names_secret(&entry.key)
            && !(beside_name && entry.key.to_ascii_lowercase().ends_with("key"))
    };
    node.entries().iter().filter(is_value).map(variable).collect()
}
