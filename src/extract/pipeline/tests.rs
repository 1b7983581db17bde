//! What readers of every system must get right, and what they must survive.

use crate::catalogue::Catalogue;
use crate::classify;
use crate::document::{FileKind, PipelineSystem};
use crate::extract::{self, Context};
use crate::fact::{Fact, Facts};
use crate::interest::Interest;
use crate::parse::parse;
use crate::source::SourceFile;
use crate::tree::Tree;

fn context<'a>(tree: &'a Tree, interest: &'a Interest) -> Context<'a> {
    Context { tree, catalogue: Catalogue::shipped(), interest }
}

/// Facts of a pipeline file of this system.
pub(super) fn facts_of(system: PipelineSystem, path: &str, text: &str) -> Vec<Fact> {
    let file = SourceFile::new(path, text);
    let mut facts = Facts::of(&file.path);
    let parsed = parse(FileKind::Pipeline(system), text);
    let crate::document::Parsed::Tree(tree) = parsed else { panic!("a tree") };
    super::extract(&file, system, &tree, &context(&Tree::default(), &Interest::default()), &mut facts);
    facts.all
}

/// Facts of this kind of a file of any name, told as the product tells it.
fn seen(path: &str, text: &str, kind: &str) -> Vec<Fact> {
    let file = SourceFile::new(path, text);
    let file_kind = classify::settle(classify::classify(path).expect("a kind"), path, text);
    let parsed = parse(file_kind, text);
    let tree = Tree::default();
    let interest = Interest::default();
    let facts = extract::extract(&file, file_kind, &parsed, &context(&tree, &interest));
    facts.all.into_iter().filter(|fact| fact.kind.spec().name == kind).collect()
}

/// These fields of each fact, joined by ` | `.
fn shown(facts: &[Fact], fields: &[&str]) -> Vec<String> {
    let of = |fact: &Fact| fields.iter().map(|field| fact.get(field).expect(field).display()).collect::<Vec<_>>();
    facts.iter().map(|fact| of(fact).join(" | ")).collect()
}

const GITLAB: &str = "include:
  - local: ci/lint.yml
  - project: group/templates
    file: train.yml
  - project: group/templates
    ref: v1.4.0
    file: a.yml
  - remote: https://example.org/ci/main/scan.yml
  - component: gitlab.com/components/sast@2
stages: [train, test, release, deploy]
default:
  image: python:3.11
  before_script:
    - pip install garak
variables:
  API_TOKEN: kq81-zzv3-demo-only
.base:
  variables: {A: b}
  script: [garak --model_type x]
train:
  stage: train
  image: pytorch/pytorch:latest
  script:
    - python train.py
  artifacts: {paths: [model.pkl]}
attack:
  extends: .base
  stage: test
  allow_failure: true
bias:
  stage: test
  script:
    - python check_bias.py || true
approve:
  stage: release
  script: [echo go]
  rules:
    - when: manual
deploy:
  stage: deploy
  environment: {name: prod}
  script:
    - !reference [.ship, script]
.ship:
  script: [bentoml deploy x]
";

#[test]
fn gitlab_jobs_with_what_they_extend() {
    let steps = seen(".gitlab-ci.yml", GITLAB, "step");
    assert_eq!(
        shown(&steps, &["name", "purposes", "blocking", "approval", "environment", "model_files", "ai"]),
        [
            "train | train | yes | no |  | model.pkl | yes",
            "attack | red-team | no | no |  |  | yes",
            "bias | bias | no | no |  |  | yes",
            "approve |  | yes | yes |  |  | yes",
            "deploy | deploy | yes | yes | prod |  | yes",
            ".ship | deploy | yes | no |  |  | yes",
        ]
    );
    let at = steps[2].location_of("blocking").span().expect("a place");
    assert_eq!(at.text(GITLAB), "python check_bias.py || true".split(" ||").next().unwrap());
    let includes = seen(".gitlab-ci.yml", GITLAB, "pipeline-include");
    assert_eq!(
        shown(&includes, &["name", "version", "pin"]),
        [
            "ci/lint.yml |  | local",
            "group/templates |  | none",
            "group/templates | v1.4.0 | tag",
            "https://example.org/ci/main/scan.yml |  | branch",
            "gitlab.com/components/sast | 2 | branch",
        ]
    );
    assert_eq!(
        shown(&seen(".gitlab-ci.yml", GITLAB, "image"), &["reference"]),
        ["python:3.11", "pytorch/pytorch:latest"]
    );
    assert_eq!(shown(&seen(".gitlab-ci.yml", GITLAB, "secret"), &["setting", "holder"]), ["API_TOKEN | pipeline"]);
    let workflows = seen(".gitlab-ci.yml", GITLAB, "workflow");
    assert_eq!(shown(&workflows, &["system", "permissions", "ai"]), ["gitlab | unknown | yes"]);
}

