//! Which calls stand in functions that a model may call, and which run what a model has answered.

use crate::document::code::{Argument, Call, Code, Known, last_name};
use crate::fact::Field;
use crate::source::Span;
use std::collections::HashSet;

/// Decorators that offer a function to a model, by their last name: `@tool`, `@function_tool`, `@mcp.tool()`
const DECORATORS: &[&str] = &[
    "tool",
    "tool_plain",
    "function_tool",
    "beta_tool",
    "kernel_function",
    "register_for_llm",
    "register_for_execution",
];

/// Calls that make a tool of the function that they are handed, by their last name.
const MAKERS: &[&str] = &[
    "Tool",
    "StructuredTool",
    "FunctionTool",
    "from_function",
    "from_defaults",
    "register_function",
    "bind_tools",
    "ToolNode",
    "create_react_agent",
    "create_agent",
    "add_tool",
    // JavaScript
    "tool",
    "DynamicTool",
    "DynamicStructuredTool",
    "registerTool",
    "createTool",
    "defineTool",
    "betaZodTool",
];

/// Methods that a class for a tool is called by, as frameworks for agents prescribe.
const METHODS: &[&str] = &["_run", "_arun", "forward"];

/// Calls by which a person allows or refuses what comes next, by the end of their names.
const CONFIRMATIONS: &[&str] = &["interrupt", "confirm", "Confirm.ask", ".elicit", ".wait_for_event"];

/// Arguments by which a tool waits for a person, in several frameworks for agents.
const APPROVALS: &[&str] = &[
    "needs_approval",
    "requires_approval",
    "require_confirmation",
    "approval_mode",
    "needsApproval",
    "requireApproval",
];

/// What paths of code say where a person stands between the model and its tools.
const PERSON_IN_PATH: &[&str] = &["hitl", "human"];

/// Endings of calls that ask a model, whoever makes the client.
const ASKING: &[&str] = &[
    ".chat.completions.create",
    ".chat.completions.parse",
    ".generate_content",
    ".generate_content_async",
    ".chat_completion",
    ".text_generation",
    ".invoke_model",
    ".ChatCompletion.create",
    ".ChatCompletion.acreate",
    ".Completion.create",
];

/// Calls that ask a model, by the beginning and the end of their names.
const ASKING_OF: &[(&str, &str)] = &[
    ("openai.", ".responses.create"),
    ("openai.", ".completions.create"),
    ("anthropic.", ".messages.create"),
    ("litellm.", "completion"),
    ("ollama.", ".chat"),
    ("ollama.", ".generate"),
    ("cohere.", ".chat"),
    ("cohere.", ".generate"),
    ("mistralai.", ".chat.complete"),
    ("google.genai.", ".send_message"),
    ("google.generativeai.", ".send_message"),
    ("vertexai.", ".send_message"),
    ("boto3.client().", "converse"),
    ("replicate.", ".run"),
    ("transformers.pipeline()", ""),
];

/// Classes of `LangChain` that are models or chains of them, by a part of their name.
const MODELS_OF_LANGCHAIN: &[&str] = &["Chat", "LLM", "OpenAI", "Ollama", "Bedrock", "HuggingFacePipeline", "Chain"];

/// What of one file a model may call, and what asks a model.
pub(super) struct Agents<'a> {
    /// The path says that a person stands between the model and its tools, wherever that is written.
    has_person: bool,
    /// Functions that are offered to a model.
    tools: HashSet<&'a str>,
    /// Arguments of calls that make a tool, in order and without overlaps: functions without a name stand there.
    inside: Vec<Span>,
    /// Places, by `within`, where a person confirms.
    confirmed: HashSet<&'a str>,
    /// Places, by `within`, where a person is asked anything. In a tool that is whether it may act, elsewhere it is what to ask the model.
    asked: HashSet<&'a str>,
    /// Functions that ask a model.
    asks_model: HashSet<&'a str>,
}

