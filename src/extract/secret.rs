//! Secrets that are told by the name that they are given to: which names say so, which values are none, and what may be shown of one.

use crate::fact::{Choice, Facts, Field, Secret};
use crate::source::Span;

/// Adds the `secret` fact of a value whose name says that it is one, unless it is a placeholder; true when it was added.
pub(super) fn add(subject: &str, name: &str, value: &str, at: Span, holder: &'static str, facts: &mut Facts) -> bool {
    if value.is_empty() || is_placeholder(value) {
        return false;
    }
    facts.add(subject, at, told_by_name(name, value, holder));
    true
}

/// The fact of a value that the name `name` says to be secret, as it stands in a `holder` of the table of facts.
pub(super) fn told_by_name(name: &str, value: &str, holder: &'static str) -> Secret {
    Secret {
        form: form(name).into(),
        vendor: "".into(),
        shown: masked(value).into(),
        holder: Field::known(Choice(holder)),
        setting: name.into(),
        certain: false.into(),
        ..Secret::default()
    }
}

/// Words before `KEY` that make it a secret: `SORT_KEY` and `PUBLIC_KEY` are none.
const KEY_KINDS: &[&str] = &[
    "API",
    "APP",
    "SECRET",
    "ACCESS",
    "PRIVATE",
    "MASTER",
    "ENCRYPTION",
    "SIGNING",
    "SALT",
    "FERNET",
    "AUTH",
    "SERVICE",
    "ADMIN",
    "ACCOUNT",
    "JWT",
    "LICENSE",
    "SUBSCRIPTION",
    "STORAGE",
    "DEPLOY",
    "SESSION",
    "WEBHOOK",
];

/// Makers and services of AI, by the word that stands before `KEY` in what people call the keys to them.
pub(super) const KEYS_TO: &[&str] = &[
    "OPENAI",
    "AI",
    "LLM",
    "GPT",
    "ANTHROPIC",
    "CLAUDE",
    "GEMINI",
    "COHERE",
    "MISTRAL",
    "GROQ",
    "DEEPSEEK",
    "OPENROUTER",
    "TOGETHER",
    "REPLICATE",
    "HUGGINGFACE",
    "HF",
    "PINECONE",
    "WEAVIATE",
    "QDRANT",
    "LANGCHAIN",
    "LANGSMITH",
    "WANDB",
    "TAVILY",
    "SERPER",
    "SERPAPI",
    "ELEVENLABS",
    "ASSEMBLYAI",
    "DEEPGRAM",
];

/// How the names of secrets end, in any case.
const SECRET_ENDS: &[&str] = &["password", "passwd", "passphrase", "secret", "key", "pass", "pat", "token"];

/// Words before `TOKEN` that make it a piece of text and no secret.
const TEXT_TOKENS: &[&str] =
    &["PAD", "EOS", "BOS", "UNK", "SEP", "CLS", "MASK", "STOP", "START", "END", "SPECIAL", "IMAGE", "PER"];

/// True when the name says that the value is a secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    // Asked for every setting of every file: nearly all end in other words.
    let end = name.trim_end_matches(['_', '-', '.']).as_bytes();
    let ends_with = |word: &&str| {
        end.len()
            .checked_sub(word.len())
            .and_then(|start| end.get(start..))
            .is_some_and(|end| end.eq_ignore_ascii_case(word.as_bytes()))
    };
    if !SECRET_ENDS.iter().any(ends_with) {
        return false;
    }
    let upper = with_words_parted(name).to_ascii_uppercase();
    let mut words = upper.rsplit('_').filter(|word| !word.is_empty());
    let last = words.next().unwrap_or_default();
    let before = words.next().unwrap_or_default();
    match last {
        "PASSWORD" | "PASSWD" | "PASSPHRASE" | "SECRET" | "APIKEY" | "SECRETKEY" | "PGPASSWORD" => {
            before != "NO" && before != "EMPTY"
        }
        "PASS" | "PAT" => !before.is_empty() && !matches!(before, "BY" | "FIRST" | "SECOND"),
        "TOKEN" => !TEXT_TOKENS.contains(&before),
        "KEY" => (KEY_KINDS.contains(&before) || KEYS_TO.contains(&before)) && !upper.contains("PUBLIC"),
        _ => false,
    }
}

