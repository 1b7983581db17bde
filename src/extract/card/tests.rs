use super::*;
use crate::catalogue::Catalogue;
use crate::document::{FileKind, Parsed};
use crate::fact::{Fact, FieldValue};
use crate::interest::Interest;
use crate::parse;
use crate::tree::Tree;

fn seen_beside(path: &str, text: &str, others: &[&str]) -> Vec<Fact> {
    let Parsed::Prose(prose) = parse::parse(FileKind::Markdown, text) else { panic!("not Markdown") };
    let file = SourceFile::new(path, text);
    let mut tree = Tree::default();
    tree.files.extend(others.iter().map(|other| (*other).into()));
    let interest = Interest::default();
    let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &interest };
    let mut facts = Facts::of(&file.path);
    extract(&file, &prose, &context, &mut facts);
    let (sections, rest): (Vec<_>, Vec<_>) =
        facts.all.into_iter().partition(|fact| fact.kind.spec().name == "card-section");
    // The card first, then its metrics, then its sections.
    rest.into_iter().chain(sections).collect()
}

fn seen(path: &str, text: &str) -> Vec<Fact> {
    seen_beside(path, text, &[])
}

fn card(path: &str, text: &str) -> Fact {
    let mut facts = seen(path, text);
    assert!(!facts.is_empty(), "{path} is not taken for a card");
    facts.remove(0)
}

fn place<'a>(fact: &Fact, field: &str, text: &'a str) -> &'a str {
    fact.location_of(field).span().map_or("", |span| span.text(text))
}

const FILLED: &str = "---\nlicense: apache-2.0\nlibrary_name: peft\npipeline_tag: text-generation\nbase_model: org/base\n\
    datasets: [a, b]\nmodel-index:\n- name: tiny\n  results:\n  - task: {type: text-generation}\n    dataset: {type: bbq, name: BBQ, \
    revision: main}\n    metrics:\n    - {type: acc, value: 0.61}\n---\n# Model Card for Tiny\n\n## Model Details\n\n\
    - **Developed by:** Ann\n- **License:** MIT\n\n## Uses\n\n### Direct Use\n\nAnswering questions of staff about travel costs and rules.\n\n\
    ### Out-of-Scope Use\n\n[More Information Needed]\n\n## Bias, Risks, and Limitations\n\nIt is slow and wrong about dates before the year 2000.\n\n\
    ### Recommendations\n\nUsers (both direct and downstream) should be made aware of the risks, biases and limitations of the model. \
    More information needed for further recommendations.\n";

#[test]
fn a_hub_card_is_judged_section_by_section() {
    let facts = seen("README.md", FILLED);
    let card = &facts[0];
    for (field, value) in [
        ("kind", "model"),
        ("style", "hub"),
        ("name", "tiny"),
        ("licence", "apache-2.0"),
        ("derived", "yes"),
        ("human_facing", "yes"),
        ("intended_use", "substantive"),
        ("out_of_scope", "placeholder"),
        ("limitations", "substantive"),
        // The title promises bias, the text does not speak of it.
        ("bias", "thin"),
        ("privacy", "missing"),
        ("owner", "Ann"),
        ("version", ""),
        ("results_by_group", "no"),
    ] {
        assert_eq!(card.text(field), value, "{field}");
    }
    assert_eq!(card.get("base_models"), Some(&vec!["org/base".to_owned()].into()));
    assert_eq!(card.get("bias_benchmarks"), Some(&vec!["BBQ".to_owned()].into()));
    assert_eq!(place(card, "out_of_scope", FILLED), "[More Information Needed]");
    assert_eq!(place(card, "licence", FILLED), "apache-2.0");
    let metric = &facts[1];
    assert_eq!((metric.text("name"), metric.text("dataset"), metric.text("pin")), ("acc", "BBQ", "name"));
    assert_eq!(place(metric, "revision", FILLED), "main");
}

#[test]
fn the_hubs_untouched_template_says_nothing() {
    let text = "---\nlibrary_name: transformers\ntags: []\n---\n\n# Model Card for Model ID\n\n<!-- Provide a quick summary -->\n\n## Uses\n\n\
        <!-- Address questions -->\n\n### Direct Use\n\n<!-- x -->\n\n[More Information Needed]\n\n### Out-of-Scope Use\n\n<!-- y -->\n\n\
        ## Bias, Risks, and Limitations\n\n[More Information Needed]\n\n### Recommendations\n\nUsers (both direct and downstream) should be \
        made aware of the risks, biases and limitations of the model. More information needed for further recommendations.\n";
    let card = card("README.md", text);
    for field in ["intended_use", "out_of_scope", "limitations", "bias"] {
        assert_eq!(card.text(field), "placeholder", "{field}");
    }
    assert_eq!(place(&card, "bias", text), "[More Information Needed]");
    assert_eq!(place(&card, "out_of_scope", text), "### Out-of-Scope Use");
    assert_eq!(card.text("licence"), "");
}

