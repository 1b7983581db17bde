//! `model-gateway` facts from the configuration of `LiteLLM`: who may ask, which models there are, what is kept of prompts.

use super::environment::Given;
use super::secret;
use crate::document::{Document, Node};
use crate::fact::{Facts, Field, ModelGateway};

/// A key that stands in every example of `LiteLLM`.
const EXAMPLE_KEY: &str = "sk-1234";

/// Sees one gateway.
pub fn extract(parsed: &Document, facts: &mut Facts) {
    for root in &parsed.roots {
        let Some(list) = root.get("model_list") else { continue };
        add(root, list, facts);
    }
}

fn add(root: &Node, list: &Node, facts: &mut Facts) {
    let models = list.items().iter().filter_map(|model| model.get("model_name").and_then(Node::scalar));
    let settings = root.get("general_settings");
    let key = settings.and_then(|settings| settings.get("master_key"));
    let stored = ["general_settings.store_prompts_in_spend_logs", "litellm_settings.store_prompts_in_spend_logs"];
    let stored = stored.iter().find_map(|path| root.at(path));
    let place = settings.map_or(list.span, |settings| settings.span);
    facts.add(
        "litellm",
        place,
        ModelGateway {
            name: "LiteLLM".into(),
            models: models.map(str::to_owned).collect::<Vec<_>>().into(),
            master_key: match key.map(|key| (key, key.scalar())) {
                None => "none".into(),
                Some((key, Some(EXAMPLE_KEY))) => Field::found("example", key.span),
                Some((key, _)) => Field::found("set", key.span),
            },
            prompts_stored: stored
                .map_or_else(|| false.into(), |node| Field { value: node.boolean(), at: Some(node.span) }),
        },
    );
    let keys = list.items().iter().filter_map(|model| model.at("litellm_params.api_key"));
    for (name, node) in keys.map(|node| ("api_key", node)).chain(key.map(|node| ("master_key", node))) {
        let written = node.text().filter(|text| !text.starts_with("os.environ/") && *text != EXAMPLE_KEY);
        if let Some(Given::Literal(value)) = written.map(Given::written) {
            secret::add(name, name, value, node.span, "configuration", facts);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::Fact;
    use crate::parse::yaml;

    fn seen(text: &str) -> Vec<Fact> {
        let mut facts = Facts::of(&"config.yaml".into());
        extract(&yaml::parse(text), &mut facts);
        facts.all
    }

    #[test]
    fn a_gateway_is_told_with_its_key() {
        let list = "model_list:\n- model_name: a\n  litellm_params: {model: azure/a, api_key: os.environ/KEY}\n";
        for (settings, key) in [
            ("", "none"),
            ("general_settings: {}\n", "none"),
            ("general_settings:\n  master_key: os.environ/LITELLM_MASTER_KEY\n", "set"),
            ("general_settings:\r\n  master_key: sk-1234\r\n", "example"),
        ] {
            let text = format!("{list}{settings}");
            let facts = seen(&text);
            let [gateway] = facts.as_slice() else { panic!("{facts:?}") };
            assert_eq!(gateway.text("master_key"), key, "{text}");
        }
        let facts = seen(&format!("{list}general_settings: {{store_prompts_in_spend_logs: true}}\n"));
        assert_eq!(facts[0].text("prompts_stored"), "yes");
    }

    #[test]
    fn keys_that_are_written_out_are_secrets() {
        let text = "model_list:\n- litellm_params: {api_key: 3f9c1e7ab2d84c0f}\ngeneral_settings: {master_key: sk-7Qm2xLr9vT4bN8wZ}\n";
        let facts = seen(text);
        let secrets: Vec<(&str, &str)> =
            facts.iter().skip(1).map(|fact| (fact.text("setting"), fact.text("shown"))).collect();
        assert_eq!(secrets, [("api_key", "…0f"), ("master_key", "…wZ")]);
    }

    #[test]
    fn wrong_types_in_every_key_are_no_gateway_of_ours() {
        for text in [
            "model_list: 1\n",
            "model_list:\n- 1\n- [a]\n- {litellm_params: x}\ngeneral_settings: [1]\n",
            "model_list: {a: b}\ngeneral_settings: x\n",
        ] {
            assert_eq!(seen(text).len(), 1, "{text}");
        }
    }
}
