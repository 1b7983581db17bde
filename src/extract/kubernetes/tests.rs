use super::*;
use crate::catalogue::Catalogue;
use crate::fact::Fact;
use crate::interest::Interest;
use crate::parse::yaml::parse;
use crate::tree::Tree;

fn seen_beside(text: &str, others: &[&str]) -> Vec<Fact> {
    let file = SourceFile::new("deploy/app.yaml", text);
    let mut facts = Facts::of(&file.path);
    let tree = Tree::of(others.iter().map(|other| (*other).into()).collect());
    let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &Interest::default() };
    extract(&file, &parse(text), &context, &mut facts);
    facts.all
}

fn of(text: &str, kind: &str) -> Vec<Fact> {
    seen_beside(text, &[]).into_iter().filter(|fact| fact.kind.spec().name == kind).collect()
}

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata: {name: llm}
spec:
  template:
    metadata: {labels: {app: llm, tier: x}}
    spec:
      hostNetwork: false
      securityContext: {runAsUser: 0}
      volumes:
      - {name: sock, hostPath: {path: /var/run/docker.sock}}
      - {name: other, hostPath: {path: /}}
      initContainers:
      - {name: init, image: 'busybox:1.36', securityContext: {runAsUser: 1000}}
      containers:
      - name: server
        image: vllm/vllm-openai:latest
        args: ['--model', m]
        securityContext: {privileged: true}
        volumeMounts: [{name: sock, mountPath: /sock}]
        env:
        - {name: HF_TOKEN, valueFrom: {secretKeyRef: {name: a, key: b}}}
        - {name: DB_PASSWORD, value: kq81-zzv3-demo}
---
kind: Service
spec:
  type: LoadBalancer
  selector: {app: llm}
";

#[test]
fn a_deployment_with_its_service() {
    let workloads = of(DEPLOYMENT, "workload");
    let subjects: Vec<_> = workloads.iter().map(|fact| fact.subject.as_str()).collect();
    assert_eq!(subjects, ["Deployment/llm/server", "Deployment/llm/init"]);
    let server = &workloads[0];
    for (field, value) in [
        ("server", "vllm"),
        ("privileged", "yes"),
        ("root", "yes"),
        ("published", "everywhere"),
        ("authenticated", "no"),
        ("ai", "yes"),
    ] {
        assert_eq!(server.text(field), value, "{field}");
    }
    assert_eq!(server.get("host_mounts").unwrap().display(), "/var/run/docker.sock");
    assert_eq!(workloads[1].text("root"), "no");
    let images: Vec<_> = of(DEPLOYMENT, "image").iter().map(|fact| fact.text("pin").to_owned()).collect();
    assert_eq!(images, ["latest", "version"]);
    let secrets = of(DEPLOYMENT, "secret");
    assert_eq!(secrets.len(), 1);
    assert_eq!(secrets[0].text("setting"), "DB_PASSWORD");
}

#[test]
fn a_kustomization_may_replace_the_tag() {
    let facts = seen_beside(DEPLOYMENT, &["deploy/kustomization.yaml"]);
    let pins: Vec<_> =
        facts.iter().filter(|fact| fact.kind.spec().name == "image").map(|fact| fact.text("pin")).collect();
    assert_eq!(pins, ["unknown", "unknown"]);
}

#[test]
fn an_internal_load_balancer_is_not_everywhere() {
    let text = DEPLOYMENT.replace(
        "kind: Service\n",
        "kind: Service\nmetadata: {annotations: {networking.gke.io/load-balancer-type: Internal}}\n",
    );
    assert_eq!(of(&text, "workload")[0].text("published"), "cluster");
}

#[test]
fn containers_of_every_kind_are_found_once() {
    let cases = [
        "kind: CronJob\nspec: {jobTemplate: {spec: {template: {spec: {containers: [{name: a, image: b}]}}}}}",
        "kind: Pod\nspec: {containers: [{name: a, image: b}]}",
        "kind: List\nitems:\n- kind: Pod\n  spec: {containers: [{name: a, image: b}]}",
        "kind: Workflow\nspec: {templates: [{name: x, container: {image: b}}]}",
        "kind: Workflow\nspec: {templates: [{name: x, script: {image: b, source: x}}]}",
        "kind: InferenceService\nspec: {predictor: {containers: [{name: a, image: b}]}}",
        "kind: SeldonDeployment\nspec: {predictors: [{componentSpecs: [{spec: {containers: [{name: a, image: b}]}}]}]}",
        "kind: RayCluster\nspec: {headGroupSpec: {template: {spec: {containers: [{name: a, image: b}]}}}}",
    ];
    for text in cases {
        assert_eq!(of(text, "image").len(), 1, "{text}");
        assert_eq!(of(text, "workload").len(), 1, "{text}");
    }
    let schema = "kind: CustomResourceDefinition\nspec: {x: {spec: {containers: [{image: b}]}}}";
    assert_eq!(of(schema, "image").len(), 0);
}

