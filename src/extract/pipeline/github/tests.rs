use crate::document::PipelineSystem;
use crate::extract::pipeline::tests::facts_of;
use crate::fact::Fact;
use crate::source::SourceFile;

fn seen(text: &str) -> (Vec<Fact>, SourceFile) {
    let path = ".github/workflows/ci.yml";
    (facts_of(PipelineSystem::GitHub, path, text), SourceFile::new(path, text))
}

fn of(text: &str, kind: &str) -> Vec<Fact> {
    seen(text).0.into_iter().filter(|fact| fact.kind.spec().name == kind).collect()
}

fn workflow(text: &str) -> Fact {
    of(text, "workflow").remove(0)
}

#[test]
fn permissions_of_top_and_jobs() {
    let permissions = |text: &str| workflow(text).text("permissions").to_owned();
    assert_eq!(permissions("on: push\njobs: {a: {steps: []}}"), "none-set");
    assert_eq!(permissions("on: push\npermissions: {contents: read}\njobs: {a: {steps: []}}"), "read");
    assert_eq!(permissions("on: push\npermissions: {}\njobs: {a: {steps: []}}"), "read");
    assert_eq!(permissions("on: push\npermissions: read-all\njobs: {a: {permissions: write-all}}"), "write-all");
    assert_eq!(permissions("on: push\njobs: {a: {permissions: {contents: write}}, b: {permissions: {}}}"), "scoped");
    assert_eq!(permissions("on: push\njobs: {a: {permissions: {contents: write}}, b: {}}"), "none-set");
}

#[test]
fn triggers_in_every_form() {
    let triggers = |text: &str| workflow(text).get("triggers").unwrap().display();
    assert_eq!(triggers("on: push\njobs: {}"), "push");
    assert_eq!(triggers("on: [push, pull_request]\njobs: {}"), "push, pull_request");
    assert_eq!(triggers("on:\n  push:\n  issues: {types: [opened]}\njobs: {}"), "push, issues");
}

#[test]
fn purposes_and_whether_they_block() {
    let text = "on: push
jobs:
  check:
    steps:
    - run: pip install garak
    - name: scan
      run: |
        echo start
        uv run garak --model_type x \\
          --probes y || true
    - run: python src/train.py
    - uses: promptfoo/promptfoo-action@v1
      continue-on-error: true
";
    let (facts, file) = seen(text);
    let steps: Vec<_> = facts.iter().filter(|fact| fact.kind.spec().name == "step").collect();
    let shown: Vec<_> =
        steps.iter().map(|step| step.get("purposes").unwrap().display() + " " + step.text("blocking")).collect();
    assert_eq!(shown, [" yes", "red-team no", "train yes", "evaluate no"]);
    let at = steps[1].location_of("blocking").span().unwrap();
    assert_eq!(at.text(&file.text), "uv run garak --model_type x");
    assert_eq!(steps[3].text("pin"), "tag");
    let tools: Vec<_> = of(text, "check-tool").iter().map(|fact| fact.subject.clone()).collect();
    assert_eq!(tools, ["garak", "promptfoo"]);
    assert_eq!(workflow(text).text("ai"), "yes");
}

#[test]
fn a_later_step_can_fail_in_place_of_another() {
    let text = "on: push
jobs:
  check:
    steps:
    - id: scan
      run: garak
      continue-on-error: true
    - if: steps.scan.outcome != 'success'
      run: exit 1
";
    assert_eq!(of(text, "step")[0].text("blocking"), "unknown");
    assert_eq!(of(&text.replace("steps.scan.outcome", "steps.other.outcome"), "step")[0].text("blocking"), "no");
}

#[test]
fn pins_of_actions() {
    let text = "on: push
jobs:
  a:
    steps:
    - uses: a/b@0123456789012345678901234567890123456789
    - uses: a/b@v1.2
    - uses: a/b@main
    - uses: ./local
    - uses: docker://alpine:3.20
    - run: echo
  b:
    uses: o/r/.github/workflows/x.yml@main
    secrets: inherit
";
    let steps = of(text, "step");
    let pins: Vec<_> = steps.iter().map(|step| step.text("pin")).collect();
    assert_eq!(pins, ["commit", "tag", "branch", "local", "tag", "none", "branch"]);
    assert_eq!(steps[6].text("privileged"), "yes");
    assert_eq!(of(text, "image")[0].text("reference"), "alpine:3.20");
}

const TARGET: &str = "on: pull_request_target
jobs:
  a:
    steps:
    - uses: actions/checkout@v4
      with: {ref: '${{ github.event.pull_request.head.sha }}'}
    - run: make test
";

