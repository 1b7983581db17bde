use super::*;
use crate::document::weights::PointerKind;

fn parsed(path: &str, data: &[u8]) -> Option<ModelFile> {
    parse(&mut Cursor::new(data.to_vec()), data.len() as u64, path, &Limits::default())
}

/// A zip archive of stored members, as `torch.save` and Keras write it.
fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut data, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let at = u32::try_from(data.len()).unwrap();
        let length = u32::try_from(content.len()).unwrap().to_le_bytes();
        let name_length = u16::try_from(name.len()).unwrap().to_le_bytes();
        let sizes = [&[0; 4][..], &length, &length, &name_length, &[0; 2]].concat();
        data.extend([&b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0"[..], &sizes, name.as_bytes(), content].concat());
        directory.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0");
        directory.extend([&sizes[..], &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat());
    }
    let start = u32::try_from(data.len()).unwrap().to_le_bytes();
    let length = u32::try_from(directory.len()).unwrap().to_le_bytes();
    let count = u16::try_from(members.len()).unwrap().to_le_bytes();
    [&data[..], &directory, b"PK\x05\x06\0\0\0\0", &count, &count, &length, &start, &[0; 2]].concat()
}

/// A tar archive of one file.
fn tar(name: &str, content: &[u8]) -> Vec<u8> {
    let mut header = vec![0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
    header[156] = b'0';
    header[257..262].copy_from_slice(b"ustar");
    header.extend(content);
    header.resize(header.len().div_ceil(512) * 512 + 1024, 0);
    header
}

fn array(descr: &str, data: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': (1,), }}\n");
    [&b"\x93NUMPY\x01\0"[..], &u16::try_from(header.len()).unwrap().to_le_bytes(), header.as_bytes(), data].concat()
}

const IMPORTS_SYSTEM: &[u8] = b"\x80\x02cposix\nsystem\n.";

#[test]
fn formats_are_told_by_content() {
    let safetensors = [&26_u64.to_le_bytes()[..], b"{\"__metadata__\":{\"a\":\"b\"}}"].concat();
    for (path, data, format) in [
        ("a.pkl", IMPORTS_SYSTEM.to_vec(), ModelFormat::Pickle),
        ("a", IMPORTS_SYSTEM.to_vec(), ModelFormat::Pickle),
        ("a.png", safetensors, ModelFormat::Safetensors),
        ("a.bin", zip(&[("archive/data.pkl", IMPORTS_SYSTEM), ("archive/version", b"3")]), ModelFormat::Torch),
        ("a.zip", zip(&[("models/a.pkl", IMPORTS_SYSTEM), ("readme.txt", b"x")]), ModelFormat::Archive),
        ("a.npz", zip(&[("a.npy", &array("<f4", b"0000"))]), ModelFormat::NumpyArchive),
        ("a", array("<f4", b"0000"), ModelFormat::Numpy),
        ("a.keras", zip(&[("metadata.json", b"{}"), ("config.json", b"{}")]), ModelFormat::Keras),
        ("a.skops", zip(&[("schema.json", b"{}"), ("1.npy", &array("<f4", b"0000"))]), ModelFormat::Skops),
        (
            "a.nemo",
            tar("weights.ckpt", &zip(&[("w/data.pkl", IMPORTS_SYSTEM), ("w/version", b"3")])),
            ModelFormat::Archive,
        ),
        ("a.h5", b"\x89HDF\r\n\x1a\n".to_vec(), ModelFormat::Hdf5),
        ("a.tflite", b"\x1c\0\0\0TFL3".to_vec(), ModelFormat::TfLite),
        ("a.onnx", b"\x08\x08".to_vec(), ModelFormat::Onnx),
        ("1/saved_model.pb", b"\x08\x01".to_vec(), ModelFormat::SavedModel),
        ("a.gguf", [&b"GGUF\x03\0\0\0"[..], &[0; 16]].concat(), ModelFormat::Gguf),
    ] {
        let model = parsed(path, &data).unwrap_or_else(|| panic!("{path} is {format:?}"));
        assert_eq!((model.format, model.unread.as_slice()), (Some(format), &[][..]), "{path}");
    }
}

#[test]
fn other_files_are_none() {
    for (path, data) in [
        ("a.png", &b"\x89PNG\r\n\x1a\n0000"[..]),
        ("a.bin", b"\0\x01\x02\x03"),
        ("a.bin", b"\x80\x04\xff\xff\xff"),
        ("empty.pkl", b""),
        ("a.pb", b"\x0a\x04name"),
        ("a.pb", b"hello: world"),
        ("a.jar", &zip(&[("META-INF/MANIFEST.MF", b"x"), ("A.class", b"x")])),
        ("code.tar", &tar("main.tf", b"x")),
        ("a.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x01\x01\0\xfe\xffx"),
        ("picture", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"),
    ] {
        assert!(parsed(path, data).is_none(), "{path}: {data:?}");
    }
}

#[test]
fn what_is_broken_is_never_silent() {
    let gguf = [&b"GGUF\x03\0\0\0"[..], &[0xff; 16]].concat();
    let cut = zip(&[("w/data.pkl", IMPORTS_SYSTEM), ("w/version", b"3")]);
    let lying = [&u64::MAX.to_le_bytes()[..], b"{"].concat();
    for (path, data) in [
        ("a.pkl", &b"hello"[..]),
        ("a.pkl", b"\x80\x04"),
        ("a.pt", b"hello"),
        ("a.pt", &cut[..cut.len() - 10]),
        ("a.safetensors", &lying),
        ("a.gguf", &gguf),
        ("a.gguf", b"GGUF\x01\0\0\0"),
        ("a.onnx", b"\xff\xff"),
        ("a.npy", b"\x93NUMPY\x01\0\xff\xff"),
        ("a.npy", b"\x93NUMPY\x09\0"),
        ("a.h5", b"hello"),
        ("a.npz", b"PK\x03\x04"),
        ("saved_model.pb", b"\x12\xff\x01x"),
    ] {
        let model = parsed(path, data).unwrap_or_else(|| panic!("{path} is taken for no model"));
        assert!(!model.unread.is_empty(), "{path}");
        for reason in model.unread {
            assert!(!reason.is_empty(), "{path}");
        }
    }
}

#[test]
fn any_bytes_end_without_panic() {
    let starts: [&[u8]; 10] = [
        b"PK\x03\x04",
        b"\x1f\x8b\x08\0",
        b"GGUF\x03\0\0\0",
        b"\x93NUMPY\x01\0",
        b"\x89HDF\r\n\x1a\n",
        b"\x80\x04",
        b"\x78\x9c",
        b"\x10\0\0\0\0\0\0\0{",
        b"\x08\x01",
        b"PK\x05\x06",
    ];
    let mut random = 88_172_645_463_325_252_u64;
    for start in starts {
        for path in ["a.pkl", "a.pt", "a.onnx", "a.pb", "saved_model.pb", "a.keras", "a.h5", "a.bin", "a.npz", "a.mar"]
        {
            for length in [0, 3, 100, 2_000] {
                let mut data = start.to_vec();
                for _ in 0..length {
                    random ^= random << 13;
                    random ^= random >> 7;
                    random ^= random << 17;
                    data.push(random.to_le_bytes()[0]);
                }
                parsed(path, &data);
            }
        }
    }
}

#[test]
fn members_are_named_and_archives_within_archives_are_read() {
    let inner = zip(&[("w/data.pkl", IMPORTS_SYSTEM), ("w/version", b"3")]);
    let model = parsed("a.nemo", &tar("weights.ckpt", &inner)).unwrap();
    assert_eq!(model.imports[0].member, "weights.ckpt/w/data.pkl");
    assert!(model.holds_pickle);
    let mut nested = inner;
    for _ in 0..5 {
        nested = zip(&[("inner.zip", &nested)]);
    }
    let model = parsed("a.mar", &nested).unwrap();
    assert!(model.unread.iter().any(|reason| reason.contains("archives within one another")), "{:?}", model.unread);
}

#[test]
fn arrays_of_objects_are_pickles() {
    for descr in ["|O", "O"] {
        let model = parsed("a.npy", &array(descr, IMPORTS_SYSTEM)).unwrap();
        assert_eq!((model.format, model.imports.len()), (Some(ModelFormat::Pickle), 1), "{descr}");
    }
    let model = parsed("a.npz", &zip(&[("a.npy", &array("|O", IMPORTS_SYSTEM))])).unwrap();
    assert!(model.holds_pickle && model.imports[0].member == "a.npy");
}

#[test]
fn lambda_layers_are_named() {
    let old = b"\x89HDF\r\n\x1a\n....{\"class_name\": \"Lambda\", \"config\": {\"name\": \"scale\", \"function\"";
    assert_eq!(parsed("a.h5", old).unwrap().lambda_layers, ["scale"]);
    let config = br#"{"module": "keras", "class_name": "Sequential", "config": {"layers": [
        {"module": "keras.layers", "class_name": "Lambda", "config": {"name": "scale"}},
        {"module": "os", "class_name": "function", "config": "system"}]}}"#;
    let model = parsed("a.keras", &zip(&[("metadata.json", b"{}"), ("config.json", config)])).unwrap();
    assert_eq!(model.lambda_layers, ["scale"]);
    assert_eq!((model.imports[0].module.as_str(), model.imports[0].name.as_str()), ("os", "system"));
}

