use super::*;
use std::cell::Cell;
use std::io::Cursor;

fn walked(data: &[u8]) -> Pickles {
    walked_within(data, &Limits::default())
}

fn walked_within(data: &[u8], limits: &Limits) -> Pickles {
    let mut source = Cursor::new(data.to_vec());
    let budget = Cell::new(1 << 24);
    walk(&mut Bytes::whole(&mut source, data.len() as u64, &budget), "", limits)
}

fn names(pickles: &Pickles) -> Vec<(String, u64)> {
    let name = |it: &PickleImport| if it.is_computed() { "?".to_owned() } else { format!("{}.{}", it.module, it.name) };
    pickles.imports.iter().map(|it| (name(it), it.offset)).collect()
}

#[test]
fn every_way_to_name_an_import_is_followed() {
    for (data, expected) in [
        // GLOBAL and INST of the oldest protocols
        (&b"cos\nsystem\n."[..], vec![("os.system", 0)]),
        (b"(S'x'\nios\nsystem\n.", vec![("os.system", 6)]),
        // STACK_GLOBAL with the names before it
        (b"\x80\x04\x8c\x05posix\x8c\x06system\x93.", vec![("posix.system", 17)]),
        // through the memo, by MEMOIZE, BINPUT and PUT
        (b"\x80\x04\x8c\x02os\x940\x8c\x06system\x940h\x00h\x01\x93.", vec![("os.system", 22)]),
        (b"\x80\x04\x8c\x02osq\x070\x8c\x06systemr\x07\x01\x00\x000h\x07j\x07\x01\x00\x00\x93.", vec![("os.system", 30)]),
        (b"Vos\np9\n0Vsystem\np10\n0g9\ng10\n\x93.", vec![("os.system", 28)]),
        // a copy, and a value between that is dropped
        (b"\x80\x04\x8c\x02os\x8c\x06systemN0\x93.", vec![("os.system", 16)]),
        (b"\x80\x04\x8c\x02os(K\x01K\x021\x8c\x06system\x93.", vec![("os.system", 20)]),
        // names that are put together, and numbers of the extension registry
        (b"\x80\x04K\x01\x8c\x06system\x93.", vec![("?", 12)]),
        (b"\x80\x04\x8c\x06system\x93.", vec![("?", 10)]),
        (b"\x80\x02\x82\x01.", vec![("?", 2)]),
        // the same name twice is one
        (b"cos\nsystem\ncos\nsystem\n.", vec![("os.system", 0)]),
        // text in other encodings is skipped over, not misread
        (b"\x80\x03X\x03\x00\x00\x00\xff\xfe\xfdC\x02.\x00B\x01\x00\x00\x00.\x8e\x01\0\0\0\0\0\0\0.\x96\x01\0\0\0\0\0\0\0..", vec![]),
    ] {
        let pickles = walked(data);
        let expected: Vec<(String, u64)> = expected.into_iter().map(|(name, at)| (name.to_owned(), at)).collect();
        assert_eq!(names(&pickles), expected, "{}", data.escape_ascii());
        assert_eq!(pickles.complete, 1, "{} {:?}", data.escape_ascii(), pickles.unread);
    }
}

#[test]
fn several_pickles_in_a_row_are_walked_and_what_follows_them_is_reported() {
    let pickles = walked(b"\x80\x02N.\x80\x02cos\nsystem\n.");
    assert_eq!((pickles.complete, names(&pickles).len()), (2, 1));
    let pickles = walked(b"\x80\x02N.\xff\xff");
    assert_eq!(pickles.unread.unwrap().to_string(), "what follows the pickle at byte 4 is none");
}

#[test]
fn the_numbers_behind_an_old_checkpoint_are_left_out() {
    let mut data = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.".to_vec();
    data.extend(b"\x80\x02M\xe9\x03.\x80\x02}.\x80\x02ccollections\nOrderedDict\n)R.\x80\x02]q\x01.");
    data.extend([0xff; 64]);
    let pickles = walked(&data);
    assert!(pickles.unread.is_none(), "{:?}", pickles.unread);
    assert_eq!(names(&pickles), [("collections.OrderedDict".to_owned(), 27)]);
}

