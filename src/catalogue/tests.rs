//! The shipped catalogue is whole, and look-ups find what they should.

use super::*;
use regex::Regex;
use std::collections::BTreeMap;
use std::fmt::Debug;

fn shipped() -> Catalogue {
    Catalogue::read(&SHIPPED).unwrap()
}

/// Fails when two rows claim one name.
fn assert_claimed_once<K: Ord + Debug + Clone>(claims: impl Iterator<Item = (K, String)>) {
    let mut owners: BTreeMap<K, String> = BTreeMap::new();
    for (name, owner) in claims {
        let earlier = owners.insert(name.clone(), owner.clone());
        assert_eq!(earlier, None, "{name:?} is claimed by {owner} too");
    }
}

#[test]
fn every_name_belongs_to_one_row() {
    let catalogue = shipped();
    let vendors = &catalogue.vendors;
    assert_claimed_once(vendors.iter().map(|vendor| (vendor.id.clone(), vendor.name.clone())));
    let lists: [fn(&Vendor) -> &[String]; 4] = [|it| &it.imports, |it| &it.hosts, |it| &it.env, |it| &it.models];
    for names in lists {
        assert_claimed_once(vendors.iter().flat_map(|it| names(it).iter().map(|name| (name.clone(), it.id.clone()))));
    }
    let packages = vendors.iter().flat_map(|vendor| {
        let lists = vendor.packages().into_iter();
        lists.flat_map(move |(ecosystem, names)| {
            names.iter().map(move |name| ((ecosystem, name.clone()), vendor.id.clone()))
        })
    });
    assert_claimed_once(packages);
    let tools = &catalogue.tools;
    assert_claimed_once(tools.iter().map(|tool| (tool.name.clone(), String::new())));
    let lists: [fn(&Tool) -> &[String]; 2] = [|it| &it.imports, |it| &it.actions];
    for names in lists {
        assert_claimed_once(tools.iter().flat_map(|it| names(it).iter().map(|name| (name.clone(), it.name.clone()))));
    }
    let packages = tools.iter().flat_map(|tool| {
        let lists = tool.packages().into_iter();
        lists.flat_map(move |(ecosystem, names)| {
            names.iter().map(move |name| ((ecosystem, name.clone()), tool.name.clone()))
        })
    });
    assert_claimed_once(packages);
}

#[test]
fn names_are_written_as_look_ups_compare_them() {
    let catalogue = shipped();
    for vendor in &catalogue.vendors {
        // NuGet shows names with capitals and compares them without; the file is for readers.
        for (ecosystem, names) in vendor.packages().into_iter().filter(|(ecosystem, _)| *ecosystem != "nuget") {
            for name in names {
                assert_eq!(*name, normal_name(ecosystem, name));
            }
        }
        for host in &vendor.hosts {
            assert_eq!(*host, host.to_ascii_lowercase());
            assert!(host.matches('*').count() <= 1, "{host}");
        }
        for model in &vendor.models {
            assert!(model.find('*').is_none_or(|star| star + 1 == model.len()), "{model}");
        }
        assert!(vendor.models.iter().all(|model| model.len() > 1));
    }
    for tool in &catalogue.tools {
        for (ecosystem, names) in tool.packages() {
            for name in names {
                assert_eq!(*name, normal_name(ecosystem, name));
            }
        }
        for action in &tool.actions {
            assert_eq!(*action, action.to_ascii_lowercase());
        }
    }
    for (ecosystem, names) in &catalogue.libraries {
        for name in names {
            assert_eq!(*name, normal_name(ecosystem, name));
        }
    }
}

#[test]
fn every_pattern_compiles() {
    let catalogue = shipped();
    for tool in &catalogue.tools {
        for command in &tool.commands {
            Regex::new(command).unwrap();
        }
    }
    for key in &catalogue.keys {
        Regex::new(&key.pattern).unwrap();
        assert!(key.literals.is_empty() != key.words.is_empty(), "{} needs literals or words", key.form);
        assert!(key.vendor.is_empty() || catalogue.vendor(&key.vendor).is_some(), "{}", key.vendor);
        assert_eq!(key.vendor.is_empty(), key.group != KeyGroup::Vendor, "{}", key.form);
    }
}

#[test]
fn packages_are_found_as_their_ecosystem_writes_them() {
    let catalogue = shipped();
    let vendor = |ecosystem, name| catalogue.vendor_of_package(ecosystem, name).map(|vendor| vendor.id.as_str());
    assert_eq!(vendor("pypi", "Google_GenAI"), Some("google-gemini"));
    assert_eq!(vendor("pypi", "langchain.openai"), Some("openai"));
    assert_eq!(vendor("conda", "openai"), Some("openai"));
    assert_eq!(vendor("npm", "@anthropic-ai/sdk"), Some("anthropic"));
    assert_eq!(vendor("npm", "openai-"), None);
    assert!(catalogue.is_ai_package("conda", "pytorch"));
    assert!(catalogue.is_ai_package("pypi", "scikit_learn"));
    assert!(!catalogue.is_ai_package("pypi", "numpy"));
    assert!(!catalogue.is_ai_package("pypi", "pandera"), "data quality is no sign of AI");
    assert_eq!(catalogue.tool_of_package("pypi", "Fairlearn").map(|tool| tool.purpose), Some(Purpose::Bias));
}