#[test]
fn gitlab_approvals() {
    let approval = |job: &str| {
        shown(&seen(".gitlab-ci.yml", &format!("j:\n  script: [x]\n{job}"), "step"), &["approval", "blocking"])
    };
    assert_eq!(approval(""), ["no | yes"]);
    assert_eq!(approval("  when: manual\n"), ["yes | no"]);
    assert_eq!(approval("  when: manual\n  allow_failure: false\n"), ["yes | yes"]);
    assert_eq!(approval("  environment: prod\n"), ["unknown | yes"]);
    assert_eq!(approval("  rules: [{if: '$CI_COMMIT_TAG'}]\n"), ["unknown | yes"]);
    assert_eq!(approval("  rules: [{if: '$CI_COMMIT_BRANCH == \"main\"'}]\n"), ["no | yes"]);
    assert_eq!(approval("  rules: [{if: x, when: manual}, {if: y}]\n"), ["unknown | yes"]);
    assert_eq!(approval("  only: [tags]\n"), ["unknown | yes"]);
    assert_eq!(approval("workflow: {rules: [{if: $CI_COMMIT_TAG}]}\n"), ["unknown | yes"]);
    assert_eq!(approval("workflow: {rules: [{if: $CI_COMMIT_TAG}, {if: $CI_COMMIT_BRANCH}]}\n"), ["no | yes"]);
    assert_eq!(approval("  extends: .of-another-file\n"), ["unknown | yes"]);
    assert_eq!(approval("  rules: !reference [.of-another-file, rules]\n"), ["unknown | yes"]);
    assert_eq!(approval("  needs: [elsewhere]\n"), ["unknown | yes"]);
    assert_eq!(approval("  allow_failure: {exit_codes: 3}\n"), ["no | unknown"]);
}

const AZURE: &str = "trigger:
  branches: {include: [main]}
variables:
- name: HF_TOKEN
  value: kq81-zzv3-demo-only
- ${{ if eq(1, 1) }}:
  - name: B
    value: c
resources:
  repositories:
  - repository: shared
    name: org/shared
    ref: refs/heads/main
  - repository: fixed
    name: org/fixed
    ref: refs/tags/v1
  containers:
  - container: c
    image: pytorch/pytorch:latest
stages:
- stage: Train
  jobs:
  - job: Train
    steps:
    - checkout: self
    - task: AzureCLI@2
      displayName: Submit
      inputs:
        inlineScript: |
          az ml job create -f job.yml
    - ${{ if eq(parameters.scan, true) }}:
      - script: modelscan -p model.pkl
        continueOnError: true
    - task: PublishPipelineArtifact@1
      inputs: {targetPath: out/model.pkl}
- stage: Deploy
  jobs:
  - deployment: Staging
    environment: staging
    strategy:
      runOnce:
        deploy:
          steps:
          - template: deploy-online-endpoint.yml@shared
  - job: Ask
    pool: server
    steps:
    - task: ManualValidation@1
  - job: Prod
    dependsOn: Ask
    steps:
    - bash: az ml online-deployment create -f d.yml
  - job: Direct
    steps:
    - task: PythonScript@0
      inputs: {scriptSource: filePath, scriptPath: ops/deploy_model.py, arguments: --all}
";

