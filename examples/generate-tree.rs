//! Writes a tree of stated shape for measuring: `cargo run --release --example generate-tree -- FOLDER [SCALE]`.
//!
//! At scale 1 it has 1,000 files of 16 MB in the shares of an average repository of the kind that aimslint is for: notebooks whose bytes
//! are mostly pictures, code with and without AI, manifests, settings, prose, data. The same scale gives the same bytes on every machine.
#![allow(clippy::print_stderr, reason = "it speaks to whoever measures")]

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(folder), scale) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: generate-tree FOLDER [SCALE]");
        return ExitCode::from(2);
    };
    let Ok(scale) = scale.as_deref().unwrap_or("1").parse() else {
        eprintln!("generate-tree: the scale is a whole number");
        return ExitCode::from(2);
    };
    match write_tree(Path::new(&folder), scale) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("generate-tree: {folder}: {error}");
            ExitCode::from(2)
        }
    }
}

/// How a file of one kind is named and written; it is given its number.
struct Shape {
    /// How many there are at scale 1.
    count: usize,
    path: fn(usize) -> String,
    text: fn(usize) -> String,
}

const SHAPES: &[Shape] = &[
    Shape { count: 300, path: |n| format!("src/part{}/module_{n}.py", n % 20), text: python },
    Shape { count: 40, path: |n| format!("notebooks/study_{n}.ipynb"), text: notebook },
    Shape { count: 120, path: |n| format!("deploy/part{}/service_{n}.yaml", n % 10), text: kubernetes },
    Shape { count: 60, path: |n| format!("config/settings_{n}.yaml"), text: settings },
    Shape { count: 60, path: |n| format!("data/part{}/records_{n}.json", n % 5), text: records },
    Shape { count: 120, path: |n| format!("web/src/view_{n}.ts"), text: typescript },
    Shape { count: 150, path: |n| format!("pkg/part{}/source_{n}.go", n % 10), text: go },
    Shape { count: 80, path: |n| format!("docs/page_{n}.md"), text: prose },
    Shape { count: 20, path: |n| format!("services/service_{n}/Dockerfile"), text: dockerfile },
    Shape { count: 20, path: |n| format!("services/service_{n}/requirements.txt"), text: requirements },
    Shape { count: 30, path: |n| format!("infra/store_{n}.tf"), text: terraform },
];

fn write_tree(folder: &Path, scale: usize) -> io::Result<()> {
    for shape in SHAPES {
        for number in 0..shape.count * scale {
            let path = folder.join((shape.path)(number));
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(path, (shape.text)(number))?;
        }
    }
    Ok(())
}

/// Code of functions; one module in six loads a model.
fn python(number: usize) -> String {
    let mut text = String::from(
        "\"\"\"A part of the pipeline.\"\"\"\n\nimport json\nimport logging\nimport os\n\nimport numpy as np\n\n",
    );
    if number.is_multiple_of(6) {
        text.push_str("from transformers import AutoModel, AutoTokenizer\n\n");
        let _ =
            writeln!(text, "MODEL = AutoModel.from_pretrained(\"example-org/model-{number}\", revision=\"main\")\n");
    }
    for step in 0..40 {
        let _ = write!(
            text,
            "\ndef step_{step}(rows, limit={step}, *, name=\"step-{step}\"):\n    \"\"\"Keeps what is below the limit.\"\"\"\n    \
             kept = [row for row in rows if row[\"value\"] <= limit and row.get(\"name\") != name]\n    \
             logging.info(\"kept %d of %d rows\", len(kept), len(rows))\n    \
             if not kept:\n        raise ValueError(f\"nothing below {{limit}}\")\n    \
             return np.asarray([float(row[\"value\"]) * {step} for row in kept])\n\n"
        );
    }
    text
}

/// Twelve cells, of which every third keeps a picture of 40 kB in its output.
fn notebook(number: usize) -> String {
    let mut cells = Vec::new();
    for cell in 0..12 {
        let picture = picture(number * 12 + cell);
        let output = if cell % 3 == 0 {
            format!(
                "{{\"data\": {{\"image/png\": \"{picture}\", \"text/plain\": [\"<Figure>\"]}}, \"metadata\": {{}}, \
                 \"output_type\": \"display_data\"}}"
            )
        } else {
            String::new()
        };
        cells.push(format!(
            "  {{\n   \"cell_type\": \"code\",\n   \"execution_count\": {cell},\n   \"metadata\": {{}},\n   \"outputs\": [{output}],\n   \
             \"source\": [\n    \"import pandas as pd\\n\",\n    \"frame = pd.read_csv('data/part_{cell}.csv')\\n\",\n    \
             \"frame.groupby(\\\"name\\\").value.mean().plot(title=\\\"cell {cell} of {number}\\\")\\n\",\n    \"frame.head()\"\n   ]\n  }}"
        ));
    }
    format!(
        "{{\n \"cells\": [\n{}\n ],\n \"metadata\": {{\"language_info\": {{\"name\": \"python\"}}}},\n \"nbformat\": 4,\n \"nbformat_minor\": 5\n}}\n",
        cells.join(",\n")
    )
}