/// An array of joblib: three numbers of eight bytes, aligned by five bytes.
fn joblib_array(dtype: &[u8], after: &[u8]) -> Vec<u8> {
    let mut data =
        b"\x80\x04\x8c\x12joblib.numpy_pickle\x94\x8c\x11NumpyArrayWrapper\x94\x93)\x81}(\x8c\x05shapeK\x03\x85"
            .to_vec();
    data[3] = 19;
    data.extend(b"\x8c\x05dtype\x8c\x05numpy\x8c\x05dtype\x93");
    data.extend(dtype);
    data.extend(b"\x89\x88\x87R\x8c\x1bnumpy_array_alignment_bytesK\x10ub");
    data.extend(after);
    data
}

#[test]
fn arrays_of_joblib_are_left_out_and_what_follows_is_walked() {
    let mut after = vec![5, 0xff, 0xff, 0xff, 0xff, 0xff];
    after.extend([0xff; 24]);
    after.extend(b"cos\nsystem\n.");
    let pickles = walked(&joblib_array(b"\x8c\x02f8", &after));
    assert!(pickles.joblib && pickles.unread.is_none(), "{:?}", pickles.unread);
    assert!(names(&pickles).iter().any(|(name, _)| name == "os.system"));
}

#[test]
fn objects_in_arrays_of_joblib_are_walked() {
    let pickles = walked(&joblib_array(b"\x8c\x01O", b"\x80\x02cos\nsystem\n.N."));
    assert!(pickles.unread.is_none(), "{:?}", pickles.unread);
    assert!(names(&pickles).iter().any(|(name, _)| name == "os.system"));
}

#[test]
fn an_array_cannot_hide_opcodes_from_a_reader_that_knows_no_arrays() {
    // `pickle.load` would take the array's bytes for opcodes.
    let pickles = walked(&joblib_array(b"\x8c\x02f8", b"cos\nsystem\n.__________________________"));
    assert!(names(&pickles).iter().any(|(name, _)| name == "os.system"), "{:?}", names(&pickles));
}

#[test]
fn pickles_in_the_bytes_of_a_pickle_are_walked() {
    let inner = b"\x80\x02cos\nsystem\n.";
    for head in [&b"\x80\x04C\x0e"[..], b"\x80\x04B\x0e\0\0\0", b"\x80\x04\x8e\x0e\0\0\0\0\0\0\0"] {
        let mut data = head.to_vec();
        data.extend(inner);
        data.push(b'.');
        let pickles = walked(&data);
        assert!(names(&pickles).iter().any(|(name, _)| name == "os.system"), "{}", data.escape_ascii());
        assert_eq!((pickles.complete, pickles.unread.is_none()), (1, true));
    }
}

#[test]
fn hostile_streams_end() {
    let deep = [&b"\x80\x04"[..], &b"(".repeat(200_000), &b"t".repeat(200_000), b"."].concat();
    assert!(walked(&deep).unread.is_none());
    let copies = [&b"\x80\x04N"[..], &b"2".repeat(100)].concat();
    let few = Limits { values: 50, ..Limits::default() };
    assert!(walked_within(&copies, &few).unread.unwrap().to_string().contains("50 values"));
    let few = Limits { opcodes: 10, ..Limits::default() };
    assert!(walked_within(&copies, &few).unread.unwrap().to_string().contains("10 opcodes"));
    let many: Vec<u8> = (0..20).flat_map(|i| format!("cm{i}\nx\n").into_bytes()).collect();
    let few = Limits { imports: 5, ..Limits::default() };
    assert_eq!(walked_within(&many, &few).imports.len(), 5);
    for data in [
        &b"\x80"[..],
        b"c",
        b"cos",
        b"X\xff\xff\xff\xffx",
        b"\x8d\xff\xff\xff\xff\xff\xff\xff\xff",
        b"gx\n",
        b"\xff",
        b"",
    ] {
        let pickles = walked(data);
        assert_eq!(pickles.unread.is_some(), !data.is_empty(), "{}", data.escape_ascii());
    }
}