#[test]
fn templates_of_gguf_are_read_behind_lists_and_numbers() {
    let text = |text: &str| [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat();
    let data = [
        &b"GGUF\x03\0\0\0"[..],
        &0_u64.to_le_bytes(),
        &4_u64.to_le_bytes(),
        &text("a.tokens"),
        &9_u32.to_le_bytes(),
        &8_u32.to_le_bytes(),
        &2_u64.to_le_bytes(),
        &text("<s>"),
        &text("</s>"),
        &text("a.count"),
        &4_u32.to_le_bytes(),
        &[0; 4],
        &text("tokenizer.chat_template"),
        &8_u32.to_le_bytes(),
        &text("{{ x }}"),
        &text("tokenizer.chat_template.tools"),
        &8_u32.to_le_bytes(),
        &text("{{ y }}"),
    ]
    .concat();
    let model = parsed("a.gguf", &data).unwrap();
    let found: Vec<(&str, &str)> = model.chat_templates.iter().map(|it| (it.name.as_str(), it.text.as_str())).collect();
    assert_eq!((found, model.unread.len()), (vec![("", "{{ x }}"), ("tools", "{{ y }}")], 0));
}

#[test]
fn pointers_are_read_and_not_followed() {
    let digits = "0".repeat(64);
    let text = format!("version https://git-lfs.github.com/spec/v1\noid sha256:{digits}\nsize 548105171\n");
    let model = parsed("weights.safetensors", text.as_bytes()).unwrap();
    let pointer = model.pointer.unwrap();
    assert_eq!((pointer.kind, pointer.hash), (PointerKind::Lfs, format!("sha256:{digits}")));
    assert_eq!((model.bytes, model.format), (548_105_171, Some(ModelFormat::Safetensors)));
    let broken =
        parsed("a.bin", b"version https://git-lfs.github.com/spec/v1\r\noid sha256:00\r\nsize many\r\n").unwrap();
    assert_eq!((broken.unread.len(), broken.format), (2, None));
}