/// 40,000 letters as pictures have them, from a linear congruential generator.
fn picture(seed: usize) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut state = seed as u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 58).ok().and_then(|letter| LETTERS.get(letter)).copied().map_or('A', char::from)
    };
    (0..40_000).map(|_| next()).collect()
}

fn kubernetes(number: usize) -> String {
    let mut text = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: service-{number}\n  labels:\n    app: service-{number}\nspec:\n  \
         replicas: 2\n  template:\n    spec:\n      containers:\n"
    );
    for container in 0..12 {
        let _ = write!(
            text,
            "        - name: container-{container}\n          image: registry.example.com/service:{number}.{container}\n          \
             command: [\"/bin/service\", \"--port\", \"8080\"]\n          env:\n            - name: LOG_LEVEL\n              value: info\n            \
             - name: REGION\n              valueFrom:\n                configMapKeyRef:\n                  name: region\n                  key: name\n          \
             resources:\n            limits:\n              cpu: \"1\"\n              memory: 512Mi\n"
        );
    }
    text
}

fn settings(number: usize) -> String {
    let mut text = format!("model:\n  name: example-org/model-{number}\n  revision: main\ntraining:\n");
    for layer in 0..60 {
        let _ = write!(text, "  layer_{layer}:\n    width: {layer}\n    activation: relu\n    dropout: 0.{layer}\n");
    }
    text
}

fn records(number: usize) -> String {
    let row = |row: usize| {
        format!("  {{\"id\": {row}, \"name\": \"row {row} of {number}\", \"values\": [1, 2.5, 3e4], \"kept\": true}}")
    };
    format!("[\n{}\n]\n", (0..150).map(row).collect::<Vec<_>>().join(",\n"))
}

fn typescript(number: usize) -> String {
    let mut text = String::from("import { useState } from \"react\";\n\n");
    for view in 0..30 {
        let _ = write!(
            text,
            "export function View{view}({{ title, rows }}: {{ title: string; rows: Row[] }}) {{\n  \
             const [open, setOpen] = useState(false); // view {number}\n  const shown = rows.filter((row) => row.kept && row.id > {view});\n  \
             return <section onClick={{() => setOpen(!open)}}>{{open ? shown.map((row) => row.name).join(\", \") : title}}</section>;\n}}\n\n"
        );
    }
    text
}

fn go(number: usize) -> String {
    let mut text = format!("package part{number}\n\nimport \"fmt\"\n");
    for function in 0..50 {
        let _ = write!(
            text,
            "\n// Step{function} adds up what is below the limit.\nfunc Step{function}(values []int, limit int) (int, error) {{\n\t\
             total := 0\n\tfor _, value := range values {{\n\t\tif value < limit {{\n\t\t\ttotal += value\n\t\t}}\n\t}}\n\t\
             return total, fmt.Errorf(\"part %d: %w\", {function}, errNone)\n}}\n"
        );
    }
    text
}

fn prose(number: usize) -> String {
    let mut text = format!("# Page {number}\n");
    for section in 0..25 {
        let _ = write!(
            text,
            "\n## Section {section}\n\nThe service keeps its rows for a while, and [page {section}](page_{section}.md) tells for how long.\n\n\
             | name | value |\n|---|---|\n| limit | {section} |\n\n```python\nstep_{section}(rows)\n```\n"
        );
    }
    text
}

fn dockerfile(number: usize) -> String {
    format!(
        "FROM python:3.12.{number}\nWORKDIR /service\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nUSER 1000\nCMD [\"python\", \"-m\", \"service\"]\n"
    )
}

fn requirements(number: usize) -> String {
    format!("numpy==2.1.{number}\npandas==2.2.3\nrequests==2.32.3\ntransformers==4.46.{number}\n")
}

fn terraform(number: usize) -> String {
    let mut text = String::new();
    for store in 0..8 {
        let _ = write!(
            text,
            "resource \"aws_s3_bucket\" \"store_{number}_{store}\" {{\n  bucket = \"example-store-{number}-{store}\"\n}}\n\n\
             resource \"aws_s3_bucket_versioning\" \"store_{number}_{store}\" {{\n  bucket = aws_s3_bucket.store_{number}_{store}.id\n  \
             versioning_configuration {{\n    status = \"Enabled\"\n  }}\n}}\n\n"
        );
    }
    text
}
