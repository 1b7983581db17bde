//! What the Python reader must get right, and what it must survive.

use super::*;
use crate::document::code::Known;

fn functions(text: &str) -> Vec<String> {
    let mut calls = parse(text).calls;
    calls.sort_by_key(|call| call.name_at.start);
    calls.into_iter().map(|call| call.function).collect()
}

fn argument(text: &str) -> Known {
    let code = parse(text);
    let call = code.calls.iter().find(|call| call.function == "f").expect("a call of f");
    call.positional.first().or(call.named.first().map(|(_, value)| value)).expect("an argument").value.clone()
}

#[test]
fn names_are_followed_through_imports() {
    let text = "import torch as t\nfrom torch import load as tl\nimport torch.hub\nt.load(a)\ntl(b)\ntorch.hub.load(c)\neval(d)\nx.y.load(e)\n";
    assert_eq!(functions(text), ["torch.load", "torch.load", "torch.hub.load", "eval", "*.y.load"]);
    assert_eq!(functions("try:\n  import torch\nexcept ImportError:\n  torch = None\ntorch.load(a)"), ["torch.load"]);
    assert_eq!(functions("from .models import load\nload(1)"), [".models.load"]);
    assert_eq!(functions("def eval(x): pass\neval(1)"), [".eval"]);
}

#[test]
fn names_are_followed_through_constructors() {
    let text = "from openai import OpenAI\nimport boto3\nclient = OpenAI()\nclient.chat.completions.create()\nOpenAI().models.list()\nboto3.client('s3').get_object()\n";
    assert_eq!(
        functions(text),
        [
            "openai.OpenAI",
            "openai.OpenAI.chat.completions.create",
            "openai.OpenAI",
            "openai.OpenAI.models.list",
            "boto3.client",
            "boto3.client().get_object",
        ]
    );
    let text = "from transformers import AutoModel\nm = AutoModel.from_pretrained(x).eval()\nn = AutoModel.from_pretrained(x)\nn.push_to_hub()\nn.to(d).cuda()";
    assert_eq!(
        functions(text)[1..],
        [
            "transformers.AutoModel.eval",
            "transformers.AutoModel.from_pretrained",
            "transformers.AutoModel.push_to_hub",
            "transformers.AutoModel.to",
            "*.cuda"
        ]
    );
    let text = "import gradio as gr\nwith gr.Blocks() as demo:\n  pass\ndemo.launch(share=True)";
    assert_eq!(functions(text), ["gradio.Blocks", "gradio.Blocks.launch"]);
}

#[test]
fn names_are_followed_through_self_and_annotations() {
    let text = "import openai\nclass A:\n  def __init__(self):\n    self.client = openai.OpenAI()\n  def run(self, other: openai.OpenAI | None):\n    self.client.chat.create()\n    other.chat.create()\n    self.run()\n";
    assert_eq!(functions(text)[1..], ["openai.OpenAI.chat.create", "openai.OpenAI.chat.create", ".run"]);
    assert_eq!(&*parse(text).calls[1].within, "A.run");
}

#[test]
fn a_parameter_hides_an_import_of_the_same_name() {
    assert_eq!(functions("import json\ndef f(json):\n  json.load(x)\njson.load(y)"), ["*.load", "json.load"]);
}

#[test]
fn the_last_assignment_before_a_use_counts() {
    let text = "import a, b\nc = a.Client()\nc.get()\nc = b.Client()\nc.get()\ndef f():\n  c.get()\n";
    assert_eq!(functions(text), ["a.Client", "a.Client.get", "b.Client", "b.Client.get", "*.get"]);
}

#[test]
fn literals_are_followed_where_they_are_assigned_once() {
    let text = |text: &str| Known::Text(text.to_owned());
    assert_eq!(argument("X = 'a' 'b'\ndef g():\n  f(X)"), text("ab"));
    assert_eq!(argument("X = 'a'\nX = 'b'\nf(X)"), Known::Other);
    assert_eq!(argument("X = 'a'\nX += 'b'\nf(X)"), Known::Other);
    assert_eq!(argument("def g(X='a'):\n  f(X)"), Known::Other);
    assert_eq!(argument("H = 'http://'\nf(H + 'host' + '/x')"), text("http://host/x"));
    assert_eq!(argument("f(f'plain')"), text("plain"));
    assert_eq!(argument("f(f'a{b}')"), Known::Other);
    assert_eq!(argument("f(a=False)"), Known::Bool(false));
    assert_eq!(argument("f(-1.50)"), Known::Number("-1.50".to_owned()));
    assert_eq!(argument("import torch\nf(torch.float16)"), Known::Name("torch.float16".to_owned()));
    assert_eq!(
        argument("f({'use_docker': False, k: 1})"),
        Known::Map(vec![("use_docker".to_owned(), Known::Bool(false))])
    );
    assert_eq!(argument("class A:\n  def a(self):\n    self.m = 'x'\n  def b(self):\n    f(self.m)"), text("x"));
}

