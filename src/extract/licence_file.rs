//! Facts from files that hold the text of a licence: `licence-file`.

use crate::fact::{Facts, Field, LicenceFile};
use crate::source::{SourceFile, Span};

/// How much of the text is looked at: every licence says at its start which one it is.
const REACH: usize = 4_000;

/// Licences by phrases that only they have, all of which must be there; the first that fits counts.
const PHRASES: &[(&str, &[&str])] = &[
    ("agpl-3.0", &["gnu affero general public license", "version 3"]),
    ("lgpl-3.0", &["gnu lesser general public license", "version 3"]),
    ("lgpl-2.1", &["gnu lesser general public license", "version 2.1"]),
    ("gpl-3.0", &["gnu general public license", "version 3"]),
    ("gpl-2.0", &["gnu general public license", "version 2"]),
    ("apache-2.0", &["apache license", "version 2.0"]),
    ("mpl-2.0", &["mozilla public license", "2.0"]),
    ("cc0-1.0", &["cc0 1.0 universal"]),
    ("cc-by-nc-sa-4.0", &["attribution-noncommercial-sharealike 4.0"]),
    ("cc-by-nc-nd-4.0", &["attribution-noncommercial-noderivatives 4.0"]),
    ("cc-by-nc-4.0", &["attribution-noncommercial 4.0"]),
    ("cc-by-sa-4.0", &["attribution-sharealike 4.0"]),
    ("cc-by-4.0", &["attribution 4.0 international"]),
    ("llama3.3", &["llama 3.3 community license"]),
    ("llama3.2", &["llama 3.2 community license"]),
    ("llama3.1", &["llama 3.1 community license"]),
    ("llama3", &["meta llama 3 community license"]),
    ("llama2", &["llama 2 community license"]),
    ("bsd-3-clause", &["redistribution and use in source and binary forms", "neither the name"]),
    ("bsd-2-clause", &["redistribution and use in source and binary forms"]),
    ("mit", &["permission is hereby granted, free of charge", "the software is provided \"as is\""]),
];

/// Sees which licence it is.
pub fn extract(file: &SourceFile, facts: &mut Facts) {
    let start = Span::new(0, REACH).text(&file.text);
    let start = if start.is_empty() { file.text.as_str() } else { start };
    let text = start.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let found: Vec<&str> = PHRASES
        .iter()
        .filter(|(_, phrases)| phrases.iter().all(|phrase| text.contains(phrase)))
        .map(|(id, _)| *id)
        .collect();
    // The text of several licences in one file says no single one; the parts of one family are told apart by their order.
    let licence = found.first().map_or_else(Field::default, |id| Field::known(*id));
    facts.add_whole("licence", LicenceFile { licence });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_apart() {
        let licence = |text: &str| {
            let file = SourceFile::new("LICENSE", text);
            let mut facts = Facts::of(&file.path);
            extract(&file, &mut facts);
            facts.all.iter().map(|fact| fact.text("licence").to_owned()).collect::<String>()
        };
        for (text, id) in [
            ("\u{feff}  Apache License\r\n  Version 2.0, January 2004\r\n", "apache-2.0"),
            ("GNU AFFERO GENERAL PUBLIC LICENSE\nVersion 3, 19 November 2007", "agpl-3.0"),
            ("Attribution-NonCommercial 4.0 International", "cc-by-nc-4.0"),
            ("Attribution 4.0 International", "cc-by-4.0"),
            ("Redistribution and use in source and binary forms ... Neither the name of", "bsd-3-clause"),
            ("All rights reserved. é", "unknown"),
            ("", "unknown"),
        ] {
            assert_eq!(licence(text), id, "{text}");
        }
        assert_eq!(licence(&"é".repeat(REACH)), "unknown");
    }
}
