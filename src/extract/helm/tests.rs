use super::*;
use crate::catalogue::Catalogue;
use crate::classify;
use crate::document::Parsed;
use crate::extract::{self, Context};
use crate::fact::Fact;
use crate::interest::Interest;
use crate::parse::parse;
use crate::tree::Tree;

fn seen(path: &str, text: &str, others: &[&str]) -> Vec<Fact> {
    let file = SourceFile::new(path, text);
    let kind = classify::settle(classify::classify(path).expect("a kind"), path, text);
    let tree = Tree::of(others.iter().map(|other| (*other).into()).collect());
    let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &Interest::default() };
    extract::extract(&file, kind, &parse(kind, text), &context).all
}

/// These fields of each fact of a kind.
fn shown(facts: &[Fact], kind: &str, fields: &[&str]) -> Vec<String> {
    let of_kind = facts.iter().filter(|fact| fact.kind.spec().name == kind);
    of_kind.map(|fact| fields.iter().map(|field| fact.text(field)).collect::<Vec<_>>().join(" | ")).collect()
}

const OPEN_DOOR: &[&str] = &["name", "server", "published", "authenticated"];

#[test]
fn a_known_chart_says_who_may_come_in_and_from_where() {
    let text = "\u{feff}image:\r\n  repository: qdrant/qdrant\r\n  tag: latest\r\napiKey: false\r\nservice:\r\n  type: LoadBalancer\r\n";
    let facts = seen("deploy/qdrant-values.yaml", text, &[]);
    assert_eq!(
        shown(&facts, "image", &["reference", "pin", "used_by", "ai"]),
        ["qdrant/qdrant:latest | latest | helm | yes"]
    );
    assert_eq!(shown(&facts, "workload", OPEN_DOOR), ["qdrant | qdrant | everywhere | no"]);
    let workload = facts.iter().find(|fact| fact.kind.spec().name == "workload").unwrap();
    assert_eq!(workload.text("reason"), "`apiKey` turns authentication off");
    assert_eq!(workload.location_of("published").span().unwrap().text(text), "LoadBalancer");

    let door = |path: &str, text: &str| shown(&seen(path, text, &[]), "workload", OPEN_DOOR).join("; ");
    for (path, text, expected) in [
        (
            "charts/weaviate/values.yaml",
            "authentication:\n  anonymous_access:\n    enabled: true\nservice: {type: NodePort}\n",
            "weaviate | weaviate | everywhere | no",
        ),
        (
            "milvus/values-prod.yaml",
            "extraConfigFiles:\n  user.yaml: |+\n    common:\n      security:\n        authorizationEnabled: true\n",
            "milvus | milvus | unknown | yes",
        ),
        (
            "values.yaml",
            "hub:\n  config:\n    JupyterHub:\n      authenticator_class: dummy\nsingleuser: {}\n",
            "values | jupyter | unknown | no",
        ),
        (
            "hub/values.yaml",
            "hub:\n  config:\n    DummyAuthenticator:\n      password: x\n    JupyterHub:\n      authenticator_class: dummy\nsingleuser: {}\n",
            "hub | jupyter | unknown | yes",
        ),
        (
            "mlflow/values.yaml",
            "tracking:\n  auth:\n    enabled: false\n  ingress:\n    enabled: true\n",
            "mlflow | mlflow | everywhere | no",
        ),
        ("ollama/values.yaml", "ingress:\n  enabled: true\n", "ollama | ollama | everywhere | no"),
        (
            "ollama/values.yaml",
            "ingress:\n  enabled: true\n  annotations:\n    nginx.ingress.kubernetes.io/auth-type: basic\n",
            "ollama | ollama | everywhere | unknown",
        ),
        (
            "ollama/values.yaml",
            "ingress: {enabled: false}\nservice: {type: ClusterIP}\n",
            "ollama | ollama | cluster | no",
        ),
        (
            "vllm/values.yaml",
            "servingEngineSpec:\n  modelSpec: []\nrouterSpec: {serviceType: LoadBalancer}\n",
            "vllm | vllm | everywhere | unknown",
        ),
        ("app/values.yaml", "qdrant:\n  apiKey: false\n", "qdrant | qdrant | unknown | no"),
        (
            "qdrant/values.yaml",
            "apiKey: true\nservice:\n  type: LoadBalancer\n  loadBalancerSourceRanges: [10.0.0.0/8]\n",
            "qdrant | qdrant | unknown | yes",
        ),
        // What the values leave out, the chart decides.
        ("qdrant/values.yaml", "replicaCount: 3\n", ""),
    ] {
        assert_eq!(door(path, text), expected, "{path}: {text}");
    }
}