#[test]
fn foreign_code_with_rights() {
    let untrusted = |text: &str| of(text, "step")[0].text("untrusted_checkout").to_owned();
    assert_eq!(untrusted(TARGET), "yes");
    assert_eq!(untrusted(&TARGET.replace("pull_request_target", "pull_request")), "no");
    assert_eq!(untrusted(&TARGET.replace("    - run: make test\n", "")), "no");
    assert_eq!(
        untrusted(&TARGET.replace("    steps:", "    if: github.event.label.name == 'safe'\n    steps:")),
        "unknown"
    );
    let followed_by = |step: &str| untrusted(&TARGET.replace("run: make test", step));
    assert_eq!(followed_by("run: git diff origin/main | tee changes.txt"), "no");
    assert_eq!(followed_by("run: \"if [ -f a ]; then\\n  python evaluate.py\\nfi\""), "yes");
    assert_eq!(followed_by("uses: anthropics/claude-code-action@v1"), "yes");
    let beside =
        |step: &str| untrusted(&TARGET.replace("head.sha }}'", "head.sha }}', path: pr").replace("make test", step));
    assert_eq!(beside("python check.py pr/data"), "unknown");
    assert_eq!(beside("cd pr && make test"), "yes");
    assert_eq!(beside("pip install -e ./pr"), "yes");
}

#[test]
fn foreign_text_in_scripts() {
    let text = "on: issue_comment
jobs:
  a:
    steps:
    - run: echo \"${{ github.event.comment.body }}\"
    - run: echo \"$BODY\"
      env: {BODY: '${{ github.event.comment.body }}'}
    - run: echo ${{ contains(github.event.comment.body, 'x') }}
";
    let shown: Vec<_> = of(text, "step").iter().map(|step| step.text("untrusted_input").to_owned()).collect();
    assert_eq!(shown, ["yes", "no", "no"]);
    let harmless = text.replace("issue_comment", "push");
    assert_eq!(of(&harmless, "step")[0].text("untrusted_input"), "no");
}

#[test]
fn variables_of_workflow_job_and_step() {
    let text = "on: push
env: {OPENAI_API_KEY: '${{ secrets.KEY }}', A: b}
jobs:
  a:
    env: {DB_PASSWORD: kq81-zzv3-demo}
    services: {db: {image: 'postgres:16', env: {POSTGRES_PASSWORD: postgres}}}
    container: {image: 'pytorch/pytorch:latest'}
    steps:
    - name: s
      run: x
      env: {C: d}
";
    let subjects: Vec<_> = of(text, "environment-variable").iter().map(|fact| fact.subject.clone()).collect();
    assert_eq!(subjects, ["OPENAI_API_KEY", "A", "a/DB_PASSWORD", "a/s/C"]);
    assert_eq!(of(text, "secret").len(), 1);
    assert_eq!(of(text, "image").len(), 2);
}

#[test]
fn composite_actions_have_steps_and_no_workflow() {
    let text = "name: x\nruns:\n  using: composite\n  steps:\n  - uses: a/b@main\n";
    assert_eq!(of(text, "step")[0].text("pin"), "branch");
    assert_eq!(of(text, "workflow").len(), 0);
}

#[test]
fn wrong_types_end_quietly() {
    for text in [
        "on: {}\njobs: []",
        "jobs: {a: 1, b: {steps: x}, c: {steps: [1, {uses: []}, {run: {}}]}}",
        "[]",
        "",
        "jobs: {a: {env: x, permissions: 3}}",
    ] {
        let _ = seen(text);
    }
}

#[test]
fn who_agrees_to_a_deployment() {
    let approvals =
        |text: &str| -> Vec<String> { of(text, "step").iter().map(|step| step.text("approval").to_owned()).collect() };
    let text = "on:
  push: {branches: [main]}
jobs:
  train: {steps: [{run: python train.py}]}
  deploy: {needs: train, environment: {name: prod}, steps: [{run: bentoml deploy}]}
  after: {needs: [deploy], steps: [{run: x}]}
  release: {if: \"github.event_name == 'workflow_dispatch'\", steps: [{run: x}]}
  asked: {steps: [{run: x}, {uses: trstringer/manual-approval@v1}, {run: bentoml deploy}]}
";
    assert_eq!(approvals(text), ["no", "unknown", "unknown", "unknown", "no", "yes", "yes"]);
    assert_eq!(of(text, "step")[1].text("environment"), "prod");
    assert_eq!(approvals(&text.replace("push: {branches: [main]}", "workflow_dispatch: {}"))[0], "yes");
    assert_eq!(approvals(&text.replace("push: {branches: [main]}", "push: {tags: ['v*']}"))[0], "unknown");
    assert_eq!(approvals(&text.replace("push: {branches: [main]}", "workflow_call: {}"))[0], "unknown");
    let deploys: Vec<_> = of(text, "step").iter().map(|step| step.text("deploys_model").to_owned()).collect();
    assert_eq!(deploys, ["no", "yes", "no", "no", "no", "no", "yes"]);
}

#[test]
fn model_files_that_are_handed_on() {
    let text = "on: push
jobs:
  a:
    steps:
    - run: aws s3 cp out/model.pkl s3://bucket/
    - uses: actions/upload-artifact@v4
      with:
        path: |
          out/model.joblib
          out/report.html
    - run: cat model.pkl
";
    let shown: Vec<_> = of(text, "step").iter().map(|step| step.get("model_files").unwrap().display()).collect();
    assert_eq!(shown, ["out/model.pkl", "out/model.joblib", ""]);
}