#[test]
fn ray_says_some_things_apart_from_its_containers() {
    let head = "{template: {spec: {containers: [{name: h, image: 'rayproject/ray:2.40'}]}}, serviceType: LoadBalancer}";
    let worker = "[{template: {spec: {containers: [{name: w, image: 'rayproject/ray:2.40'}]}}}]";
    let cluster = format!("kind: RayCluster\nspec:\n  headGroupSpec: {head}\n  workerGroupSpecs: {worker}\n");
    let shown = |text: &str| {
        let workloads = of(text, "workload");
        workloads.iter().map(|it| format!("{} {}", it.text("published"), it.text("authenticated"))).collect::<Vec<_>>()
    };
    assert_eq!(shown(&cluster), ["everywhere no", "cluster no"]);
    assert_eq!(shown(&format!("{cluster}  authOptions: {{mode: token}}\n")), ["everywhere yes", "cluster yes"]);
}

#[test]
fn secrets_and_configuration_maps_hold_variables() {
    let text = "kind: Secret
metadata: {name: store}
stringData: {username: minio, password: minio}
data: {secretkey: bWluaW8xMjM=, token: a3E4MS16enYzLWRlbW8=}
---
kind: ConfigMap
metadata: {name: settings}
data: {LANGSMITH_TRACING: 'true', config.yaml: 'a: b'}
";
    let shown: Vec<_> = of(text, "environment-variable")
        .iter()
        .map(|it| format!("{} {}", it.text("name"), it.text("guessable")))
        .collect();
    assert_eq!(shown, ["username no", "password yes", "secretkey yes", "token no", "LANGSMITH_TRACING no"]);
    let secrets: Vec<_> = of(text, "secret").iter().map(|it| it.subject.clone()).collect();
    assert_eq!(secrets, ["Secret/store/token"]);
}

#[test]
fn rights_of_roles_and_bindings() {
    let grant = |text: &str| {
        let grants = of(text, "grant");
        ["any_action", "any_resource", "full_access_role"].map(|field| grants[0].text(field).to_owned()).join(" ")
    };
    assert_eq!(
        grant("kind: ClusterRole\nmetadata: {name: a}\nrules:\n- {apiGroups: ['*'], resources: ['*'], verbs: ['*']}\n"),
        "yes yes "
    );
    assert_eq!(grant("kind: Role\nrules:\n- {apiGroups: [kubeflow.org], resources: ['*'], verbs: ['*']}\n"), "yes no ");
    assert_eq!(grant("kind: Role\nrules:\n- {apiGroups: ['*'], resources: ['*'], verbs: [get, list]}\n"), "no no ");
    let apart =
        "- {apiGroups: ['*'], resources: ['*'], verbs: [update]}\n- {apiGroups: [a], resources: [b], verbs: ['*']}\n";
    assert_eq!(grant(&format!("kind: Role\nrules:\n{apart}")), "yes no ");
    assert_eq!(grant("kind: ClusterRoleBinding\nroleRef: {name: cluster-admin}\n"), "yes yes cluster-admin");
    assert_eq!(grant("kind: RoleBinding\nroleRef: {name: view}\n"), "no no ");
}

#[test]
fn wrong_types_end_quietly() {
    for text in [
        "kind: []",
        "kind: Pod\nspec: {containers: [1, [], {image: {}}]}",
        "kind: Role\nrules: x",
        "kind: List\nitems: 3",
        "- - -",
        "",
    ] {
        let _ = seen_beside(text, &[]);
    }
}

#[test]
fn the_model_of_a_predictor_is_a_container() {
    let text = "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nmetadata: {name: llm}\nspec:\n  predictor:\n    model:\n      \
        modelFormat: {name: huggingface}\n      args: [--model_id=org/name, --trust_remote_code]\n      \
        env: [{name: HF_TOKEN, value: kq81-zzv3-demo}]\n      securityContext: {privileged: true}\n";
    let workloads = of(text, "workload");
    assert_eq!(workloads.len(), 1);
    assert_eq!(
        ["name", "ai", "privileged", "foreign_code", "published"].map(|field| workloads[0].text(field)),
        ["llm", "yes", "yes", "floating", "cluster"]
    );
    assert_eq!(of(text, "secret")[0].text("setting"), "HF_TOKEN");
}