#[test]
fn azure_stages_jobs_and_tasks() {
    let steps = seen("ops/pipeline.yml", AZURE, "step");
    assert_eq!(
        shown(&steps, &["name", "job", "purposes", "deploys_model", "blocking", "approval", "environment"]),
        [
            "Submit | Train | train | no | yes | no | ",
            "modelscan -p | Train | model-scan | no | no | no | ",
            "PublishPipelineArtifact | Train |  | no | yes | no | ",
            "deploy-online-endpoint.yml | Staging | deploy | yes | yes | unknown | staging",
            "ManualValidation | Ask |  | no | yes | yes | ",
            "az ml | Prod | deploy | yes | yes | yes | ",
            "PythonScript | Direct | deploy | yes | yes | no | ",
        ]
    );
    assert_eq!(
        shown(&steps[3..4], &["uses", "pin", "version"]),
        ["deploy-online-endpoint.yml | branch | refs/heads/main"]
    );
    assert_eq!(shown(&steps[2..3], &["model_files"]), ["out/model.pkl"]);
    let includes = seen("ops/pipeline.yml", AZURE, "pipeline-include");
    assert_eq!(shown(&includes, &["name", "pin"]), ["org/shared | branch", "org/fixed | tag"]);
    assert_eq!(shown(&seen("ops/pipeline.yml", AZURE, "secret"), &["setting"]), ["HF_TOKEN"]);
    assert_eq!(shown(&seen("ops/pipeline.yml", AZURE, "image"), &["pin"]), ["latest"]);
}

#[test]
fn templates_for_models_tell_what_a_pipeline_is_about() {
    let text = "trigger: none\nresources:\n  repositories:\n    - repository: mlops-templates\n      name: mlops-templates\n      ref: main\nsteps:\n  - template: templates/create-endpoint.yml@mlops-templates\n";
    let of = |kind: &str, field: &str| shown(&seen("azure-pipelines.yml", text, kind), &[field, "ai"]);
    assert_eq!(of("workflow", "system"), ["azure | yes"]);
    assert_eq!(of("pipeline-include", "pin"), ["branch | yes"]);
}

#[test]
fn azure_pipelines_without_triggers() {
    let approval = |path: &str, head: &str| {
        let text = format!("{head}pool: x\nsteps:\n- script: bentoml deploy\n");
        shown(&seen(path, &text, "step"), &["approval"])
    };
    assert_eq!(approval("azure-pipelines.yml", ""), ["no"]);
    assert_eq!(approval("deploy.yml", ""), ["unknown"]);
    assert_eq!(approval("deploy.yml", "trigger: none\n"), ["unknown"]);
    assert_eq!(approval("deploy.yml", "trigger: [main]\n"), ["no"]);
    assert_eq!(approval("deploy.yml", "schedules: [{cron: x}]\n"), ["no"]);
}

const CIRCLECI: &str = "version: 2.1
orbs:
  aws: circleci/aws-cli@4.1.3
  gcp: circleci/gcp-cli@volatile
  inline:
    commands: {}
executors:
  gpu:
    docker: [{image: 'pytorch/pytorch:latest', environment: {A: b}}]
jobs:
  train:
    executor: gpu
    steps:
    - checkout
    - aws/setup
    - when:
        condition: x
        steps:
        - run: python train.py
    - run: {name: Scan, command: picklescan -p model.pkl || true}
    - store_artifacts: {path: model.pkl}
  ship:
    docker: [{image: cimg/python:3.11, environment: {WANDB_API_KEY: kq81-zzv3-demo-only}}]
    steps:
    - run: |
        set -e
        bentoml deploy x
  other:
    steps: [{run: bentoml deploy y}]
workflows:
  main:
    jobs:
    - train
    - hold: {type: approval, requires: [train]}
    - ship: {requires: [hold], context: prod}
    - gcp/run: {requires: [ship]}
    - other
";

#[test]
fn circleci_jobs_as_workflows_run_them() {
    let steps = seen(".circleci/config.yml", CIRCLECI, "step");
    assert_eq!(
        shown(&steps, &["name", "job", "uses", "pin", "purposes", "blocking", "approval", "privileged"]),
        [
            "aws/setup | train | aws/setup | version |  | yes | no | unknown",
            "train.py | train |  | none | train | yes | no | unknown",
            "Scan | train |  | none | model-scan | no | no | unknown",
            "store_artifacts | train |  | none |  | yes | no | unknown",
            "set -e | ship |  | none | deploy | yes | yes | yes",
            "bentoml deploy | other |  | none | deploy | yes | no | unknown",
            "gcp/run | gcp/run | gcp/run | branch |  | yes | yes | unknown",
        ]
    );
    let includes = seen(".circleci/config.yml", CIRCLECI, "pipeline-include");
    assert_eq!(
        shown(&includes, &["name", "version", "pin"]),
        ["circleci/aws-cli | 4.1.3 | version", "circleci/gcp-cli | volatile | branch"]
    );
    assert_eq!(shown(&seen(".circleci/config.yml", CIRCLECI, "secret"), &["setting"]), ["WANDB_API_KEY"]);
}

