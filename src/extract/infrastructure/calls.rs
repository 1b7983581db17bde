//! What modules of a repository give to each other's variables.

use super::module::{Declarations, Values, Variable};
use crate::document::{Node, Value};
use crate::source::context_of;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

/// How many modules deep a value is handed on.
const DEPTH: usize = 4;

/// Sets the variables of every module that others call to what they give. One that nobody calls keeps its defaults.
pub fn link(modules: &mut [Declarations]) {
    let places: HashMap<String, usize> =
        modules.iter().enumerate().map(|(index, module)| (module.place.clone(), index)).collect();
    // The calls of each module that is called, as the index of the caller and of the call.
    let mut calls: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (caller, module) in modules.iter().enumerate() {
        for (call, it) in module.calls.iter().enumerate() {
            let Some(target) = places.get(&it.target) else { continue };
            // An example of how to call a module does not say how it is called.
            let context = |place: &str| context_of(&format!("{place}/"));
            let as_example = context(&module.place) != "product" && context(&it.target) == "product";
            if !as_example {
                calls.entry(*target).or_default().push((caller, call));
            }
        }
    }
    let defaults: HashMap<usize, HashMap<Rc<str>, Variable>> =
        calls.keys().filter_map(|target| Some((*target, modules.get(*target)?.values.variables.clone()))).collect();
    for _ in 0..DEPTH {
        for (target, calls) in &calls {
            let Some(defaults) = defaults.get(target) else { continue };
            let given: HashMap<Rc<str>, Variable> = defaults
                .iter()
                .map(|(name, default)| (Rc::clone(name), agreed(modules, calls, name, default)))
                .collect();
            if let Some(module) = modules.get_mut(*target) {
                module.values.variables = given;
            }
        }
    }
}

/// What all callers give to a variable, those that give nothing its default.
fn agreed(modules: &[Declarations], calls: &[(usize, usize)], name: &str, default: &Variable) -> Variable {
    let given = calls.iter().filter_map(|(caller, call)| {
        let module = modules.get(*caller)?;
        let argument = module.calls.get(*call)?.arguments.get(name);
        Some(argument.map_or_else(|| default.clone(), |argument| handed_on(argument, &module.values)))
    });
    given
        .reduce(|one, other| if same(&one, &other) { one } else { Variable::Varies })
        .unwrap_or_else(|| default.clone())
}

fn handed_on(argument: &Node, values: &Values) -> Variable {
    let mut argument = argument;
    // Not to its end at once: a variable whose default asks its caller is not known, but may be given.
    while let Value::Expression(source) = &argument.value {
        match values.resolve(argument) {
            Some(known) => argument = known,
            None if values.is_something(source) => return Variable::Given,
            None => return Variable::Varies,
        }
    }
    Variable::Known(argument.clone())
}

fn same(one: &Variable, other: &Variable) -> bool {
    match (one, other) {
        (Variable::Known(one), Variable::Known(other)) => same_value(one, other),
        (Variable::Given, Variable::Given) | (Variable::Required, Variable::Required) => true,
        _ => false,
    }
}

/// Compares what is written out. The depth of a tree is limited where it is parsed.
fn same_value(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::Null, Value::Null) => true,
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other.iter()).all(|(one, other)| same_value(one, other))
        }
        (Value::Map(one), Value::Map(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other.iter())
                    .all(|(one, other)| one.key == other.key && same_value(&one.node, &other.node))
        }
        _ => one.scalar().is_some() && one.scalar() == other.scalar(),
    }
}