#[test]
fn images_are_read_however_charts_write_them() {
    let text = "image: {registry: ghcr.io, repository: acme/api, tag: ''}\nworker:\n  image: acme/worker:1.2\nsingleuser:\n  image:\n    name: quay.io/jupyter/scipy-notebook\n    tag: 2024-10-07\n    digest: sha256:abc\nsidecar:\n  image: python\n  tag: '3.12'\nmodels:\n  - repository: vllm/vllm-openai\n    tag: latest\n    vllmConfig:\n      extraArgs: ['--trust-remote-code']\nurl:\n  repository: https://github.com/acme/x\n  tag: 1\nnone:\n  image: ''\n";
    let facts = seen("values.yaml", text, &[]);
    assert_eq!(
        shown(&facts, "image", &["reference", "pin"]),
        [
            "ghcr.io/acme/api | unknown",
            "acme/worker:1.2 | version",
            "quay.io/jupyter/scipy-notebook:2024-10-07@sha256:abc | digest",
            "python:3.12 | version",
            "vllm/vllm-openai:latest | latest",
        ]
    );
    assert_eq!(
        shown(&facts, "workload", &["name", "server", "foreign_code", "authenticated"]),
        [
            "values |  | none | unknown",
            "worker |  | none | unknown",
            "singleuser | jupyter | none | yes",
            "sidecar |  | none | unknown",
            "models | vllm | floating | unknown",
        ]
    );
}

#[test]
fn security_settings_and_secrets_are_seen() {
    let text = "image: {repository: ollama/ollama, tag: 0.5.1}\nsecurityContext: {privileged: true, runAsUser: 0}\nhostNetwork: true\nextraEnv:\n  - name: HF_TOKEN\n    valueFrom: {secretKeyRef: {name: a, key: b}}\n  - {name: OLLAMA_ORIGINS, value: '*'}\npostgresql:\n  auth:\n    password: postgres\n    adminPassword: 9f3kd82hs01x\ntls:\n  existingSecret: seldon-client\n  secretKey: client-key-name\nusers:\n  securityContext: {enabled: false, privileged: true}\n  image: a/b:1\n";
    let facts = seen("ollama/values.yaml", text, &[]);
    assert_eq!(
        shown(&facts, "workload", &["name", "privileged", "root", "host_network"]),
        ["ollama | yes | yes | yes", "users | unknown | unknown | unknown"]
    );
    assert_eq!(
        shown(&facts, "environment-variable", &["name", "literal", "guessable"]),
        ["HF_TOKEN | no | no", "OLLAMA_ORIGINS | yes | no", "password | yes | yes", "adminPassword | yes | no"]
    );
    assert_eq!(shown(&facts, "secret", &["setting", "holder"]), ["adminPassword | configuration"]);
}

#[test]
fn releases_of_flux_and_argo_hold_values_too() {
    let flux = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: db}\nspec:\n  chart:\n    spec: {chart: qdrant, version: '1.x'}\n  values:\n    apiKey: false\n    service: {type: LoadBalancer}\n";
    assert_eq!(shown(&seen("apps/db.yaml", flux, &[]), "workload", OPEN_DOOR), ["qdrant | qdrant | everywhere | no"]);
    let argo = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nspec:\n  source:\n    chart: weaviate\n    helm:\n      valuesObject:\n        authentication: {anonymous_access: {enabled: true}}\n";
    assert_eq!(shown(&seen("apps/w.yaml", argo, &[]), "workload", OPEN_DOOR), ["weaviate | weaviate | unknown | no"]);
}

#[test]
fn a_chart_takes_over_others() {
    let text = "apiVersion: v2\nname: rag\nversion: 0.1.0\ndependencies:\n  - name: qdrant\n    version: ~1.2\n    repository: https://qdrant.github.io/qdrant-helm\n  - name: postgresql\n    version: 15.5.0\n    repository: oci://registry-1.docker.io/bitnamicharts\n  - name: ours\n    repository: file://../ours\n";
    let fields = ["name", "ecosystem", "pin", "locked", "ai"];
    assert_eq!(
        shown(&seen("chart/Chart.yaml", text, &[]), "dependency", &fields),
        ["qdrant | helm | range | no | yes", "postgresql | helm | exact | no | no"]
    );
    assert_eq!(
        shown(&seen("chart/Chart.yaml", text, &["chart/Chart.lock"]), "dependency", &["locked"]),
        ["yes", "yes"]
    );
    assert_eq!(shown(&seen("chart/Chart.yaml", text, &[]), "package-index", &["scheme"]), ["https", "oci"]);
}

#[test]
fn odd_values_end() {
    for text in [
        "",
        "image:\n",
        "[]",
        "image: [a]\n",
        "image: {repository: {a: b}, tag: []}\n",
        "a: &a {b: *a, image: x/y:1}\n",
        "env: 3\nargs: {a: [1]}\n",
    ] {
        let _ = seen("values.yaml", text, &[]);
    }
    let template = "image: {{ .Values.image }}\n{{- if .Values.x }}\na: b\n{{- end }}\n";
    let Parsed::Tree(tree) = parse(crate::document::FileKind::HelmValues, template) else { panic!("a tree") };
    assert!(tree.faults[0].reason.starts_with("a template"));
}