const JENKINS: &str = "@Library('shared@main') _
pipeline {
  agent { docker { image 'pytorch/pytorch:latest' } }
  triggers { cron('H 2 * * *') }
  environment {
    HF_TOKEN = credentials('hf')
    DB_PASSWORD = 'kq81-zzv3-demo-only'
  }
  stages {
    stage('Train') {
      steps {
        sh 'python train.py'
        archiveArtifacts artifacts: 'out/model.pkl'
        catchError(buildResult: 'SUCCESS') {
          sh \"\"\"
            garak --model ${M}
          \"\"\"
        }
      }
    }
    stage('Early') {
      when { buildingTag() }
      steps { sh 'bentoml deploy' }
    }
    stage('Deploy') {
      input { message 'Go?' }
      steps {
        withCredentials([string(credentialsId: 'a', variable: 'B')]) {
          sh(script: 'bentoml deploy', returnStatus: true)
        }
      }
    }
    stage('After') { steps { sh 'python evaluate.py' } }
  }
}
";

#[test]
fn jenkins_stages_in_order() {
    let steps = seen("Jenkinsfile", JENKINS, "step");
    assert_eq!(
        shown(&steps, &["name", "job", "purposes", "blocking", "approval", "privileged"]),
        [
            "train.py | Train | train | yes | no | unknown",
            "archiveArtifacts | Train |  | yes | no | unknown",
            "garak --model | Train | red-team | no | no | unknown",
            "bentoml deploy | Early | deploy | yes | unknown | unknown",
            "bentoml deploy | Deploy | deploy | unknown | yes | yes",
            "evaluate.py | After | evaluate | yes | yes | unknown",
        ]
    );
    assert_eq!(shown(&steps[1..2], &["model_files"]), ["out/model.pkl"]);
    assert_eq!(
        shown(&seen("Jenkinsfile", JENKINS, "pipeline-include"), &["name", "version", "pin"]),
        ["shared | main | branch"]
    );
    assert_eq!(shown(&seen("Jenkinsfile", JENKINS, "image"), &["pin"]), ["latest"]);
    assert_eq!(shown(&seen("Jenkinsfile", JENKINS, "secret"), &["setting"]), ["DB_PASSWORD"]);
}

#[test]
fn bitbucket_steps_wait_for_the_one_started_by_hand() {
    let text = "image: python:3.11
pipelines:
  default:
  - step: {name: Train, script: [python train.py], artifacts: ['*.pkl']}
  - parallel:
    - step: {name: Deploy, script: [bentoml deploy, {pipe: 'atlassian/aws-ecs-deploy:1.6.2', variables: {A: b}}]}
  - step: {name: Prod, deployment: production, trigger: manual, script: [bentoml deploy]}
  - step: {name: Last, script: [x]}
  custom:
    now:
    - step: {name: Now, script: [bentoml deploy]}
";
    let steps = seen("bitbucket-pipelines.yml", text, "step");
    assert_eq!(
        shown(&steps, &["name", "purposes", "approval", "environment", "model_files", "version"]),
        [
            "Train | train | no |  | *.pkl | ",
            "Deploy | deploy | no |  |  | ",
            "atlassian/aws-ecs-deploy | deploy | no |  |  | 1.6.2",
            "Prod | deploy | yes | production |  | ",
            "Last |  | yes |  |  | ",
            "Now | deploy | unknown |  |  | ",
        ]
    );
}

