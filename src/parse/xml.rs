//! Reads XML as far as build files use it: elements, attributes, text, comments, CDATA and the five named entities.
//!
//! Namespaces stay part of names, entities that a file declares itself are left as written, and nothing outside of the file is
//! ever looked at.

use crate::document::builder::TooLarge;
use crate::document::{DEPTH_LIMIT, Document, Entry, Fault, Faults, Node, VALUE_LIMIT, Value};
use crate::source::Span;

/// Reads an XML file: a map with the root element. An element is the text in it, or a map of its attributes (`@name`) and child
/// elements, in order and repeated as often as they are.
#[must_use]
pub fn parse(text: &str) -> Document {
    let open = vec![Element::new(Span::empty(0), 0)];
    let mut reader = Reader { text, open, values: 0, faults: Faults::default() };
    reader.read();
    while reader.open.len() > 1 {
        reader.close(text.len());
    }
    let entries = reader.open.pop().map(|root| root.entries).unwrap_or_default();
    Document { roots: vec![Node::new(Span::new(0, text.len()), Value::Map(entries.into()))], faults: reader.faults }
}

struct Reader<'a> {
    text: &'a str,
    /// Elements that are not closed yet, the outermost first; the first stands for the file.
    open: Vec<Element>,
    /// How many elements and attributes were read.
    values: usize,
    faults: Faults,
}

struct Element {
    name: Span,
    start: usize,
    entries: Vec<Entry>,
    content: String,
    /// Where the content stands, blanks around it left out.
    content_at: Option<Span>,
}

impl Element {
    fn new(name: Span, start: usize) -> Self {
        Self { name, start, entries: Vec::new(), content: String::new(), content_at: None }
    }
}

