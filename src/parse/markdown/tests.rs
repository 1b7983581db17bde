use super::*;
use std::time::Instant;

fn outline(text: &str) -> Vec<(String, usize, String)> {
    let sections = parse(text).sections.into_iter().filter(|section| section.level > 0);
    sections.map(|section| (section.title, section.level, section.body.trim().to_owned())).collect()
}

fn found<'a>(prose: &'a Prose, title: &str) -> &'a Section {
    prose.sections.iter().find(|section| section.title == title).unwrap_or_else(|| panic!("no section {title}"))
}

#[test]
fn all_shapes_of_headings_are_sections() {
    let text = "# **Model** Details\nIntro\n\n2.1 Uses\n---\ntext\n\n**Intended Use Cases** For chat.\n\n**Out-of-scope**: War.\n\n\
                **License:** MIT\n\n### <span id=x>Risks </span>\n- **Bias:** none\n\n| Field | Response |\n|---|---|\n\
                | Technical Limitations: | Slow |\n\n<h2>Privacy</h2>\n<p>No data</p>\n";
    let expected = [
        ("Model Details", 1, "Intro"),
        ("Uses", 2, "text"),
        ("Intended Use Cases", 7, "For chat."),
        ("Out-of-scope", 7, "War."),
        ("License", 7, "MIT"),
        ("Risks", 3, "Field Response"),
        ("Bias", 8, "none"),
        ("Technical Limitations", ROW_LEVEL, "Slow"),
        ("Privacy", 2, "No data"),
    ];
    assert_eq!(outline(text), expected.map(|(title, level, body)| (title.to_owned(), level, body.to_owned())));
}

#[test]
fn text_after_a_list_belongs_to_the_section_again() {
    let prose = parse("## Details\n- **Owner:** Ann\n  more of it\n- plain\n\nAfter.\n");
    assert_eq!(found(&prose, "Owner").body.trim(), "Ann more of it");
    assert_eq!(found(&prose, "Details").body.trim(), "plain\nAfter.");
    assert_eq!(prose.subtree(1).count(), 2);
}

#[test]
fn a_lead_keeps_the_list_below_it() {
    let prose = parse("**Known biases**:\n- Western titles\n- **Age:** young\n\n**Next** one\n");
    assert_eq!(found(&prose, "Known biases").body.trim(), "Western titles");
    assert_eq!(
        prose.subtree(1).map(|(_, section)| section.title.as_str()).collect::<Vec<_>>(),
        ["Known biases", "Age"]
    );
    assert_eq!(found(&prose, "Known biases").exhibits, 2);
}

#[test]
fn bold_words_inside_a_sentence_are_no_lead() {
    let prose = parse("## A\nThis is **bold** text. **Also this** one.\n");
    assert_eq!(prose.sections.len(), 2);
    assert_eq!(found(&prose, "A").body.trim(), "This is bold text. Also this one.");
}

#[test]
fn a_heading_that_is_a_sentence_opens_no_section() {
    let prose =
        parse("### Risks\n\n### We looked most closely at the following areas of risk:\n\n**Fire** low\n\n### Next\n");
    assert_eq!(
        prose.sections.iter().map(|section| section.title.as_str()).collect::<Vec<_>>(),
        ["", "Risks", "Fire", "Next"]
    );
    assert_eq!(found(&prose, "Risks").body.trim(), "We looked most closely at the following areas of risk:");
}

#[test]
fn comments_code_and_images_are_not_text() {
    let prose = parse(
        "## A\n<!-- say\n\nmore -->\n\n<!-->\n\n```python\nbias = True\n```\n![bias](x.png) `code` <!-- x -->word\n",
    );
    assert_eq!(found(&prose, "A").body.trim(), "code word");
    assert_eq!(found(&prose, "A").exhibits, 2);
}

#[test]
fn places_count_from_the_start_of_the_file() {
    let text = "\u{feff}---\r\nlicense: mit\r\n---\r\n\r\n# Über Wörter\r\n\r\n[More Information Needed]\r\n\r\n<h2>Größe</h2>\r\n";
    let prose = parse(text);
    let section = found(&prose, "Über Wörter");
    assert_eq!(section.title_span.text(text), "# Über Wörter");
    assert_eq!(section.body_span.text(text), "[More Information Needed]");
    assert_eq!(found(&prose, "Größe").title_span.text(text), "<h2>Größe</h2>");
    let licence = prose.front_matter.as_ref().and_then(|document| document.root()?.get("license").cloned());
    assert_eq!(licence.map(|node| node.span.text(text).to_owned()).as_deref(), Some("mit"));
}

#[test]
fn tables_give_rows_with_their_section() {
    let prose = parse("## Results\n\n| Slice | F1 | n |\n|--|--|--|\n| women | 0.7 | 10 |\n");
    let rows: Vec<_> = prose.rows.iter().map(|row| (row.cells.join("/"), row.is_header, row.section)).collect();
    assert_eq!(rows, [("Slice/F1/n".to_owned(), true, 1), ("women/0.7/10".to_owned(), false, 1)]);
    let html = parse("<table>\n<tr><th>Slice</th><th>F1</th></tr>\n<tr><td>women</td><td>0.7</td></tr>\n</table>\n");
    assert_eq!(html.rows.len(), 2);
    assert_eq!(found(&html, "women").body, "0.7");
}

#[test]
fn templates_are_told_by_their_holes() {
    assert!(parse("---\n{{ card_data }}\n---\n# Card\n").is_template);
    assert!(parse("# Model Card for {{ model_id | default(\"x\", true) }}\n").is_template);
    assert!(parse("# {% if a %}\n").is_template);
    assert!(!parse("# Card\n\nUses `{{ x }}` in text.\n").is_template);
    assert!(parse("---\n{{ card_data }}\n---\n# Card\n").faults.is_empty());
}

#[test]
fn broken_front_matter_is_reported_with_its_place() {
    let text = "---\nlicense: mit\ntags: [a, b\n---\n# Card\n";
    let prose = parse(text);
    assert!(!prose.faults.is_empty());
    assert!(prose.faults.iter().all(|fault| fault.at.start < text.len()));
    assert_eq!(found(&prose, "Card").level, 1);
}

#[test]
fn hostile_text_takes_linear_time() {
    let bombs = [
        "> ".repeat(100_000),
        "* ".repeat(100_000),
        "- **a** ".repeat(50_000),
        "- **a**\n  ".repeat(20_000),
        "a".repeat(1_000_000),
        "**".repeat(200_000),
        "**a**\n\n".repeat(50_000),
        "# a\n".repeat(100_000),
        "|a|b|\n|-|-|\n".to_owned() + &"|x|y|\n".repeat(50_000),
        "[".repeat(200_000),
        "`".repeat(200_001),
        "---\n".to_owned() + &"a: b\n".repeat(50_000),
        "---\nlicense: [".to_owned() + &"[".repeat(100_000),
        "<!--\n".repeat(100_000),
        "<h1>".repeat(100_000),
        "\0\u{feff}---\n---".to_owned(),
    ];
    for bomb in bombs {
        let start = Instant::now();
        let sections = parse(&bomb).sections.len();
        assert!(sections > 0);
        let name: String = bomb.chars().take(12).collect();
        assert!(start.elapsed().as_secs() < 10, "{name}");
    }
}