#[test]
fn builders_of_clouds() {
    let text = "version: 0.2
env: {variables: {A: b}}
phases:
  build:
    on-failure: CONTINUE
    commands:
    - garak --x
    - aws sagemaker create-endpoint --x
";
    let steps = seen("buildspec.yml", text, "step");
    assert_eq!(
        shown(&steps, &["name", "purposes", "blocking", "approval"]),
        ["build | red-team, deploy | no | unknown"]
    );
    let text = "steps:
- name: gcr.io/cloud-builders/docker
  args: [push, 'gcr.io/x/y']
- name: python:3.11
  id: eval
  entrypoint: bash
  args: ['-c', 'python evaluate.py']
  allowFailure: true
  env: ['OPENAI_API_KEY=kq81-zzv3-demo-only']
- name: gcr.io/x/runner
  args: [python, train.py, '--name', 'a b']
";
    let steps = seen("cloudbuild.yaml", text, "step");
    assert_eq!(
        shown(&steps, &["name", "purposes", "blocking"]),
        ["docker push | deploy | yes", "eval | evaluate | no", "train.py --name | train | yes"]
    );
    assert_eq!(shown(&seen("cloudbuild.yaml", text, "secret"), &["setting"]), ["OPENAI_API_KEY"]);
    let text = "name: x\ndocker_env: {image: a/b}\nentry_points:\n  main:\n    command: 'python train.py {alpha}'\n  validate: {command: x}\n";
    let steps = seen("MLproject", text, "step");
    assert_eq!(shown(&steps, &["name", "purposes", "ai"]), ["main | train | yes", "validate |  | yes"]);
}

const KUBEFLOW: &str = "# PIPELINE DEFINITION
deploymentSpec:
  executors:
    exec-train-model:
      container:
        command:
        - sh
        - -c
        - \"\\npip install 'x' && \\\\\\n\\\"$0\\\"\\n\"
        - sh
        - -ec
        - 'python3 -m kfp.dsl.executor_main'
        - \"\\nimport kfp\\nfrom fairlearn.metrics import MetricFrame\\ndef train(): pass\\n\"
        image: pytorch/pytorch:latest
        env:
        - {name: A, value: b}
    exec-endpoint:
      container:
        args: [--x]
        command: [python3, -u, -m, google_cloud_pipeline_components.container.v1.endpoint.deploy_model.launcher]
        image: gcr.io/x/y:1.0
    exec-importer:
      importer: {artifactUri: x}
pipelineInfo: {name: my-pipeline}
root: {dag: {}}
---
platforms:
  kubernetes:
    deploymentSpec:
      executors:
        exec-train-model:
          secretAsEnv:
          - secretName: s
            keyToEnv: [{secretKey: k, envVar: PASSWORD_VAR}]
";

#[test]
fn kubeflow_pipelines_in_both_syntaxes() {
    let steps = seen("pipeline.yaml", KUBEFLOW, "step");
    let expected = ["train-model | bias | no | yes", "endpoint | deploy | yes | unknown"];
    assert_eq!(shown(&steps, &["name", "purposes", "deploys_model", "privileged"]), expected);
    assert_eq!(shown(&seen("pipeline.yaml", KUBEFLOW, "check-tool"), &["name", "form"]), ["fairlearn | step"]);
    assert_eq!(
        shown(&seen("pipeline.yaml", KUBEFLOW, "image"), &["pin", "used_by"]),
        ["latest | pipeline", "version | pipeline"]
    );
    assert_eq!(
        shown(&seen("pipeline.yaml", KUBEFLOW, "environment-variable"), &["name", "literal"]),
        ["A | yes", "PASSWORD_VAR | no"]
    );
    assert_eq!(shown(&seen("pipeline.yaml", KUBEFLOW, "workflow"), &["name", "system"]), ["my-pipeline | kubeflow"]);
    let json = "{\"pipelineSpec\": {\"pipelineInfo\": {\"name\": \"p\"}, \"deploymentSpec\": {\"executors\": {\"exec-train\": {\"container\": {\"image\": \"a/b\", \"command\": [\"x\"]}}}}}}";
    assert_eq!(shown(&seen("job.json", json, "step"), &["name", "purposes"]), ["train | train"]);
}

const ARGO: &str = "apiVersion: argoproj.io/v1alpha1
kind: CronWorkflow
metadata: {name: nightly}
spec:
  workflowSpec:
    templates:
    - name: main
      dag:
        tasks:
        - {name: t, template: train}
        - {name: b, template: bias, depends: t.Succeeded, continueOn: {failed: true}}
        - {name: ask, template: ask, dependencies: [t]}
        - {name: d, template: deploy, depends: 'ask && t'}
    - name: train
      container: {image: 'pytorch/pytorch:latest', command: [python, train.py]}
    - name: bias
      script: {image: 'python:3.11', command: [bash], source: python check_bias.py}
    - {name: ask, suspend: {}}
    - name: deploy
      container: {image: 'x/y:1', command: [sh, -c], args: [bentoml deploy]}
