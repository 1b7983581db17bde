//! Tells keys and passwords that a machine has made from what people write.

use super::secret::{KEYS_TO, is_placeholder};
use std::collections::BTreeSet;

/// True for a password or API key that no person thinks up. A `token` may be one of text or of a page, and a `key` that of an entry.
pub(super) fn is_machine_made(name: &str, value: &str) -> bool {
    const NAMES: &[&str] = &[
        "password",
        "passwd",
        "secret",
        "api_key",
        "apikey",
        "access_token",
        "auth_token",
        "api_token",
        "authorization",
        "subscription_key",
        "account_key",
        "admin_key",
        "master_key",
    ];
    // `openai-api-key`, `apiKey`
    let name = name.to_ascii_lowercase().replace(['-', '.'], "_");
    // A signed token that gives access ends after minutes or hours, and stands in many examples of answers.
    let is_passing = (name.contains("token") || name == "authorization") && value.starts_with("eyJ");
    (NAMES.iter().any(|word| name.contains(word)) || is_key_to_ai(&name))
        && !is_passing
        && !MADE_UP.iter().any(|word| name.contains(word))
        && !PUBLIC.iter().any(|beginning| value.starts_with(beginning))
        && is_disordered(value)
}

/// `openai_key`, `openaikey`
fn is_key_to_ai(name: &str) -> bool {
    let whose = name.strip_suffix("key").map(|whose| whose.trim_end_matches('_').to_ascii_uppercase());
    whose.is_some_and(|whose| KEYS_TO.iter().any(|maker| whose.ends_with(maker)))
}

/// What names of made-up values hold.
const MADE_UP: &[&str] = &["test", "mock", "fake", "dummy", "example", "sample"];

/// How keys begin that web pages hand to every visitor: Firebase and Maps, Stripe, Clerk, Supabase, `PostHog`, reCAPTCHA.
const PUBLIC: &[&str] = &["AIza", "pk_", "pk.", "sb_publishable_", "phc_", "6L"];

/// Names of settings beside which a key is one of a web page, and so for everybody: of Firebase, and of the search of Algolia.
const BESIDE_PUBLIC: &[&str] = &["authDomain", "messagingSenderId", "indexName", "index_name"];

/// True for the name of a setting that stands beside keys for everybody.
pub(super) fn is_of_web_page(name: &str) -> bool {
    BESIDE_PUBLIC.contains(&name)
}

/// True for the text of a file of settings that hold a key for everybody.
pub(super) fn speaks_of_web_page(text: &str) -> bool {
    text.contains("algolia") || BESIDE_PUBLIC.iter().any(|name| text.contains(name))
}

/// Long and with many different characters, or shorter and without any order.
fn is_disordered(value: &str) -> bool {
    let distinct = value.bytes().collect::<BTreeSet<u8>>().len();
    // The three parts of a signed token are joined by dots.
    let is_signed_token = value.starts_with("eyJ") && value.split('.').count() == 3;
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-_+/=".contains(&byte) || (is_signed_token && byte == b'.');
    let is_long = value.len() >= MACHINE_MADE_LENGTH && value.bytes().all(plain);
    let is_mixed =
        value.len() >= MIXED_LENGTH && value.bytes().all(|byte| byte.is_ascii_alphanumeric()) && is_mixed(value);
    distinct >= 12 && (is_long || is_mixed)
}

/// Capitals, small letters and digits take turns, and digits stand in three places and more. Words have one capital and many small letters,
/// and a year or a number behind them.
fn is_mixed(value: &str) -> bool {
    let kinds: Vec<_> = value.bytes().map(|byte| (byte.is_ascii_digit(), byte.is_ascii_uppercase())).collect();
    let turns = kinds.chunk_by(|one, other| one == other).count();
    let numbers =
        value.split(|character: char| !character.is_ascii_digit()).filter(|digits| !digits.is_empty()).count();
    turns * 5 > value.len() * 2 && numbers >= 3
}

/// Passwords that people think up are shorter than 128 bits in hexadecimal digits.
const MACHINE_MADE_LENGTH: usize = 32;

/// From this length on letters and digits without any order are no person's thought.
const MIXED_LENGTH: usize = 20;

/// True for text that looks made by a machine: keys are long and mix letters with digits; names, words and sentences do not.
pub(super) fn is_random(value: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.+/=:".contains(&byte);
    let digits = || value.bytes().filter(u8::is_ascii_digit).count();
    let distinct = || value.bytes().collect::<BTreeSet<u8>>().len();
    let mixed = (16..=400).contains(&value.len())
        && value.bytes().all(plain)
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
        && digits() >= 2
        && distinct() >= 8;
    mixed && !is_made_of_words(value) && !is_placeholder(value)
}

/// `SECRET_OF_THE_TOOL_123`: words and numbers with signs between them.
fn is_made_of_words(value: &str) -> bool {
    value.split(['-', '_', '.', '/', ':', '+', '=']).all(|part| {
        // `v2`, `claude3`
        let digits = part.bytes().rev().take_while(u8::is_ascii_digit).count();
        let part = if digits <= 4 { part.get(..part.len() - digits).unwrap_or(part) } else { part };
        let tail = part.get(1..).unwrap_or_default();
        let of = |test: fn(&u8) -> bool| part.as_bytes().iter().all(test);
        of(u8::is_ascii_digit) || of(u8::is_ascii_uppercase) || tail.as_bytes().iter().all(u8::is_ascii_lowercase)
    })
}