/// The name with `_` between its words: `openAIApiKey`, `open-ai.api-key` → `open_AI_Api_Key`.
fn with_words_parted(name: &str) -> String {
    let mut parted = String::with_capacity(name.len() + 4);
    let mut letters = name.chars().peekable();
    let mut before = ' ';
    while let Some(letter) = letters.next() {
        let next_is_small = letters.peek().is_some_and(char::is_ascii_lowercase);
        let begins_word =
            before.is_ascii_lowercase() || before.is_ascii_digit() || (before.is_ascii_uppercase() && next_is_small);
        if letter.is_ascii_uppercase() && begins_word {
            parted.push('_');
        }
        parted.push(if matches!(letter, '-' | '.') { '_' } else { letter });
        before = letter;
    }
    parted
}

/// Whose kind the secret is, in words.
fn form(name: &str) -> &'static str {
    let upper = name.to_ascii_uppercase();
    if upper.contains("PASS") {
        "password"
    } else if upper.ends_with("TOKEN") || upper.ends_with("PAT") {
        "token"
    } else if upper.ends_with("KEY") {
        "key"
    } else {
        "secret"
    }
}

/// Values that stand for a secret and are none, in lower case.
const PLACEHOLDERS: &[&str] = &[
    "",
    "none",
    "null",
    "nil",
    "empty",
    "dummy",
    "fake",
    "test",
    "testing",
    "example",
    "sample",
    "placeholder",
    "changeme",
    "change-me",
    "change_me",
    "todo",
    "tbd",
    "true",
    "false",
    "secret",
    "token",
    "key",
    "password",
    "foo",
    "bar",
    "abc",
    "value",
    "string",
    "undefined",
    "na",
    "n/a",
    "not-needed",
    "not_needed",
    "no-key",
    "no-key-required",
    "local",
    "unused",
    "anything",
    "whatever",
    "ci",
    "mock",
    "0",
    "1",
];

/// Parts of values that stand for a secret and are none, in lower case.
const PLACEHOLDER_PARTS: &[&str] = &[
    "your",
    "xxx",
    "...",
    "***",
    "<",
    "example",
    "placeholder",
    "replace",
    "changeme",
    "change-me",
    "change_me",
    "insert",
    "dummy",
    "fake",
    "redacted",
    "removed",
    "hidden",
    "todo",
    "sample",
    "not-a-real",
    "notreal",
    "for-test",
    "for_test",
    "test-key",
    "test_key",
    "test-token",
    "mock",
    "-here",
    "_here",
    "1234",
    "/run/secrets",
    "keyvault",
    // The token that jwt.io shows, that of Supabase's demo, and the keys of its storage on one's own machine.
    "eyjzdwiioiixmjm0nty3odkw",
    "eyjpc3mioijzdxbhymfzzs1kzw1v",
    "850181e4652dd023",
    "625729a08b95bf1b",
    "vault:",
    "secretsmanager",
    "secretref",
    "valuefrom",
    "resolve:",
];

/// True for a value that nobody would take for a real secret, or that only says where the secret lies.
pub(super) fn is_placeholder(value: &str) -> bool {
    let lower = value.trim().to_ascii_lowercase();
    let mut bytes = lower.bytes();
    let first = bytes.next();
    PLACEHOLDERS.contains(&lower.as_str())
        || PLACEHOLDER_PARTS.iter().any(|part| lower.contains(part))
        || lower.len() < 6
        || bytes.all(|byte| Some(byte) == first)
        || lower.starts_with(['/', '.', '$', '{'])
        || lower.contains(char::is_whitespace)
}