";

#[test]
fn argo_graphs_with_their_gates() {
    let steps = seen("wf.yaml", ARGO, "step");
    assert_eq!(
        shown(&steps, &["name", "purposes", "blocking", "approval"]),
        ["train | train | yes | unknown", "bias | bias | no | unknown", "deploy | deploy | yes | yes"]
    );
    let open = ARGO.replace("suspend: {}", "suspend: {duration: 10s}");
    assert_eq!(shown(&seen("wf.yaml", &open, "step"), &["approval"]), ["no", "no", "no"]);
    assert_eq!(shown(&seen("wf.yaml", ARGO, "image"), &["pin"]), ["latest", "version", "version"]);
    let listed = "apiVersion: argoproj.io/v1alpha1
kind: Workflow
spec:
  templates:
  - name: main
    steps:
    - - {name: a, template: train}
    - - {name: ask, template: ask}
    - - {name: d, template: deploy}
  - {name: ask, suspend: {}}
  - {name: train, container: {image: a, command: [python, train.py]}}
  - {name: deploy, container: {image: a, command: [bentoml, deploy]}}
";
    assert_eq!(shown(&seen("wf.yaml", listed, "step"), &["name", "approval"]), ["train | unknown", "deploy | yes"]);
}

#[test]
fn sagemaker_definitions() {
    let text = r#"{"Version": "2020-12-01", "Parameters": [{"Name": "Status", "Type": "String", "DefaultValue": "Approved"}],
      "Steps": [
        {"Name": "T", "Type": "Training", "Arguments": {"AlgorithmSpecification": {"TrainingImage": "a/b:latest"}}},
        {"Name": "B", "Type": "ClarifyCheck", "Arguments": {}, "CheckType": "MODEL_BIAS", "SkipCheck": true},
        {"Name": "C", "Type": "Condition", "Arguments": {"IfSteps": [
          {"Name": "R", "Type": "RegisterModel", "Arguments": {"ModelApprovalStatus": {"Get": "Parameters.Status"}}},
          {"Name": "S", "Type": "RegisterModel", "Arguments": {"ModelApprovalStatus": "PendingManualApproval"}},
          {"Name": "DeployModel", "Type": "Lambda", "Arguments": {}}]}}]}"#;
    let steps = seen("pipeline.json", text, "step");
    assert_eq!(
        shown(&steps, &["name", "purposes", "blocking", "approval"]),
        [
            "T | train | yes | unknown",
            "B | bias | no | unknown",
            "C |  | yes | unknown",
            "R | register | yes | no",
            "S | register | yes | yes",
            "DeployModel | deploy | yes | unknown",
        ]
    );
    assert_eq!(steps[3].location_of("approval").span().expect("a place").text(text), "\"Approved\"");
}

#[test]
fn sagemaker_in_python() {
    let text = "from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.steps import TrainingStep
from sagemaker.workflow.step_collections import RegisterModel
from sagemaker.workflow.clarify_check_step import ClarifyCheckStep, ModelBiasCheckConfig
status = ParameterString(name='ModelApprovalStatus', default_value='Approved')
t = TrainingStep(name='Train', step_args=a)
c = ClarifyCheckStep(name='Check', clarify_check_config=ModelBiasCheckConfig(x), fail_on_violation=False)
r = RegisterModel(name='Register', approval_status=status)
m = model.register(approval_status='PendingManualApproval')
p = Pipeline(name='abalone', steps=[t])
";
    let steps = seen("pipelines/pipeline.py", text, "step");
    assert_eq!(
        shown(&steps, &["name", "purposes", "blocking", "approval"]),
        [
            "Train | train | yes | unknown",
            "Check | bias | no | unknown",
            "Register | register | yes | no",
            "register | register | yes | yes",
        ]
    );
    assert_eq!(steps[2].location_of("approval").span().expect("a place").text(text), "'Approved'");
    assert_eq!(shown(&seen("p.py", text, "workflow"), &["name", "system"]), ["abalone | sagemaker"]);
}

