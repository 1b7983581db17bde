//! Helm charts of AI servers: data of `policies/catalogue/charts.toml`, read once.

use crate::catalogue::servers::{Server, Servers};
use serde::Deserialize;
use std::sync::OnceLock;

const CHARTS: &str = include_str!(concat!(env!("OUT_DIR"), "/charts.json"));

/// The charts that are known.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charts {
    chart: Vec<Chart>,
}

/// One chart.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Chart {
    server: String,
    names: Vec<String>,
    #[serde(default)]
    marks: Vec<String>,
    /// What turns authentication on or off; the first that is set decides.
    #[serde(default)]
    pub settings: Vec<Setting>,
    /// Paths of the type of its Service.
    #[serde(default)]
    pub services: Vec<String>,
    /// Paths of the switch of its Ingress.
    #[serde(default)]
    pub ingresses: Vec<String>,
}

/// A value that decides about authentication.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting {
    path: String,
    /// Whether the server asks who is there when it is set so.
    pub asks: bool,
}

/// What a value must be for a [`Setting`] to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted<'a> {
    /// Anything but nothing and `false`.
    Something,
    /// This.
    Exactly(&'a str),
    /// A text that holds this.
    Holding(&'a str),
}

impl Setting {
    /// Its path, keys joined by `/`, and what must stand there.
    #[must_use]
    pub fn parts(&self) -> (&str, Wanted<'_>) {
        if let Some((path, text)) = self.path.split_once('~') {
            return (path, Wanted::Holding(text));
        }
        match self.path.split_once('=') {
            Some((path, value)) => (path, Wanted::Exactly(value)),
            None => (&self.path, Wanted::Something),
        }
    }
}

impl Chart {
    /// The server that it installs.
    #[must_use]
    pub fn server(&self) -> Option<&'static Server> {
        Servers::shipped().named(&self.server)
    }
}

impl Charts {
    /// The charts that the product ships.
    #[must_use]
    pub fn shipped() -> &'static Self {
        static SHIPPED: OnceLock<Charts> = OnceLock::new();
        // A test reads the shipped text, so that falling back to nothing cannot happen here.
        SHIPPED.get_or_init(|| serde_json::from_str(CHARTS).unwrap_or_default())
    }

    /// The chart of this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Chart> {
        self.chart.iter().find(|chart| chart.names.iter().any(|known| known == name))
    }

    /// The chart whose values have keys that no other's have. `has` tells whether a key is there.
    pub fn marked(&self, has: impl Fn(&str) -> bool) -> Option<&Chart> {
        self.chart.iter().find(|chart| chart.marks.iter().any(|group| group.split(' ').all(&has)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_data_is_read_whole_and_names_servers() {
        let charts: Charts = serde_json::from_str(CHARTS).unwrap();
        assert!(charts.chart.len() > 10);
        for chart in &charts.chart {
            assert!(chart.server().is_some(), "{}", chart.server);
        }
    }

    #[test]
    fn charts_are_known_by_name_and_by_their_keys() {
        let charts = Charts::shipped();
        assert_eq!(charts.named("qdrant").map(|chart| chart.server.as_str()), Some("qdrant"));
        assert!(charts.named("nginx").is_none());
        assert_eq!(charts.marked(|key| key == "servingEngineSpec").map(|chart| chart.server.as_str()), Some("vllm"));
        assert!(charts.marked(|key| key == "hub").is_none());
    }
}