#[test]
fn assignments_are_named_in_full() {
    let code = parse(
        "import openai as o, os\no.api_key = 'k'\nos.environ['X'] = 'v'\nself.token = 't'\nkey: str = 'z'\nn = 3\nm = f()",
    );
    let targets: Vec<&str> = code.assignments.iter().map(|assignment| assignment.target.as_str()).collect();
    assert_eq!(targets, ["openai.api_key", "os.environ[X]", "self.token", "key", "n"]);
}

#[test]
fn places_are_those_of_the_file() {
    let text = "\u{feff}import gradio as gr\r\n# é\r\n(gr.Interface(f)\r\n   .launch(share=True))\r\n";
    let code = parse(text);
    let launch = code.calls.iter().find(|call| call.function.ends_with("launch")).expect("launch");
    assert_eq!(launch.name_at.text(text), "launch");
    assert_eq!(launch.at.text(text), "launch(share=True)");
    assert_eq!(launch.named[0].1.at.text(text), "True");
    let interface = code.calls.iter().find(|call| call.function.ends_with("Interface")).expect("Interface");
    assert_eq!(interface.name_at.text(text), "gr.Interface");
}

#[test]
fn handed_on_arguments_are_noted() {
    assert!(parse("f(*a)").calls[0].forwards);
    assert!(parse("f(**a)").calls[0].forwards);
    assert!(!parse("f(a)").calls[0].forwards);
}

#[test]
fn broken_code_keeps_what_was_read() {
    let text = "import torch\ntorch.load(a)\ndef f(:\n    pass\nprint 'x'\ntorch.load(b)\n";
    let code = parse(text);
    assert_eq!(code.calls.iter().filter(|call| call.function == "torch.load").count(), 2);
    assert_eq!(code.faults.len(), 1);
    assert_eq!(code.faults[0].at.start, text.find("(:").unwrap() + 1);
}

/// Every kind of deep nesting is read, or refused with its place, on the small stack of a thread.
#[test]
fn deep_nesting_is_survived() {
    const DEPTH: usize = 100_000;
    let nested = |open: &str, close: &str| format!("x = {}1{}\n", open.repeat(DEPTH), close.repeat(DEPTH));
    let sources = [
        nested("[", "]"),
        nested("(", ")"),
        nested("f(", ")"),
        nested("{1:", "}"),
        nested("lambda:", ""),
        nested("lambda a, b:", ""),
        nested("not ", ""),
        nested("-", ""),
        nested("1 if 1 else ", ""),
        nested("await ", ""),
        nested("[", ""),
        nested("", "+1"),
        nested("2 **", ""),
        nested("a", ".b"),
        nested("a", "()"),
        nested("a", "[0]"),
        nested("a", ".b()"),
        format!("match x:\n  case {}1{}:\n    pass\n", "[".repeat(DEPTH), "]".repeat(DEPTH)),
        format!("x = {}{}\n", "f'{".repeat(1_000), "}'".repeat(1_000)),
        format!("if 1:\n  pass\n{}", "elif 1:\n  pass\n".repeat(DEPTH)),
        format!("{}x = 1", (0..1_500).map(|depth| format!("{}if 1:\n", " ".repeat(depth))).collect::<String>()),
    ];
    std::thread::Builder::new()
        .stack_size(2 << 20)
        .spawn(move || {
            for source in &sources {
                let code = parse(&format!("import torch\ntorch.load(f)\n{source}"));
                assert_eq!(code.calls[0].function, "torch.load");
            }
        })
        .expect("a thread")
        .join()
        .expect("no overflow");
}

#[test]
fn hostile_names_take_no_time() {
    let mut lists = "a0 = [1, 1]\n".to_owned();
    for level in 1..40 {
        let before = format!("a{}, ", level - 1);
        lists.push_str(&format!("a{level} = [{}]\n", before.repeat(60)));
    }
    lists.push_str("f(a39)\n");
    let chain = format!("import a\nx = a{}\n{}", ".b".repeat(2_000), "x.f()\n".repeat(20_000));
    let again = format!("import a\n{}{}", "x = a.C()\n".repeat(60), "def f():\n  x.y.z()\n".repeat(5_000));
    let cycle = "a = b.x\nb = a.y\na.f()\n".to_owned();
    let started = std::time::Instant::now();
    for source in [lists, chain, again, cycle] {
        assert!(!parse(&source).calls.is_empty());
    }
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn decorators_are_named_with_their_functions() {
    let text = "from kfp import dsl\nfrom prefect import task as t\n@dsl.component(base_image='x')\ndef train(): pass\n@t\nasync def load(): pass\nclass A:\n  @staticmethod\n  @own\n  def f(): pass\n";
    let code = parse(text);
    let shown: Vec<_> =
        code.decorators.iter().map(|it| format!("{} {} {}", it.name, it.function, it.at.text(text))).collect();
    assert_eq!(shown, ["kfp.dsl.component train train", "prefect.task load load", "staticmethod f f", "own f f"]);
}