#[test]
fn bold_leads_make_a_card() {
    let text = "# **Model Details**\n\n**Model Developers** Meta\n\n**Model Dates** Trained between January 2023 and July 2023.\n\n\
        **License** A custom licence is available at https://example.com for everybody.\n\n# **Intended Use**\n\n\
        **Intended Use Cases** For research and commercial use in English, as an assistant.\n\n**Out-of-scope Uses** Use in any manner that \
        breaks applicable laws or regulations.\n\n# **Ethical Considerations and Limitations**\n\nIt may give inaccurate, biased or \
        objectionable responses.\n";
    let card = card("models/llama2/MODEL_CARD.md", text);
    for (field, value) in [
        ("name", "llama2"),
        ("owner", "Meta"),
        ("date", "2023-07-01"),
        ("licence", "unknown"),
        ("intended_use", "substantive"),
        ("out_of_scope", "substantive"),
        ("bias", "thin"),
        ("version", ""),
    ] {
        assert_eq!(card.text(field), value, "{field}");
    }
    assert_eq!(place(&card, "bias", text), "# **Ethical Considerations and Limitations**");
}

#[test]
fn subcards_answer_for_their_part_alone() {
    let text = "| Field | Response |\n|:--|:--|\n| Participation considerations from adversely impacted groups | None |\n\
        | Measures taken to mitigate against unwanted bias | [Insert Response Here] |\n";
    let card = card("bias.md", text);
    assert_eq!((card.text("style"), card.text("bias"), card.text("limitations")), ("table", "thin", "unknown"));
    let whole =
        seen_beside("README.md", "---\npipeline_tag: text-generation\n---\n# Tiny\n", &["bias.md", "README.md"]);
    assert_eq!((whole[0].text("bias"), whole[0].text("limitations")), ("unknown", "missing"));
}

#[test]
fn dataset_cards_are_told_by_keys_or_by_the_sections_of_a_datasheet() {
    let hub = "---\nlicense: [mit]\ntask_categories: [x]\n---\n# Dataset Card for Beans\n\n## Personal and Sensitive Information\n\nNone.\n";
    let hub = card("README.md", hub);
    assert_eq!((hub.text("kind"), hub.text("name"), hub.text("privacy")), ("dataset", "Beans", "substantive"));
    let sheet = "# Beans\n## Motivation\nx\n## Composition\nx\n## Collection Process\nx\n## Maintenance\nx\n";
    assert_eq!(card("DATASHEET.md", sheet).text("kind"), "dataset");
    assert!(seen("DATASHEET.md", "# LM317 Voltage Regulator\n## Electrical characteristics\n5 V\n").is_empty());
}

#[test]
fn other_markdown_is_not_a_card() {
    for (path, text) in [
        ("README.md", "# Tool\n## Usage\nrun it\n## Uses\nmany\n## Limitations\nfew\n## License\nMIT\n"),
        (
            "docs/guides/model-cards.md",
            "# Create and share Model Cards\n## Load a Model Card from the Hub\n## Limitations\nnone\n",
        ),
        ("model_card_template.md", "# Model Card for X\n## Intended Use\n[x]\n## Limitations\n[y]\n"),
        ("templates/card.md", "---\nlibrary_name: x\n---\n# Model Card\n"),
        ("README.md", "---\n{{ card_data }}\n---\n# Model Card for {{ id }}\n"),
        (
            "SKILL.md",
            "---\nname: review\ndescription: Reviews code\nlicense: MIT\ntags: [a]\n---\n# Review\n## Limitations\nx\n",
        ),
        ("post.md", "---\nlayout: post\nlicense: MIT\ntags: [a]\n---\n# Model Card news\n"),
        ("privacy.md", "# Privacy policy\nWe keep personal data.\n"),
        ("THREAT_MODEL.md", "# Threat Model\n## Out of Scope\nx\n## Risks\ny\n## Privacy\nz\n"),
    ] {
        assert!(seen(path, text).is_empty(), "{path}: {text}");
    }
}

#[test]
fn a_licence_file_leaves_the_licence_unknown_and_the_word_unknown_is_a_statement() {
    let text = "# Model Card: Tiny\n## Intended Use\nResearch.\n## Limitations\nMany.\n";
    let beside = seen_beside("models/tiny/MODEL_CARD.md", text, &["LICENSE"]);
    assert_eq!(beside[0].text("licence"), "unknown");
    assert_eq!(card("models/tiny/MODEL_CARD.md", text).text("licence"), "");
    assert_eq!(
        card("README.md", "---\nlicense: unknown\nlibrary_name: x\n---\n# A\n").text("licence"),
        "stated-unknown"
    );
}

