//! Which calls stand in functions that a model may call, and which run what a model has answered.

use crate::document::code::{Argument, Call, Code, Known, last_name};
use crate::fact::Field;
use crate::source::{SourceFile, Span};
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
    "call_tool",
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
    "setRequestHandler",
];

/// Calls whose name and schema of arguments describe a tool to a model, by their last name.
const DESCRIPTIONS: &[&str] = &["Tool", "FunctionDeclaration", "ToolDefinition"];

/// What the answer of a person is asked for in, wherever the question is put.
const ASKS_LEAVE: &[&str] = &["y/n", "yes/no", "[y]", "(y)", "(yes", "[yes"];

/// What else `input` asks leave with: without these it asks for the next thing to tell the model.
const ASKS_LEAVE_BY_INPUT: &[&str] = &["approve", "confirm", "allow", "proceed", "permission", "execute", "run "];

/// How much of a question is read, in bytes.
const QUESTION_LIMIT: usize = 400;

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
    /// Functions that stand for the tools whose schemas the model is given: the file itself calls them by name.
    dispatched: HashSet<&'a str>,
    /// Somewhere in the file a person is asked whether something may be done.
    asks_leave: bool,
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
    pub(super) fn of(code: &'a Code, file: &'a SourceFile) -> Self {
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
        let path = file.path.to_ascii_lowercase();
        Self {
            has_person: PERSON_IN_PATH.iter().any(|word| path.contains(word)),
            tools,
            dispatched: dispatched(code),
            asks_leave: code.calls.iter().any(|call| asks_leave(call, &file.text)),
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
        let is_offered = is_method || call.within.split('.').any(is_tool) || self.is_inside(call.at);
        let is_dispatched = call.within.split('.').any(|name| self.dispatched.contains(name));
        if !(is_offered || is_dispatched) {
            return false.into();
        }
        if self.has_person || (!is_offered && self.asks_leave) {
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
        !self.has_person && !self.asks_leave && call.origins.iter().any(asks) && !self.confirmed.contains(&*call.within)
    }

    /// The place stands among the arguments of a call that makes a tool.
    fn is_inside(&self, at: Span) -> bool {
        let before = self.inside.partition_point(|arguments| arguments.start < at.start);
        let last = before.checked_sub(1).and_then(|index| self.inside.get(index));
        last.is_some_and(|arguments| at.end <= arguments.end)
    }
}

/// Functions that have the name of a tool whose schema stands in the file, or stand beside it in a dictionary of functions.
fn dispatched(code: &Code) -> HashSet<&str> {
    let described = code.calls.iter().filter(|call| DESCRIPTIONS.contains(&last_name(&call.function)));
    let mut named: HashSet<&str> = described.filter_map(|call| call.named("name")?.value.text()).collect();
    let handed = code.calls.iter().flat_map(|call| [call.named("tools"), call.named("functions")]).flatten();
    let values = || code.assignments.iter().map(|assignment| &assignment.value).chain(handed.clone());
    named.extend(values().flat_map(schemas));
    let mut functions = named.clone();
    for value in values() {
        let Known::Map(entries) = &value.value else { continue };
        functions
            .extend(entries.iter().filter(|(tool, _)| named.contains(tool.as_str())).filter_map(|(_, it)| own(it)));
    }
    functions
}

/// Names of the tools that a value describes to a model: `OpenAI`'s functions and `Anthropic`'s tools, alone or in a list.
fn schemas(argument: &Argument) -> Vec<&str> {
    items(argument).iter().filter_map(schema).collect()
}

fn schema(value: &Known) -> Option<&str> {
    let Known::Map(entries) = value else { return None };
    let entry = |name: &str| entries.iter().find(|(key, _)| key == name).map(|(_, value)| value);
    if let Some(inner @ Known::Map(_)) = entry("function") {
        return schema_name(inner);
    }
    let is_schema = entry("input_schema").or(entry("inputSchema")).is_some()
        || (entry("parameters").is_some() && (entry("description").is_some() || entry("type").is_some()));
    schema_name(value).filter(|_| is_schema)
}

fn schema_name(value: &Known) -> Option<&str> {
    let Known::Map(entries) = value else { return None };
    entries.iter().find(|(key, _)| key == "name").and_then(|(_, name)| name.text())
}

/// A person is asked whether something may be done.
fn asks_leave(call: &Call, text: &str) -> bool {
    let Some(question) = call.positional.first() else { return false };
    let end = question.at.end.min(question.at.start + QUESTION_LIMIT);
    let question = Span::new(question.at.start, end).within(text).text(text);
    if !question.trim_start_matches(['f', 'F', 'r', 'R']).starts_with(['"', '\'', '`']) {
        return false;
    }
    let question = question.to_ascii_lowercase();
    let holds = |words: &[&str]| words.iter().any(|word| question.contains(word));
    holds(ASKS_LEAVE) || (last_name(&call.function) == "input" && holds(ASKS_LEAVE_BY_INPUT))
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
    items(argument).iter().filter_map(own).collect()
}

/// The items of a list, or the one value.
fn items(argument: &Argument) -> &[Known] {
    match &argument.value {
        Known::List(items) => items.as_slice(),
        value => std::slice::from_ref(value),
    }
}

/// The function of the file that a value names.
fn own(value: &Known) -> Option<&str> {
    match value {
        Known::Name(name) => name.strip_prefix('.'),
        _ => None,
    }
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