impl<'a> Agents<'a> {
    pub(super) fn of(code: &'a Code, path: &str) -> Self {
        let offers = |name: &str| DECORATORS.contains(&last_name(name));
        let decorated =
            code.decorators.iter().filter(|it| offers(&it.name) && !it.named.iter().any(|name| is_approval(name)));
        let mut tools: HashSet<&str> = decorated.map(|it| it.function.as_str()).collect();
        let mut inside = Vec::new();
        for call in &code.calls {
            let makes = MAKERS.contains(&last_name(&call.function));
            if makes && call.named.iter().any(|(name, _)| is_approval(name)) {
                continue;
            }
            if makes {
                inside.push(call.arguments_at);
                tools.extend(call.positional.iter().chain(call.named.iter().map(|(_, it)| it)).flat_map(own_functions));
            } else {
                tools.extend(call.named("tools").into_iter().flat_map(own_functions));
            }
        }
        let confirms = |call: &&Call| CONFIRMATIONS.iter().any(|ending| call.function.ends_with(ending));
        let asks = |call: &&Call| call.function == "input";
        let models = code.calls.iter().filter(|call| asks_model(&call.function));
        let path = path.to_ascii_lowercase();
        Self {
            has_person: PERSON_IN_PATH.iter().any(|word| path.contains(word)),
            tools,
            inside: joined(inside),
            confirmed: code.calls.iter().filter(confirms).map(|call| &*call.within).collect(),
            asked: code.calls.iter().filter(asks).map(|call| &*call.within).collect(),
            asks_model: models.map(|call| last_name(&call.within)).filter(|name| !name.is_empty()).collect(),
        }
    }

    /// A model may have the call made, and no person is asked before; not known where the person may be asked elsewhere.
    pub(super) fn are_offered(&self, call: &Call) -> Field<bool> {
        let is_tool = |name: &str| self.tools.contains(name);
        let mut around = call.within.rsplit('.');
        let is_method = around.next().is_some_and(|method| METHODS.contains(&method))
            && around.next().is_some_and(|class| class.ends_with("Tool"));
        if !(is_method || call.within.split('.').any(is_tool) || self.is_inside(call.at)) {
            return false.into();
        }
        if self.has_person {
            return Field::default();
        }
        (!self.confirmed.contains(&*call.within) && !self.asked.contains(&*call.within)).into()
    }

    /// What the call runs was made from what a model answered.
    pub(super) fn answered(&self, call: &Call) -> bool {
        let asks = |function: &String| {
            asks_model(function)
                || function.strip_prefix('.').is_some_and(|own| self.asks_model.contains(last_name(own)))
        };
        !self.has_person && call.origins.iter().any(asks) && !self.confirmed.contains(&*call.within)
    }

    /// The place stands among the arguments of a call that makes a tool.
    fn is_inside(&self, at: Span) -> bool {
        let before = self.inside.partition_point(|arguments| arguments.start < at.start);
        let last = before.checked_sub(1).and_then(|index| self.inside.get(index));
        last.is_some_and(|arguments| at.end <= arguments.end)
    }
}

/// The places in order, those that overlap as one.
fn joined(mut places: Vec<Span>) -> Vec<Span> {
    places.sort_unstable_by_key(|place| place.start);
    let mut all: Vec<Span> = Vec::with_capacity(places.len());
    for place in places {
        match all.last_mut() {
            Some(last) if place.start < last.end => *last = last.cover(place),
            _ => all.push(place),
        }
    }
    all
}

/// Functions of the file that an argument names, alone or in a list.
fn own_functions(argument: &Argument) -> Vec<&str> {
    let items = match &argument.value {
        Known::List(items) => items.as_slice(),
        value => std::slice::from_ref(value),
    };
    let names = items.iter().filter_map(|item| match item {
        Known::Name(name) => name.strip_prefix('.'),
        _ => None,
    });
    names.collect()
}

fn is_approval(argument: &str) -> bool {
    APPROVALS.contains(&argument)
}

fn asks_model(function: &str) -> bool {
    let of_langchain = function.starts_with("langchain")
        && matches!(last_name(function), "invoke" | "ainvoke" | "predict" | "run")
        && MODELS_OF_LANGCHAIN.iter().any(|part| function.contains(part));
    of_langchain
        || ASKING.iter().any(|ending| function.ends_with(ending))
        || ASKING_OF.iter().any(|(beginning, ending)| function.starts_with(beginning) && function.ends_with(ending))
}
