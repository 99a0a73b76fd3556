#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    trutina_tests::harness::fuzz::bundle(bytes);
});