/// Passwords that come with a product or that everybody tries first, in lower case.
const KNOWN_PASSWORDS: &[&str] = &[
    "postgres",
    "password",
    "passw0rd",
    "p@ssw0rd",
    "password123",
    "admin",
    "admin123",
    "root",
    "toor",
    "changeme",
    "change-me",
    "change_me",
    "changeit",
    "secret",
    "mysecretpassword",
    "minio",
    "minio123",
    "minioadmin",
    "minio_admin",
    "minio-admin",
    "miniopassword",
    "airflow",
    "mlflow",
    "milvus",
    "test",
    "guest",
    "neo4j",
    "elastic",
    "123456",
    "12345678",
    "123456789",
    "12345",
    "1234",
    "qwerty",
    "letmein",
    "default",
    "user",
    "jupyter",
    "pass",
    "mysql",
    "rabbitmq",
    "redis",
    "clickhouse",
    "langfuse",
    "example",
];

/// True for a password that everybody knows, or that is its user's name.
pub(super) fn is_guessable(name: &str, value: &str, user: Option<&str>) -> bool {
    if value.is_empty() {
        return false;
    }
    let lower = value.to_ascii_lowercase();
    let minio = matches!(lower.as_str(), "minioadmin" | "minio123");
    let password = name.to_ascii_uppercase().contains("PASS") || name.eq_ignore_ascii_case("MINIO_SECRET_KEY");
    minio
        || (password
            && (KNOWN_PASSWORDS.contains(&lower.as_str()) || user.is_some_and(|user| user.eq_ignore_ascii_case(value))))
}

/// What may be shown of a secret: its last two characters, or nothing of a short one.
pub(super) fn masked(value: &str) -> String {
    let count = value.chars().count();
    if value.is_empty() {
        return String::new();
    }
    if count < 16 {
        return "…".to_owned();
    }
    // A password has no public prefix: its first characters are as secret as the rest.
    let last: String = value.chars().skip(count - 2).collect();
    format!("…{last}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_by_name() {
        for name in [
            "OPENAI_API_KEY",
            "HF_TOKEN",
            "POSTGRES_PASSWORD",
            "AWS_SECRET_ACCESS_KEY",
            "client-secret",
            "db.password",
            "GITHUB_PAT",
            "OPENAI_KEY",
            "openaiKey",
        ] {
            assert!(is_secret_name(name), "{name}");
        }
        for name in [
            "PUBLIC_KEY",
            "KEY_NAME",
            "MAX_TOKENS",
            "TOKENIZER",
            "TOKEN_URL",
            "PAD_TOKEN",
            "SORT_KEY",
            "PASSWORD_FILE",
            "SECRET_NAME",
            "AWS_ACCESS_KEY_ID",
            "TOKENIZERS_PARALLELISM",
            "PASS",
            "KEY",
            "SSH_PUBLIC_API_KEY",
            "ALLOW_EMPTY_PASSWORD",
        ] {
            assert!(!is_secret_name(name), "{name}");
        }
    }

    #[test]
    fn placeholders_are_no_secrets() {
        for value in
            ["", "your-api-key", "<token>", "sk-...", "EMPTY", "xxxxxxxx", "aaaaaaaa", "/run/secrets/x", "changeme"]
        {
            assert!(is_placeholder(value), "{value}");
        }
        assert!(!is_placeholder("f4c7b0d29e6a"));
    }

    #[test]
    fn default_passwords_are_known() {
        assert!(is_guessable("POSTGRES_PASSWORD", "postgres", None));
        assert!(is_guessable("DB_PASSWORD", "Acme", Some("acme")));
        assert!(is_guessable("AWS_SECRET_ACCESS_KEY", "minioadmin", None));
        assert!(!is_guessable("OPENAI_API_KEY", "test", None));
    }

    #[test]
    fn masks_hide_what_matters() {
        assert_eq!(masked("short"), "…");
        assert_eq!(masked("éééé-0000-0000-00-zz"), "…zz");
    }
}
