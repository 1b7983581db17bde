//! Any of the targets, by the variable `FUZZ_TARGET`: one program to build where time is short.
#![no_main]

use std::sync::LazyLock;

static TARGET: LazyLock<String> = LazyLock::new(|| {
    let named = std::env::var("FUZZ_TARGET").unwrap_or_default();
    assert!(aimslint_fuzz::TARGETS.contains(&named.as_str()), "FUZZ_TARGET is one of {:?}", aimslint_fuzz::TARGETS);
    named
});

libfuzzer_sys::fuzz_target!(|data: &[u8]| -> libfuzzer_sys::Corpus {
    if aimslint_fuzz::run(&TARGET, data) { libfuzzer_sys::Corpus::Keep } else { libfuzzer_sys::Corpus::Reject }
});
