//! Which names of fields suggest personal data: for the fields that data manifests and table schemas list, never for code.

use foldhash::{HashMap, HashSet};
use serde::Deserialize;

/// Rows of words are no longer than this.
const LONGEST_ROW: usize = 4;

/// Names of fields by the kind of personal data that they suggest.
#[derive(Debug, Default)]
pub struct PersonalNames {
    /// Rows of words that suggest it anywhere in a name → kind.
    anywhere: HashMap<String, String>,
    /// Whole names that suggest it in a table about people → kind.
    among_people: HashMap<String, String>,
    people: HashSet<String>,
    except: HashSet<String>,
}

/// The catalogue file, as written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NameFile {
    people: HashSet<String>,
    except: HashSet<String>,
    kind: Vec<NamesOfKind>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct NamesOfKind {
    id: String,
    names: Vec<String>,
    #[serde(default)]
    beside: Vec<String>,
}

impl PersonalNames {
    pub(super) fn read(text: &str) -> Result<Self, serde_json::Error> {
        let file: NameFile = serde_json::from_str(text)?;
        let mut names = Self { people: file.people, except: file.except, ..Self::default() };
        for NamesOfKind { id, names: anywhere, beside } in file.kind {
            // Tables in lower case write two words as one: `emailaddress`, `firstname`.
            let joined = anywhere.iter().map(|name| (name.replace(' ', ""), id.clone()));
            names.anywhere.extend(joined.collect::<Vec<_>>());
            names.anywhere.extend(anywhere.into_iter().map(|name| (name, id.clone())));
            names.among_people.extend(beside.into_iter().map(|name| (name, id.clone())));
        }
        Ok(names)
    }

    /// The kind of personal data that a field of this name holds, told from the name alone.
    #[must_use]
    pub fn kind_of(&self, field: &str) -> Option<&str> {
        let words = words(field);
        // A row that the catalogue names whole (`priors count`) is not taken apart.
        let whole = self.anywhere.get(&words.join(" "));
        if whole.is_none() && words.iter().any(|word| self.except.contains(word)) {
            return None;
        }
        let longest_first = (1..=LONGEST_ROW.min(words.len())).rev();
        let mut rows = longest_first.flat_map(|length| words.windows(length));
        whole.or_else(|| rows.find_map(|row| self.anywhere.get(&row.join(" ")))).map(String::as_str)
    }

    /// The kind of personal data that a field of this name holds in a table about people: `name`, `address`, `patient_age`.
    #[must_use]
    pub fn kind_among_people(&self, field: &str) -> Option<&str> {
        let words = words(field);
        let own: Vec<&str> = words.iter().map(String::as_str).skip_while(|word| self.people.contains(*word)).collect();
        let bare = self.among_people.get(&own.join(" ")).map(String::as_str);
        self.kind_of(field).or(bare)
    }

    /// True for the name of a table or dataset that is about people.
    #[must_use]
    pub fn is_about_people(&self, name: &str) -> bool {
        words(name).iter().any(|word| self.people.contains(word))
    }
}

/// The words of a name, in lower case: `customerEmail`, `customer_email`, `CUSTOMER-EMAIL`, `IPAddress`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    let mut ahead = name.chars().peekable();
    while let Some(character) = ahead.next() {
        let is_letter_or_digit = character.is_alphanumeric();
        let rises = character.is_uppercase()
            && (before.is_lowercase()
                || (before.is_uppercase() && ahead.peek().is_some_and(|next| next.is_lowercase())));
        if (!is_letter_or_digit || rises) && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (is_letter_or_digit, words.last_mut()) {
            word.extend(character.to_lowercase());
        }
        before = character;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::super::Catalogue;
    use super::*;

    #[test]
    fn names_suggest_their_kind() {
        let names = &Catalogue::shipped().personal;
        for (field, kind) in [
            ("email", Some("contact")),
            ("customer_email_address", Some("contact")),
            ("contactEMail", Some("contact")),
            ("IPAddress", Some("online")),
            ("DateOfBirth", Some("birth")),
            ("SSN", Some("identity-number")),
            ("emailaddress", Some("contact")),
            ("MSISDN", Some("contact")),
            ("sex", Some("protected-characteristic")),
            ("icd10_code", Some("health")),
            ("email_count", None),
            ("priors_count", Some("criminal-record")),
            ("is_email_verified", None),
            ("server_ip_address", None),
            ("token", None),
            ("name", None),
            ("address", None),
            ("memory_address", None),
            ("race", None),
            ("race_condition", None),
            ("file_name", None),
            ("sexton", None),
            ("message", None),
            ("", None),
            ("__", None),
            ("größe", None),
        ] {
            assert_eq!(names.kind_of(field), kind, "{field}");
        }
    }

    #[test]
    fn some_names_need_a_table_about_people() {
        let names = &Catalogue::shipped().personal;
        for (field, kind) in [
            ("name", Some("name")),
            ("patient_age", Some("birth")),
            ("race", Some("protected-characteristic")),
            ("race_condition", None),
            ("account_age_days", None),
            ("product_name", None),
            ("customer", None),
        ] {
            assert_eq!(names.kind_among_people(field), kind, "{field}");
        }
        assert!(names.is_about_people("dim_customers") && names.is_about_people("PatientRecords"));
        assert!(!names.is_about_people("customisation"));
    }

    #[test]
    fn every_row_of_words_can_be_met() {
        let names = &Catalogue::shipped().personal;
        for row in names.anywhere.keys().chain(names.among_people.keys()) {
            assert_eq!(words(row).join(" "), *row, "is written in lower case words with single blanks");
            assert!(words(row).len() <= LONGEST_ROW, "{row} is longer than is looked for");
        }
    }
}