impl Reader<'_> {
    fn read(&mut self) {
        let mut at = 0;
        while let Some(rest) = self.text.get(at..).filter(|rest| !rest.is_empty()) {
            let next = if rest.starts_with("<!--") {
                self.skip(at, "-->")
            } else if rest.starts_with("<![CDATA[") {
                let end = self.skip(at, "]]>");
                self.add_content(Span::new(at + 9, end.saturating_sub(3)), false);
                end
            } else if rest.starts_with("<?") {
                self.skip(at, "?>")
            } else if rest.starts_with("<!") {
                self.skip_declaration(at)
            } else if rest.starts_with("</") {
                self.end_tag(at)
            } else if rest.starts_with('<') {
                match self.start_tag(at) {
                    Some(next) => next,
                    None => return,
                }
            } else {
                let end = rest.find('<').map_or(self.text.len(), |length| at + length);
                self.add_content(Span::new(at, end), true);
                end
            };
            at = next;
        }
        if let [_, .., last] = self.open.as_slice() {
            self.faults.push(Fault::new(last.name, "not valid XML: this element is not closed"));
        }
    }

    /// The byte behind the next `end`.
    fn skip(&mut self, at: usize, end: &str) -> usize {
        let found = self.text.get(at..).and_then(|rest| rest.find(end));
        found.map_or(self.text.len(), |length| at + length + end.len())
    }

    /// The byte behind `<!DOCTYPE ... [ ... ]>`.
    fn skip_declaration(&mut self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let closing = rest.find('>').unwrap_or(rest.len());
        match rest.get(..closing).and_then(|head| head.find('[')) {
            Some(_) => {
                let end = self.skip(at, "]");
                self.skip(end, ">")
            }
            None => self.skip(at, ">"),
        }
    }

    fn end_tag(&mut self, at: usize) -> usize {
        let end = self.skip(at, ">");
        let name = Span::new(at + 2, end.saturating_sub(1)).text(self.text).trim();
        // Nothing is searched deeper than the limit of what can be open.
        match self.open.iter().skip(1).rposition(|element| element.name.text(self.text) == name) {
            Some(index) => {
                while self.open.len() > index + 1 {
                    let is_last = self.open.len() == index + 2;
                    if !is_last && let Some(element) = self.open.last() {
                        let fault = Fault::new(element.name, "not valid XML: this element is not closed");
                        self.faults.push(fault);
                    }
                    self.close(if is_last { end } else { at });
                }
            }
            None => self.faults.push(Fault::new(Span::new(at, end), "not valid XML: this closes no element")),
        }
        end
    }

    /// Reads a start tag; `None` when reading cannot go on.
    fn start_tag(&mut self, at: usize) -> Option<usize> {
        let name = self.name(at + 1);
        if name.start == name.end {
            self.faults.push(Fault::new(Span::new(at, at + 1), "not valid XML: `<` without a name"));
            return Some(at + 1);
        }
        if self.open.len() > DEPTH_LIMIT {
            self.faults.push(Fault::new(name, TooLarge::Depth.to_string()));
            return None;
        }
        let mut element = Element::new(name, at);
        let mut here = name.end;
        loop {
            self.values += 1;
            if self.values > VALUE_LIMIT {
                self.faults.push(Fault::new(Span::empty(here), TooLarge::Values.to_string()));
                return None;
            }
            here = self.blank_end(here);
            let rest = self.text.get(here..).unwrap_or_default();
            if rest.is_empty() {
                self.faults.push(Fault::new(name, "not valid XML: this tag is not closed"));
                self.open.push(element);
                return Some(here);
            }
            if rest.starts_with('>') {
                self.open.push(element);
                return Some(here + 1);
            }
            if rest.starts_with("/>") {
                self.open.push(element);
                self.close(here + 2);
                return Some(here + 2);
            }
            let key = self.name(here);
            match self.attribute(key) {
                Some(entry) => {
                    here = entry.node.span.end + 1;
                    element.entries.push(entry);
                }
                // Whatever it is, one character of it is passed over, so that this ends.
                None => here = key.end.max(here + rest.chars().next().map_or(1, char::len_utf8)),
            }
        }
    }

    /// The attribute whose name stands at `key`: `name="value"`.
    fn attribute(&self, key: Span) -> Option<Entry> {
        if key.start == key.end {
            return None;
        }
        let equals = self.blank_end(key.end);
        self.text.get(equals..)?.strip_prefix('=')?;
        let open = self.blank_end(equals + 1);
        let rest = self.text.get(open..)?;
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        // A tag that is not closed must not swallow the file.
        let value = rest.get(1..)?.split(['<', quote]).next()?;
        let at = Span::new(open + 1, open + 1 + value.len());
        let node = Node::new(at, Value::Text(unescaped(value).into()));
        Some(Entry { key: format!("@{}", key.text(self.text)).into(), key_span: key, node })
    }

    fn name(&self, start: usize) -> Span {
        let rest = self.text.get(start..).unwrap_or_default();
        let is_of_name = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | '-' | '_' | ':');
        let end = rest.find(|letter: char| !is_of_name(letter)).unwrap_or(rest.len());
        Span::new(start, start + end)
    }

    fn blank_end(&self, start: usize) -> usize {
        let rest = self.text.get(start..).unwrap_or_default();
        start + (rest.len() - rest.trim_start().len())
    }

    fn add_content(&mut self, at: Span, escaped: bool) {
        let raw = at.text(self.text);
        let body = raw.trim();
        let Some(element) = self.open.last_mut().filter(|_| !body.is_empty()) else { return };
        let start = at.start + (raw.len() - raw.trim_start().len());
        let body_at = Span::new(start, start + body.len());
        element.content_at = Some(element.content_at.map_or(body_at, |before| before.cover(body_at)));
        if escaped {
            element.content.push_str(&unescaped(body));
        } else {
            element.content.push_str(body);
        }
    }

    /// Closes the innermost element, which ends before byte `end`.
    fn close(&mut self, end: usize) {
        if self.open.len() < 2 {
            return;
        }
        let (Some(element), Some(parent)) = (self.open.pop(), self.open.last_mut()) else { return };
        let node = if element.entries.is_empty() {
            // Where an empty element stands, its text would.
            let at = element.content_at.unwrap_or(Span::new(element.start, end));
            Node::new(at, Value::Text(element.content.into()))
        } else {
            Node::new(Span::new(element.start, end), Value::Map(element.entries.into()))
        };
        let key = element.name.text(self.text);
        parent.entries.push(Entry { key: key.into(), key_span: element.name, node });
    }
}

