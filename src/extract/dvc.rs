//! Facts from DVC: `store` for remotes, `secret`, `pipeline-stage`, `locked-stage`, `data-file`, `data-import`, `tracked-output`.

mod output;
mod pipeline;
mod remote;
mod tracked;

use super::Context;
use crate::document::Document;
use crate::fact::Facts;
use crate::source::SourceFile;

/// Sees what DVC files say.
pub fn extract(file: &SourceFile, parsed: &Document, context: &Context<'_>, facts: &mut Facts) {
    let Some(root) = parsed.root() else { return };
    match file.name() {
        "dvc.yaml" => pipeline::stages(root, facts),
        "dvc.lock" => {
            pipeline::locked_stages(root, facts);
            output::of_stages(file, root, facts);
        }
        "config" | "config.local" => remote::extract(file, root, context, facts),
        _ => {
            tracked::extract(file, root, facts);
            output::of_file(file, root, facts);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::document::{FileKind, Parsed};
    use crate::interest::Interest;
    use crate::tree::Tree;

    fn seen(path: &str, text: &str) -> Facts {
        let kind = match SourceFile::new(path, "").name() {
            "dvc.yaml" => FileKind::DvcPipeline,
            "dvc.lock" => FileKind::DvcLock,
            "config" | "config.local" => FileKind::DvcConfig,
            _ => FileKind::DvcFile,
        };
        let tree = Tree::default();
        let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &Interest::default() };
        let file = SourceFile::new(path, text);
        let mut facts = Facts::of(&file.path);
        if let Parsed::Tree(parsed) = crate::parse::parse(kind, text) {
            extract(&file, &parsed, &context, &mut facts);
        }
        facts
    }

    fn rows(facts: &Facts, kind: &str, fields: &[&str]) -> Vec<String> {
        let of_kind = facts.all.iter().filter(|fact| fact.kind.spec().name == kind);
        of_kind.map(|fact| fields.iter().map(|field| fact.text(field)).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn remotes_say_how_data_is_reached_and_kept() {
        let text = concat!(
            "[core]\r\n    remote = s3\r\n",
            "['remote \"s3\"']\r\n    url = s3://bucket/path\r\n    sse = aws:kms\r\n    sse_kms_key_id = alias/data\r\n    acl = public-read\r\n",
            "['remote \"plain\"']\r\n    url = http://data.example.com/x\r\n",
            "['remote \"near\"']\r\n    url = s3://bucket\r\n    endpointurl = http://minio:9000\r\n    use_ssl = false\r\n",
            "['remote \"far\"']\r\n    url = s3://bucket\r\n    endpointurl = http://s3.example.com\r\n",
            "['remote \"loose\"']\r\n    url = https://data.example.com\r\n    ssl_verify = false\r\n    allow_anonymous_login = true\r\n",
            "['remote \"disk\"']\r\n    url = ../temp\r\n",
            "['remote \"hdfs\"']\r\n    url = webhdfs://name.example.com/x\r\n    use_https = true\r\n",
            "['remote \"aes\"']\r\n    url = s3://bucket\r\n    sse = AES256\r\n    version_aware = true\r\n",
        );
        let facts = seen(".dvc/config", text);
        assert_eq!(
            rows(
                &facts,
                "store",
                &["name", "resource", "encryption", "insecure_transport", "public", "anonymous", "versioned"]
            ),
            [
                "s3 s3 own-key no yes no unknown",
                "plain http unknown yes unknown no unknown",
                "near s3 unknown no unknown no unknown",
                "far s3 unknown yes unknown no unknown",
                "loose https unknown yes unknown yes unknown",
                "disk local unknown no unknown no unknown",
                "hdfs webhdfs unknown no unknown no unknown",
                "aes s3 provider-key no unknown no yes",
            ]
        );
    }

    #[test]
    fn secrets_of_remotes_are_masked_and_placeholders_are_none() {
        let text = concat!(
            "['remote \"s3\"']\nurl = s3://bucket\naccess_key_id = AKIANOTAREALKEY00000\nsecret_access_key = not/a/real/secret/0000000000000000\n",
            "['remote \"az\"']\nurl = azure://c\naccount_key = ${KEY}\nsas_token = <your token>\nconnection_string =\n",
            "['remote \"dav\"']\nurl = webdavs://user:not-real-pass@dav.example.com/x\n",
        );
        let facts = seen(".dvc/config", text);
        assert_eq!(
            rows(&facts, "secret", &["setting", "shown", "holder"]),
            ["remote.s3.secret_access_key …00 data-remote", "remote.dav.url … data-remote"]
        );
        let places: Vec<&str> = facts
            .all
            .iter()
            .filter(|fact| fact.kind.spec().name == "secret")
            .filter_map(|fact| fact.at.span())
            .map(|at| at.text(text))
            .collect();
        assert_eq!(places, ["not/a/real/secret/0000000000000000", "not-real-pass"]);
        assert_eq!(rows(&seen(".dvc/config.local", text), "secret", &["setting"]), [""; 0]);
    }

    #[test]
    fn stages_and_whether_they_train_with_tracked_parameters() {
        let text = concat!(
            "vars: [{model: x}]\nstages:\n",
            "  prepare:\n    cmd: python src/prepare.py data/train.csv\n    deps: [data/train.csv]\n",
            "  split_train_test:\n    cmd: python split.py train\n",
            "  train:\n    cmd:\n      - python src/model.py   data/train\n      - echo done\n    deps: [src/model.py]\n    always_changed: true\n",
            "  model:\n    cmd: python src/models/train_model.py\n    params: [train.lr]\n",
            "  fine-tune@x:\n    cmd: python x.py --lr 0.1\n",
            "  fit:\n    foreach: [a, b]\n    do:\n      cmd: python fit.py ${item}\n",
            "  trainer:\n    matrix: {m: [a]}\n    cmd: python -m project.run\n    deps: [config.yaml]\n",
            "  broken: 7\n",
        );
        assert_eq!(
            rows(
                &seen("dvc.yaml", text),
                "pipeline-stage",
                &["name", "trains", "parameters", "always_runs", "command"]
            ),
            [
                "prepare no no no python src/prepare.py data/train.csv",
                "split_train_test no no no python split.py train",
                "train yes no yes python src/model.py data/train && echo done",
                "model yes yes no python src/models/train_model.py",
                "fine-tune@x yes yes no python x.py --lr 0.1",
                "fit yes yes no unknown",
                "trainer yes yes no unknown",
            ]
        );
    }

    #[test]
    fn recorded_stages_are_counted_once_for_a_matrix() {
        let text = "schema: '2.0'\nstages:\n  fit@a:\n    cmd: python fit.py a\n  fit@b:\n    cmd: python fit.py b\n  train:\n    cmd: python train.py\n";
        assert_eq!(
            rows(&seen("dvc.lock", text), "locked-stage", &["name", "command"]),
            ["fit unknown", "train python train.py"]
        );
        assert_eq!(rows(&seen("dvc.lock", "train:\n  cmd: python train.py\n"), "locked-stage", &["name"]), ["train"]);
    }

    #[test]
    fn outputs_have_the_checksums_that_git_knows_them_by() {
        let lock = concat!(
            "schema: '2.0'\nstages:\n  train:\n    cmd: python train.py\n    deps:\n    - path: data/train.csv\n      md5: aa\n    outs:\n",
            "    - path: model.pkl\n      hash: md5\n      md5: 22a1\n    - path: ../models/encoder/\n      md5: bb.dir\n    - path: live/metrics.json\n      md5: cc\n",
            "  prepare:\n    cmd: python prepare.py\n    outs:\n    - path: data/train.pkl\n      md5: dd\n    - path: s3://bucket/x\n      etag: ee\n",
        );
        assert_eq!(
            rows(&seen("jobs/dvc.lock", lock), "tracked-output", &["name", "hash", "role", "stage"]),
            [
                "jobs/model.pkl 22a1 model train",
                "models/encoder bb.dir model train",
                "jobs/live/metrics.json cc evaluation train",
                "jobs/data/train.pkl dd data prepare",
                "s3://bucket/x ee data prepare",
            ]
        );
        let tracked = "outs:\n- md5: 22a1.dir\n  path: images\n- path: remote\n  cloud: {x: {etag: 1}}\n";
        assert_eq!(
            rows(&seen("data/images.dvc", tracked), "tracked-output", &["name", "hash", "role", "stage"]),
            ["data/images 22a1.dir data ", "data/remote unknown data "]
        );
    }

    #[test]
    fn tracked_and_imported_data() {
        let import = concat!(
            "md5: f5ea021eddd7b1df6de80b904cba1da6\nfrozen: true\ndeps:\n- path: get-started/data.xml\n  repo:\n",
            "    url: https://github.com/iterative/dataset-registry\n    rev: main\n",
            "    rev_lock: f59388cd04276e75d70b2136597aaa27e7937cc3\nouts:\n- md5: 22a1a2931c8370d3aeedd7183606fd7f.dir\n  path: data.xml\n",
        );
        let facts = seen("data/data.xml.dvc", import);
        assert_eq!(rows(&facts, "data-import", &["name", "revision", "locked"]), ["data.xml main yes"]);
        assert_eq!(rows(&facts, "data-file", &["name", "checksum", "url"]), ["data.xml md5 "]);
        let floating = import.replace("    rev_lock: f59388cd04276e75d70b2136597aaa27e7937cc3\n", "");
        assert_eq!(rows(&seen("data.xml.dvc", &floating), "data-import", &["locked"]), ["no"]);
        let from_address =
            "deps:\n- path: http://data.example.com/x.csv\n  etag: '1'\nouts:\n- path: x.csv\n  md5: zz\n";
        assert_eq!(
            rows(&seen("x.csv.dvc", from_address), "data-file", &["name", "scheme", "checksum"]),
            ["http://data.example.com/x.csv http unknown", "x.csv  malformed"]
        );
    }
}
