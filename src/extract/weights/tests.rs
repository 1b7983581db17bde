use super::*;
use crate::catalogue::Catalogue;
use crate::document::weights::{ChatTemplate, PickleImport, Pointer};
use crate::fact::{Fact, FieldValue, Location};
use crate::interest::Interest;
use crate::parse::yaml;
use crate::tree::Tree;

fn facts(model: &ModelFile) -> Vec<Fact> {
    let path: Arc<str> = "models/a.bin".into();
    let tracked = Some([Arc::clone(&path)].into_iter().collect());
    let mut tree = Tree::default();
    tree.tracked = tracked;
    let context = Context { tree: &tree, catalogue: Catalogue::shipped(), interest: &Interest::default() };
    extract(&path, model, &context).all
}

fn import(module: &str, name: &str, member: &str) -> PickleImport {
    PickleImport { module: module.to_owned(), name: name.to_owned(), offset: 2, member: member.to_owned() }
}

#[test]
fn a_checkpoint_is_told_with_what_it_imports() {
    let model = ModelFile {
        format: Some(ModelFormat::Torch),
        bytes: 2_202_579,
        imports: vec![
            import("torch._utils", "_rebuild_tensor_v2", "a/data.pkl"),
            import("posix", "system", "a/data.pkl"),
            import("mine", "Net", ""),
            import("", "", ""),
        ],
        holds_pickle: true,
        ..ModelFile::default()
    };
    let facts = facts(&model);
    let file = &facts[0];
    let texts = ["name", "format", "serialisation", "tracked", "size", "pointer", "hash", "arrays", "whole"];
    let texts: Vec<&str> = texts.iter().map(|field| file.text(field)).collect();
    assert_eq!(texts, ["models/a.bin", "torch", "code", "yes", "2.2 MB", "none", "", "no", "yes"]);
    assert_eq!((file.get("bytes"), file.at), (Some(&FieldValue::Number(2_202_579)), Location::WholeFile));
    let imports: Vec<[&str; 3]> =
        facts.iter().skip(1).map(|it| [it.text("file"), it.text("name"), it.text("verdict")]).collect();
    assert_eq!(
        imports,
        [
            ["models/a.bin!a/data.pkl", "torch._utils._rebuild_tensor_v2", "allowed"],
            ["models/a.bin!a/data.pkl", "posix.system", "dangerous"],
            ["models/a.bin", "mine.Net", "unknown"],
            ["models/a.bin", "a computed name", "computed"],
        ]
    );
}

#[test]
fn what_runs_code_is_told_from_what_does_not_and_from_what_is_not_known() {
    let of = |format| ModelFile { format: Some(format), ..ModelFile::default() };
    let pointer = |format| {
        let pointer = Pointer { kind: PointerKind::Lfs, hash: "sha256:00".to_owned() };
        ModelFile { pointer: Some(pointer), ..of(format) }
    };
    for (model, serialisation) in [
        (of(ModelFormat::Safetensors), "safe"),
        (of(ModelFormat::Joblib), "code"),
        (of(ModelFormat::NumpyArchive), "safe"),
        (ModelFile { holds_pickle: true, ..of(ModelFormat::NumpyArchive) }, "code"),
        (of(ModelFormat::Keras), "safe"),
        (ModelFile { lambda_layers: vec!["scale".to_owned()], ..of(ModelFormat::Hdf5) }, "code"),
        (ModelFile { unread: vec!["cut".to_owned()], ..of(ModelFormat::Keras) }, "unknown"),
        (pointer(ModelFormat::Keras), "unknown"),
        (pointer(ModelFormat::Safetensors), "safe"),
        (pointer(ModelFormat::Torch), "code"),
        (of(ModelFormat::SavedModel), "unknown"),
        (ModelFile::default(), "unknown"),
    ] {
        assert_eq!(facts(&model)[0].text("serialisation"), serialisation, "{model:?}");
    }
}

#[test]
fn templates_of_binary_files_stand_for_the_whole_file() {
    let template = ChatTemplate { name: "tools".to_owned(), text: "{{ x.__class__ }}".to_owned(), at: None };
    let model = ModelFile { format: Some(ModelFormat::Gguf), chat_templates: vec![template], ..ModelFile::default() };
    let fact = &facts(&model)[1];
    assert_eq!((fact.text("dangerous"), fact.text("holder"), fact.text("name")), ("yes", "gguf", "tools"));
    assert_eq!((fact.at, fact.subject.as_str()), (Location::WholeFile, "chat_template/tools"));
}

#[test]
fn dvc_files_stand_for_the_models_that_they_track() {
    let text = "\u{feff}outs:\r\n- md5: 0123456789abcdef0123456789abcdef\r\n  size: 12000\r\n  path: é.pt\r\n- path: data.csv\r\n- path: s3://b/m.pt\r\n- path: [x]\r\n- x\r\n";
    let file = SourceFile::new("models/é.pt.dvc", text);
    let mut facts = Facts::of(&file.path);
    extract_tracked(&file, &yaml::parse(text), &mut facts);
    let [fact] = facts.all.as_slice() else { panic!("{:?}", facts.all) };
    let texts: Vec<&str> = ["name", "format", "pointer", "hash", "size"].iter().map(|field| fact.text(field)).collect();
    assert_eq!(texts, ["models/é.pt", "torch", "dvc", "md5:0123456789abcdef0123456789abcdef", "12.0 kB"]);
    assert_eq!(fact.at.span().map(|at| at.text(text)), Some("é.pt"));
}
