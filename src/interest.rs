//! What the loaded rules ask about: extractors leave out what nobody wants.

use crate::fact::Kind;
use crate::globs::Names;
use std::collections::BTreeSet;

/// Fact kinds and names that at least one loaded rule asks about.
#[derive(Debug, Default)]
pub struct Interest {
    /// Kinds of facts.
    pub kinds: BTreeSet<Kind>,
    /// Full function names that rules on `call` facts list: `torch.load`, `*.from_pretrained`.
    pub functions: Names,
    /// Which JavaScript that imports no package of AI may call some of them.
    pub javascript: JavaScript,
}

/// What files of JavaScript have in them that may call a function that rules list.
#[derive(Debug, Default)]
pub struct JavaScript {
    /// Any file may.
    pub all: bool,
    /// Packages and modules of the runtime that are imported: `axios`, `node:https`.
    pub modules: Names,
    /// Functions that need no import: `eval`.
    pub globals: Vec<String>,
}

impl JavaScript {
    /// For functions, or globs of functions, whose package and export are parted by `#`. `is_of_ai` tells packages that are looked
    /// at anyway.
    #[must_use]
    pub fn of<'a>(functions: impl IntoIterator<Item = &'a str>, is_of_ai: impl Fn(&str) -> bool) -> Self {
        let mut javascript = Self::default();
        let mut modules = Vec::new();
        for function in functions {
            let is_glob = function.contains(['*', '?', '[', '{']);
            match function.split_once('#') {
                Some(("", global)) if !is_glob => javascript.globals.push(global.to_owned()),
                Some((module, _)) if !module.is_empty() => {
                    if !is_of_ai(module) {
                        modules.push(module);
                    }
                }
                // In Python's names there are dots.
                _ => javascript.all |= is_glob && !function.contains('.'),
            }
        }
        match Names::of(modules) {
            Ok(modules) => javascript.modules = modules,
            Err(_) => javascript.all = true,
        }
        javascript
    }
}

impl Interest {
    /// True when a rule asks for this kind of fact.
    #[must_use]
    pub fn wants(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }

    /// True when a rule on calls lists this function, by name or glob.
    #[must_use]
    pub fn wants_call(&self, function: &str) -> bool {
        self.functions.mean(function)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn some_functions_can_stand_in_any_javascript() {
        let of = |function| JavaScript::of([function], |package| package == "openai");
        for (function, all, module, expected) in [
            ("openai#OpenAI", false, "openai", false),
            ("torch.load", false, "torch", false),
            ("*.launch", false, "gradio", false),
            ("express#default", false, "express", true),
            ("mysql2*#*", false, "mysql2/promise", true),
            ("node:https#*", false, "https", false),
            ("#eval", false, "#eval", false),
            ("*", true, "openai", false),
            ("#*", true, "openai", false),
            ("exec*", true, "exec", false),
        ] {
            let javascript = of(function);
            assert_eq!((javascript.all, javascript.modules.mean(module)), (all, expected), "{function}");
        }
        assert_eq!(of("#eval").globals, ["eval"]);
    }
}