#[test]
fn libraries_that_run_alone_are_no_vendors() {
    let catalogue = shipped();
    for name in ["transformers", "chromadb", "whylogs", "datasets", "torch"] {
        assert!(catalogue.is_ai_package("pypi", name), "{name}");
        assert!(catalogue.vendor_of_package("pypi", name).is_none(), "{name}");
        assert!(catalogue.is_ai_import(name), "{name}");
    }
    assert!(!catalogue.vendor("langchain").unwrap().receives_data());
    assert!(!catalogue.vendor("local-inference").unwrap().receives_data());
    assert!(catalogue.vendor("langsmith").unwrap().receives_data());
}

#[test]
fn names_that_only_look_like_vendors_are_not_taken() {
    let catalogue = shipped();
    let traps = "hyperbolic codex copilot rime fiddler unify martian minimax kimi lepton inflection prem portkey helm bbq counterfit croissant \
                 datasheets ideogram vespa augustus baidubce protectai ollama-python perplexity deepseek deepseek-sdk heygen synthesia upstage";
    for name in traps.split_whitespace() {
        assert!(!catalogue.is_ai_package("pypi", name), "{name}");
        assert!(catalogue.tool_of_package("pypi", name).is_none(), "{name}");
    }
    for name in ["wandb", "modal", "deepseek", "gpt-3-encoder"] {
        assert!(!catalogue.is_ai_package("npm", name), "{name}");
    }
    for module in ["agents", "llm", "art", "google", "google.cloud", "azure", "azure.ai", "livekit", "torchx"] {
        assert!(!catalogue.is_ai_import(module), "{module}");
    }
}

#[test]
fn the_longest_dotted_prefix_decides() {
    let catalogue = shipped();
    let vendor = |module| catalogue.vendor_of_import(module).map(|vendor| vendor.id.as_str());
    assert_eq!(vendor("google.genai.types"), Some("google-gemini"));
    assert_eq!(vendor("google.cloud.storage"), None);
    assert_eq!(vendor("llama_index.llms.openai"), Some("openai"));
    assert_eq!(vendor("llama_index.readers"), Some("llamaindex"));
    assert_eq!(vendor("openai_harmony"), None);
    assert_eq!(vendor(""), None);
}

#[test]
fn hosts_match_whole_or_by_wildcard_and_sites_do_not() {
    let catalogue = shipped();
    let vendor = |host| catalogue.vendor_of_host(host).map(|vendor| vendor.id.as_str());
    assert_eq!(vendor("API.OpenAI.com"), Some("openai"));
    assert_eq!(vendor("notapi.openai.com"), None);
    assert_eq!(vendor("ours.openai.azure.com"), Some("azure-openai"));
    assert_eq!(vendor(".openai.azure.com"), None);
    assert_eq!(vendor("bedrock-runtime.eu-central-1.amazonaws.com"), Some("aws-bedrock"));
    assert_eq!(vendor("us-central1-aiplatform.googleapis.com"), Some("google-vertex"));
    assert_eq!(vendor("models.inference.ai.azure.com"), Some("github-models"));
    assert_eq!(vendor("docs.pinecone.io"), None);
    assert_eq!(vendor("com"), None);
    assert_eq!(vendor(""), None);
}

#[test]
fn model_ids_tell_whose_service_is_asked() {
    let catalogue = shipped();
    let vendor = |id| catalogue.vendor_of_model(id).map(|vendor| vendor.id.as_str());
    assert_eq!(vendor("gpt-4o-mini"), Some("openai"));
    assert_eq!(vendor("o3"), Some("openai"));
    assert_eq!(vendor("o365"), None);
    assert_eq!(vendor("gpt-oss-20b"), None, "open weights run anywhere");
    assert_eq!(vendor("gpt2"), None);
    assert_eq!(vendor("claude-sonnet-4-5"), Some("anthropic"));
    assert_eq!(vendor("anthropic.claude-3-haiku-20240307-v1:0"), Some("aws-bedrock"));
    assert_eq!(vendor("claude-code"), None);
    assert_eq!(vendor("gémini"), None);
}

#[test]
fn a_script_runs_the_tools_at_the_start_of_its_commands() {
    let catalogue = shipped();
    let tools = |script| catalogue.tool_in_command(script).map(|tool| tool.name.as_str()).collect::<Vec<_>>();
    assert_eq!(tools("pip install garak modelscan"), Vec::<&str>::new());
    assert_eq!(tools("cd x && OPENAI_API_KEY=y python -m garak --model_type test"), ["garak"]);
    assert_eq!(tools("uv run --with foo modelscan -p model.pkl || true"), ["ModelScan"]);
    assert_eq!(tools("npx -y promptfoo@latest redteam run\nnpx promptfoo eval"), ["promptfoo red team", "promptfoo"]);
    assert_eq!(
        tools("lm_eval --model hf \\\n  --tasks crows_pairs,hellaswag"),
        ["lm-eval bias tasks", "LM Evaluation Harness"]
    );
    assert_eq!(tools("pytest -q tests/test_bias.py"), ["pytest fairness tests"]);
    assert_eq!(tools("echo garak; garakx"), Vec::<&str>::new());
    assert_eq!(tools("if ! picklescan -p .; then exit 1; fi"), ["picklescan"]);
    assert_eq!(tools("env env env"), Vec::<&str>::new());
}

#[test]
fn actions_are_found_without_version_and_with_inner_path() {
    let catalogue = shipped();
    let purpose = |uses| catalogue.tool_of_action(uses).map(|tool| tool.purpose);
    assert_eq!(purpose("trufflesecurity/trufflehog@main"), Some(Purpose::Secrets));
    assert_eq!(
        purpose("slsa-framework/slsa-github-generator/.github/workflows/generator.yml@v2"),
        Some(Purpose::Signing)
    );
    assert_eq!(purpose("actions/checkout@v4"), None);
    assert_eq!(purpose("./local"), None);
}