#[test]
fn airflow_and_functions_with_decorators() {
    let text = "from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator
from airflow.providers.amazon.aws.operators.sagemaker import SageMakerEndpointOperator
with DAG(dag_id='d', schedule='@daily') as dag:
    a = BashOperator(task_id='a', bash_command='garak --x || true')
    b = PythonOperator(task_id='b', python_callable=train_model)
    c = SageMakerEndpointOperator(task_id='c')
";
    assert_eq!(
        shown(&seen("dags/d.py", text, "step"), &["name", "purposes", "blocking", "approval", "deploys_model"]),
        ["a | red-team | no | no | no", "b | train | yes | no | no", "c | deploy | yes | no | yes"]
    );
    let text = "from prefect import flow, task\n@task\ndef train(): pass\n@task(name='x')\ndef check_bias(): pass\n@flow\ndef main(): train()\n";
    assert_eq!(shown(&seen("flows.py", text, "step"), &["name", "purposes"]), ["train | train", "check_bias | bias"]);
    assert_eq!(shown(&seen("flows.py", text, "workflow"), &["name", "system"]), ["main | prefect"]);
    assert_eq!(seen("n.py", "import boto3\nmodel.register(approval_status='Approved')\n", "step").len(), 0);
    assert_eq!(seen("x.py", "import airflow\nfrom sagemaker.workflow import y\ndef f(): pass\n", "step").len(), 0);
}

/// Every sample in every way that files are broken: it ends, and what it tells lies in the file.
#[test]
fn broken_pipelines_end() {
    let samples = [
        (PipelineSystem::GitLab, GITLAB),
        (PipelineSystem::Azure, AZURE),
        (PipelineSystem::CircleCi, CIRCLECI),
        (PipelineSystem::Jenkins, JENKINS),
        (PipelineSystem::Kubeflow, KUBEFLOW),
    ];
    for (system, sample) in samples {
        let windows = sample.replace('\n', "\r\n");
        let marked = format!("\u{feff}{sample}");
        let twice = format!("{sample}\n{sample}");
        let foreign = sample.replace("train", "trainübung");
        let endless = sample.replace("python", &"x".repeat(1 << 20));
        let wrong =
            ["[]", "- - -", "x", "", "null", "1", "a: 1\nstages: 3\njobs: [1, {}]\nsteps: {a: b}\npipelines: x"];
        let cut = (0..sample.len()).step_by(97).filter_map(|end| sample.get(..end));
        let broken = [windows.as_str(), &marked, &twice, &foreign, &endless].into_iter().chain(wrong).chain(cut);
        for text in broken {
            for fact in facts_of(system, "x", text) {
                let end = fact.at.span().map_or(0, |span| span.end);
                assert!(end <= text.len(), "{system:?}: {fact:?}");
            }
        }
        let names = |text: &str| shown(&steps_of(system, text), &["name", "purposes", "blocking", "approval"]);
        assert_eq!(names(&windows), names(sample), "{system:?}");
        assert_eq!(names(&marked), names(sample), "{system:?}");
    }
}

fn steps_of(system: PipelineSystem, text: &str) -> Vec<Fact> {
    facts_of(system, "x", text).into_iter().filter(|fact| fact.kind.spec().name == "step").collect()
}

/// Each value of each sample replaced by values of other types.
#[test]
fn wrong_types_end() {
    let samples = [
        (PipelineSystem::GitHub, "on: push\njobs:\n  a:\n    steps:\n    - uses: x\n"),
        (PipelineSystem::GitLab, GITLAB),
        (PipelineSystem::Azure, AZURE),
        (PipelineSystem::CircleCi, CIRCLECI),
        (PipelineSystem::Kubeflow, KUBEFLOW),
    ];
    for (system, sample) in samples {
        for (number, line) in sample.lines().enumerate() {
            let Some((key, _)) = line.split_once(": ") else { continue };
            for value in ["3", "[[{a: [b]}]]", "{name: {name: []}}", "~"] {
                let lines: Vec<String> = sample
                    .lines()
                    .enumerate()
                    .map(|(index, other)| if index == number { format!("{key}: {value}") } else { other.to_owned() })
                    .collect();
                let _ = facts_of(system, "x", &lines.join("\n"));
            }
        }
    }
}
