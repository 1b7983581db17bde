use super::*;

/// Line and rule of each waiver, the line that it covers, and its faults.
fn found(path: &str, text: &str) -> Vec<(usize, String, usize, Vec<String>)> {
    let lines = Lines::new(text);
    let told = |waiver: Waiver| {
        let Scope::Line(covered) = waiver.scope else { panic!("inline") };
        (lines.position(waiver.at.start).0, waiver.rule, lines.position(covered.start).0, waiver.faults)
    };
    waivers(&SourceFile::new(path, text)).all.into_iter().map(told).collect()
}

#[test]
fn every_comment_syntax_is_known() {
    let mark = "aimslint: ignore[a/b] until=2027-01-31 because";
    for (path, line) in [
        ("a.py", format!("x = '#'  # {mark}")),
        ("a.py", format!("x = 1  # noqa: S105 # {mark}")),
        ("a.yaml", format!("key: it's  # {mark}")),
        ("Dockerfile", format!("RUN x  # {mark}")),
        ("a.js", format!("f('//', `x`)  // {mark}")),
        ("a.go", format!("f() /* {mark} */")),
        ("main.tf", format!("a = 1 // {mark}")),
        ("a.sql", format!("select 1 -- {mark}")),
        ("a.ini", format!("a = 1 ; {mark}")),
        ("a.tex", format!("x % {mark}")),
        ("a.html", format!("<p> <!-- {mark} -->")),
        ("a.md", format!("text <!-- {mark} -->")),
        ("a.j2", format!("{{{{ x }}}} {{# {mark} #}}")),
        ("a.toml", format!("a = \"# x\" # {mark}")),
    ] {
        assert_eq!(found(path, &format!("first\n{line}\nlast\n")), [(2, "a/b".into(), 2, vec![])], "{path}: {line}");
    }
}

#[test]
fn what_only_shows_the_syntax_does_not_count() {
    let mark = "# aimslint: ignore[a/b] until=2027-01-31 because";
    for (path, text) in [
        ("a.py", format!("x = \"{mark}\"\n")),
        ("a.py", format!("def f():\n    \"\"\"Write it so:\n\n    {mark}\n    \"\"\"\n")),
        ("a.py", "# as in `# aimslint: ignore[a/b]`, see the manual\n".to_owned()),
        ("a.js", format!("const x = `\n// {mark}\n`\n")),
        ("README.md", format!("```python\nx  {mark}\n<!-- aimslint: ignore[a/b] x -->\n```\n")),
        ("README.md", "Write `<!-- aimslint: ignore[a/b] x -->` so.\n".to_owned()),
        ("README.md", format!("    <!-- aimslint: ignore[a/b] x -->\n{mark}\n")),
        ("a.json", format!("{{\"a\": \"{mark}\"}}\n")),
        ("a.rs", "/// aimslint: ignore[a/b] x\n".to_owned()),
    ] {
        assert_eq!(found(path, &text), [], "{path}: {text}");
    }
}

#[test]
fn one_that_stands_alone_covers_the_next_code() {
    let text = "# aimslint: ignore[a/b] x\n\n# a comment\n# aimslint: ignore[c/d, e/f] x\r\nx = 1\ny = 2\n";
    let covered: Vec<(String, usize)> =
        found("a.py", text).into_iter().map(|(_, rule, covered, _)| (rule, covered)).collect();
    assert_eq!(covered, [("a/b".into(), 5), ("c/d".into(), 5), ("e/f".into(), 5)]);
    assert_eq!(found("a.md", "<!-- aimslint: ignore[a/b] x -->\n\n# Title\n")[0].2, 3);
    assert_eq!(found("a.go", "/* aimslint: ignore[a/b] x\n   more */\nf()\n")[0].2, 3);
    assert_eq!(found("a.md", "---\nlicense: x\n# aimslint: ignore[a/b] x\ntags: []\n---\n")[0].2, 4);
}

#[test]
fn notebooks_have_comments_in_their_code() {
    let text = "{\n \"cells\": [{\n  \"source\": [\n   \"x = load(\\\"a # b\\\")  # aimslint: ignore[a/b] x\\n\",\n   \
                \"# aimslint: ignore[c/d] x\\n\",\n   \"y = 1\"\n  ],\n  \"outputs\": [{\"text\": [\n   \
                \"# aimslint: ignore[e/f] x\\n\"\n  ]}]\n }]\n}\n";
    assert_eq!(found("a.ipynb", text), [(4, "a/b".into(), 4, vec![]), (5, "c/d".into(), 6, vec![])]);
}

#[test]
fn terms_are_read_and_faults_are_told() {
    let text = "x  # aimslint: ignore[a/b] until=2027-01-31 approver=ciso@example.org ticket=SEC-12: reviewed by a=b\n";
    let read = waivers(&SourceFile::new("a.py", text)).all;
    let [waiver] = read.as_slice() else { panic!("{read:?}") };
    assert_eq!((waiver.approver.as_str(), waiver.ticket.as_str()), ("ciso@example.org", "SEC-12:"));
    assert_eq!(
        (waiver.reason.as_str(), waiver.until),
        ("reviewed by a=b", Some(jiff::civil::Date::constant(2027, 1, 31)))
    );
    for (text, fault) in [
        ("# aimslint: ignore a/b", "it must be written `aimslint: ignore[family/rule] until=2027-01-31 reason`"),
        ("# aimslint: disable=a/b", "it must be written `aimslint: ignore[family/rule] until=2027-01-31 reason`"),
        ("# aimslint: ignore[] x", "it names no rule between its brackets"),
        ("# aimslint: ignore[a/b] until=soon x", "`until=soon` is no day such as until=2027-01-31"),
        ("# aimslint: ignore[a/b] untill=2027-01-31 x", "unknown term `untill`; did you mean `until`?"),
    ] {
        assert_eq!(found("a.py", text)[0].3, [fault], "{text}");
    }
}