/// The text with its entities resolved; those that nobody knows stay as they are.
fn unescaped(text: &str) -> String {
    const ENTITIES: &[(&str, &str)] = &[("lt", "<"), ("gt", ">"), ("quot", "\""), ("apos", "'"), ("amp", "&")];
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let known = part.split_once(';').and_then(|(name, rest)| {
            let character = match name.strip_prefix('#') {
                Some(code) => {
                    let number = match code.strip_prefix(['x', 'X']) {
                        Some(digits) => u32::from_str_radix(digits, 16).ok(),
                        None => code.parse().ok(),
                    };
                    char::from_u32(number?)?.to_string()
                }
                None => ENTITIES.iter().find(|(entity, _)| *entity == name)?.1.to_owned(),
            };
            Some((character, rest))
        });
        if let Some((character, rest)) = known {
            plain.push_str(&character);
            plain.push_str(rest);
        } else {
            plain.push('&');
            plain.push_str(part);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_attributes_and_text_have_their_places() {
        let text = "\u{feff}<?xml version=\"1.0\"?>\r\n<!DOCTYPE x [ <!ENTITY a \"b\"> ]>\r\n<Project Sdk='é'>\r\n  <!-- <no/> -->\r\n  <ItemGroup>\r\n    <PackageReference Include=\"A&amp;B\" Version = \"1.0\" />\r\n    <PackageReference Include=\"C\"><Version> 2.* </Version></PackageReference>\r\n  </ItemGroup>\r\n  <x:y><![CDATA[a<b]]>&#65;&unknown;</x:y>\r\n</Project>";
        let document = parse(text);
        assert_eq!(document.faults, []);
        let project = document.root().unwrap().get("Project").unwrap();
        assert_eq!(project.get("@Sdk").unwrap().span.text(text), "é");
        let references = project.get("ItemGroup").unwrap().entries();
        assert_eq!(references.len(), 2);
        assert_eq!(references[0].node.get("@Include").unwrap().text(), Some("A&B"));
        assert_eq!(references[0].node.get("@Version").unwrap().span.text(text), "1.0");
        assert!(references[0].node.span.text(text).starts_with("<PackageReference Include"));
        assert_eq!(references[1].node.get("Version").unwrap().span.text(text), "2.*");
        assert_eq!(project.get("x:y").unwrap().text(), Some("a<bA&unknown;"));
    }

    #[test]
    fn broken_files_keep_what_was_read() {
        let document = parse("<a><b>1</b><c></a></d>");
        assert_eq!(document.faults.len(), 2, "{:?}", document.faults);
        assert_eq!(document.root().unwrap().at("a.b").unwrap().text(), Some("1"));
        let cut = parse("<a><b x=\"1\"><c>tex");
        assert_eq!(cut.root().unwrap().at("a.b.c").unwrap().text(), Some("tex"));
        assert!(!cut.faults.is_empty());
    }

    #[test]
    fn hostile_inputs_end() {
        for text in [
            "",
            "<",
            "<a",
            "<a b",
            "<a b=",
            "<a b=\"",
            "</",
            "<!--",
            "<![CDATA[",
            "<?",
            "<!",
            "&",
            "<é>&#xffffffff;</é>",
            "a<",
        ] {
            let _ = parse(text);
        }
        assert!(!parse(&"<a>".repeat(10_000)).faults.is_empty());
        let _ = parse(&"</a>".repeat(10_000));
        let _ = parse(&format!("<a {}>", "b=\"c\" ".repeat(10_000)));
        let _ = parse(&"<![".repeat(100_000));
    }
}