#[test]
fn results_for_groups_are_seen_in_titles_and_tables() {
    let with =
        |rest: &str| card("MODEL_CARD.md", &format!("# Model Card: A\n## Intended Use\nx\n## Evaluation\n{rest}"));
    let plain = with("| Metric | Value |\n|--|--|\n| F1 | 0.7 |\n");
    assert_eq!((plain.text("results_by_group"), plain.get("metrics")), ("no", Some(&FieldValue::Number(1))));
    assert_eq!(with("| Gender | F1 |\n|--|--|\n| women | 0.7 |\n| men | 0.8 |\n").text("results_by_group"), "yes");
    assert_eq!(
        with("### Slice performance\n| Name | F1 |\n|--|--|\n| short | 0.7 |\n").text("results_by_group"),
        "yes"
    );
    assert_eq!(with("Good.\n").text("results_by_group"), "unknown");
}

#[test]
fn odd_front_matter_is_survived() {
    for keys in [
        "library_name: [a, {b: c}]\nlicense: {x: y}\nmodel-index: 7",
        "pipeline_tag:\nlicense:\ntags: 1\nbase_model: null",
        "model-index:\n- results:\n  - metrics: x\n    dataset: [1]",
        "license: mit\nlicense: gemma\nlibrary_name: x",
    ] {
        let text = format!("\u{feff}---\r\n{}\r\n---\r\n# Ünïcode\r\n", keys.replace('\n', "\r\n"));
        assert!(!seen("README.md", &text).is_empty(), "{keys}");
    }
    let twice = "---\nlicense: mit\nlicense: gemma\nlibrary_name: x\n---\n# A\n";
    assert_eq!(card("README.md", twice).text("licence"), "gemma");
}

#[test]
fn placeholders_are_pointed_at_one_by_one() {
    let facts = seen("README.md", FILLED);
    let sections: Vec<_> = facts
        .iter()
        .filter(|fact| fact.kind.spec().name == "card-section")
        .map(|fact| (fact.text("title"), fact.text("area"), fact.text("quality"), place(fact, "quality", FILLED)))
        .collect();
    assert_eq!(
        sections,
        [
            ("Direct Use", "intended-use", "substantive", "### Direct Use"),
            ("Out-of-Scope Use", "out-of-scope", "placeholder", "[More Information Needed]"),
            ("Bias, Risks, and Limitations", "limitations", "substantive", "## Bias, Risks, and Limitations"),
            ("Bias, Risks, and Limitations", "bias", "substantive", "## Bias, Risks, and Limitations"),
        ]
    );
}

#[test]
fn hostile_cards_take_linear_time() {
    let bombs = [
        "## Bias\n".repeat(5_000),
        "**Limitations:** [".repeat(3_000),
        "- **Bias:** race gender. ".repeat(3_000),
        "# Uses\n## Uses\n### Uses\n#### Uses\n##### Uses\n###### Uses\n**Uses** a\n- **Uses** b\n  - **Uses** c\n"
            .repeat(300),
        format!("# Intended Use\n{}", "developed by the ".repeat(2_000)),
        format!("# Intended Use\n{}", "x@".repeat(20_000)),
        format!("| a | b |\n|--|--|\n{}", "| Bias | 1.0 |\n".repeat(2_000)),
    ];
    for bomb in bombs {
        let start = std::time::Instant::now();
        assert!(!seen("MODEL_CARD.md", &format!("# Model Card: A\n\n{bomb}")).is_empty());
        let name: String = bomb.chars().take(20).collect();
        assert!(start.elapsed().as_secs() < 20, "{name}: {:?}", start.elapsed());
    }
}

#[test]
fn an_older_subcard_asks_in_its_headings() {
    let text = "## Model Card ++ Privacy Subcard\n\n### Generatable or reverse engineerable personal data?\n\n* None\n\n\
        ### Was consent obtained for any personal data used?\n\n* [Insert Response Here]\n\n### Is there a digital signature?\n\n* Yes\n";
    let facts = seen("docs/model/privacy.md", text);
    assert_eq!(
        ["kind", "style", "privacy", "limitations"].map(|field| facts[0].text(field)),
        ["model", "plain", "substantive", "unknown"]
    );
    let unanswered = facts.iter().find(|fact| fact.text("title").starts_with("Was consent")).unwrap();
    assert_eq!(unanswered.text("quality"), "placeholder");
    let page = "# Privacy\n\n## What do you collect?\n\nNothing.\n\n## Who can see it?\n\nNobody.\n";
    assert!(seen("docs/privacy.md", page).is_empty());
}

#[test]
fn a_system_card_says_how_it_is_stopped() {
    let text = "# System Card\n\n| Field | Response |\n|---|---|\n| Automation Level | Partial: staff confirm each order before it is sent |\n\
        | Known Technical Limitations | Wrong for orders in other currencies than euro |\n| Fail Safe In-Place | N/A |\n";
    let card = card("docs/system-card.md", text);
    assert_eq!(
        ["kind", "oversight", "limitations"].map(|field| card.text(field)),
        ["system", "substantive", "substantive"]
    );
}
