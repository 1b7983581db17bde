//! From where a server can be reached: by the address that it listens at, and by the ports that a container publishes.

use super::super::image::OPEN;
use super::Setting;
use crate::catalogue::servers::Server;
use crate::fact::{Choice, Field};
use crate::source::Span;

/// From where a server can be reached by the address that it is told to listen at; unknown where it is told none.
pub(super) fn listens(server: &Server, settings: &[Setting]) -> Field<Choice> {
    let reach = |setting: &Setting| {
        let pattern = server.listens.iter().find(|pattern| pattern.split('=').next() == Some(&setting.name))?;
        let everywhere = match (pattern.split_once('='), &setting.value) {
            (_, None) => return Some(Field::unresolved(setting.at)),
            (Some((_, wanted)), Some(value)) => value == wanted,
            (None, Some(value)) if is_loopback(host(value)) => return Some(Field::found("host", setting.at)),
            (None, Some(value)) => matches!(host(value), "0.0.0.0" | "*" | "::" | "[::]"),
        };
        Some(if everywhere { Field::found("everywhere", setting.at) } else { Field::unresolved(setting.at) })
    };
    settings.iter().find_map(reach).unwrap_or_default()
}

/// The host of an address: `http://0.0.0.0:11434` → `0.0.0.0`.
fn host(address: &str) -> &str {
    let rest = address.rsplit_once("://").map_or(address, |(_, rest)| rest);
    rest.rsplit_once(':')
        .filter(|(_, port)| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(rest, |(host, _)| host)
}

/// True for an address that only the machine itself reaches.
fn is_loopback(address: &str) -> bool {
    address.starts_with("127.") || matches!(address, "localhost" | "::1" | "[::1]")
}

/// The address of the host at which a port is published by `8000`, `80:8000` or `127.0.0.1:80:8000`, with [`OPEN`] for what is not known;
/// empty for every address, `None` for what is no port.
pub(in crate::extract) fn published_at(port: &str) -> Option<String> {
    let port = port.split('/').next().unwrap_or_default();
    // An address of IPv6 stands in brackets or holds colons itself.
    match port.rsplitn(3, ':').collect::<Vec<_>>().as_slice() {
        // One port alone is published as well, on a port that Docker picks.
        [one] => Some(if one.contains(OPEN) { OPEN.to_string() } else { String::new() }),
        // A variable before the port can hold an address too: `${BIND}8080:80`, `${PORT}:80`.
        [_, host] if host.contains(OPEN) => Some(OPEN.to_string()),
        [_, _] => Some(String::new()),
        [_, _, address] => Some((*address).to_owned()),
        _ => None,
    }
}

/// From where ports can be reached, each with the address of the host at which it is published: the widest of them counts.
pub(in crate::extract) fn widest(ports: impl Iterator<Item = (Option<String>, Span)>) -> Option<Field<Choice>> {
    let mut on_host = None;
    let mut unknown = None;
    for (host, at) in ports {
        match host {
            Some(host) if is_loopback(&host) => on_host = Some(at),
            Some(host) if host.contains(OPEN) => unknown = Some(at),
            Some(_) => return Some(Field::found("everywhere", at)),
            None => {}
        }
    }
    unknown.map(Field::unresolved).or_else(|| on_host.map(|at| Field::found("host", at)))
}
