//! Tells from the text of a JavaScript file whether anything can be seen in it: most files of a web page hold no sign of AI, and are not parsed.

use super::{HTTP_PACKAGES, package_of};
use crate::extract::Context;
use crate::extract::machine_made::is_random;
use crate::extract::reference;
use crate::source::Span;
use memchr::{memchr3_iter, memmem};

/// What stands before the name of a package that is imported.
const IMPORTS: &[&str] = &["from", "import", "require", "import(", "require("];

/// Words of which one stands where a server is asked, or where a setting is told its address.
const ASKING: &[&str] = &[
    "fetch",
    "axios",
    "WebSocket",
    "EventSource",
    "_uri",
    "_URI",
    "_url",
    "_URL",
    "_base",
    "_BASE",
    "_endpoint",
    "_ENDPOINT",
    "_host",
    "_HOST",
    "_proxy",
    "_PROXY",
];

/// Words that the name of every secret holds, in lower case.
const SECRETS: &[&str] = &["pass", "secret", "token", "key", "pat"];

/// How far before a text the name stands that it is given to, in bytes.
const REACH: usize = 200;

/// False for a file of which [`super::extract`] would see nothing.
pub(in crate::extract) fn may_hold_facts(text: &str, context: &Context<'_>) -> bool {
    let listed = &context.interest.javascript;
    if listed.all || holds(text, "process.env.") || listed.globals.iter().any(|name| holds(text, name)) {
        return true;
    }
    let (mut asks, mut has_address) = (false, false);
    for (before, quoted) in quoted_texts(text) {
        if is_imported(before) && !quoted.starts_with('.') {
            let package = package_of(quoted).unwrap_or(quoted);
            asks |= HTTP_PACKAGES.contains(&package);
            if context.catalogue.is_ai_package("npm", package) || listed.modules.mean(package) {
                return true;
            }
        } else if reference::is_id(quoted) || quoted.contains("://huggingface.co/") || may_be_secret(before, quoted) {
            return true;
        }
        has_address |= quoted.contains("://");
    }
    has_address && (asks || ASKING.iter().any(|word| holds(text, word)))
}

fn holds(text: &str, word: &str) -> bool {
    memmem::find(text.as_bytes(), word.as_bytes()).is_some()
}

/// Whatever stands between two quotes, and all before it. What lies between two quoted texts is among them: which quotes belong
/// together only parsing would tell.
fn quoted_texts(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut quotes = memchr3_iter(b'"', b'\'', b'`', text.as_bytes());
    let mut last = quotes.next();
    std::iter::from_fn(move || {
        let close = quotes.next()?;
        let open = last.replace(close)?;
        Some((Span::new(0, open).text(text), Span::new(open + 1, close).text(text)))
    })
}

/// True where a quoted text names what is imported.
fn is_imported(before: &str) -> bool {
    let before = end_of(before).trim_end();
    // `import(/* webpackIgnore: true */ "openai")`
    let comment = before.strip_suffix("*/").and_then(|rest| rest.rsplit_once("/*"));
    let before = comment.map_or(before, |(before, _)| before.trim_end());
    IMPORTS.iter().any(|import| before.ends_with(import))
}

fn may_be_secret(before: &str, quoted: &str) -> bool {
    let is_named = || {
        let near = end_of(before).to_ascii_lowercase();
        SECRETS.iter().any(|word| near.contains(word))
    };
    is_random(quoted) && is_named()
}

/// The last bytes of a text. More are never looked at, so that a file of nothing but quotes takes no longer than another.
fn end_of(before: &str) -> &str {
    before.get(before.floor_char_boundary(before.len().saturating_sub(REACH))..).unwrap_or_default()
}
