//! Reads what a run goes by: settings, register and baseline.

use crate::baseline::Baseline;
use crate::catalogue::Catalogue;
use crate::own_files::{Included, OwnFiles};
use crate::read_table::{read_json, read_toml};
use crate::register::{Known, Register};
use crate::settings::{self, Settings};
use crate::source::{self, SourceFile};
use crate::table::Table;
use crate::{Failure, PolicyBook, Request};
use std::sync::Arc;

/// The settings file of a request, told from the scanned folder; `None` when there is none.
///
/// # Errors
///
/// A [`Failure`] when it cannot be read.
pub fn settings_path(request: &Request) -> Result<Option<Arc<str>>, Failure> {
    Ok(OwnFiles::of(request)?.settings()?.map(|file| file.path))
}

/// The settings of a request, without judging anything.
///
/// # Errors
///
/// Every fault of the settings file.
pub fn settings_of(request: &Request, book: &PolicyBook, mut settings: Settings) -> Result<Settings, Failure> {
    let own = OwnFiles::of(request)?;
    read_settings(&own, own.settings()?.as_ref(), request, book, &mut settings)?;
    Ok(settings)
}

/// The folder of the settings of a request, told from its root; its root where there are none.
///
/// # Errors
///
/// When the settings cannot be read.
pub fn settings_folder(request: &Request) -> Result<String, Failure> {
    Ok(settings_path(request)?.map(|path| source::folder(&path).to_owned()).unwrap_or_default())
}

/// Reads the settings file, if there is one, and what the request says of settings; gives the register that it and the files that it
/// includes hold, and those files.
pub(crate) fn read_settings(
    own: &OwnFiles<'_>,
    file: Option<&SourceFile>,
    request: &Request,
    book: &PolicyBook,
    settings: &mut Settings,
) -> Result<(Register, Vec<SourceFile>), Failure> {
    settings.rules = book.overrides.clone();
    let mut included = Included::default();
    let register = match file {
        Some(file) => {
            settings.below = own.below(file)?;
            included = own.registers(file)?;
            let mut faults = std::mem::take(&mut included.faults);
            let register = match read_settings_file(file, &included.files, book, settings) {
                Ok(register) => register,
                Err(Failure::Problems(more)) => {
                    faults.extend(more);
                    Register::empty(&file.path)
                }
                Err(other) => return Err(other),
            };
            if !faults.is_empty() {
                return Err(Failure::Problems(faults));
            }
            register
        }
        None => Register::empty(&settings::FILE_NAME.into()),
    };
    settings.profile = request.profile.unwrap_or(settings.profile);
    Ok((register.shared_with(included.outside), included.files))
}

/// Reads a settings file into `settings`; gives the register that it and the files that it includes hold.
///
/// # Errors
///
/// Every fault of the files.
pub fn read_settings_file(
    file: &SourceFile,
    included: &[SourceFile],
    book: &PolicyBook,
    settings: &mut Settings,
) -> Result<Register, Failure> {
    let ids: Vec<&str> = book.rules.keys().map(String::as_str).collect();
    let clauses: Vec<&str> = book.controls.clauses.keys().map(String::as_str).collect();
    let vendors: Vec<&str> = Catalogue::shipped().vendors.iter().map(|vendor| vendor.id.as_str()).collect();
    let below = Arc::clone(&settings.below);
    let known = Known { rules: &ids, clauses: &clauses, vendors: &vendors, below: &below, today: settings.today };
    let mut register = Register::empty(&file.path);
    let mut faults = Vec::new();
    for (index, part) in std::iter::once(file).chain(included).enumerate() {
        faults.extend(read_toml(part, |root, problems| {
            let table = Table::root(root);
            if index == 0 {
                settings.read(&table, &book.rules, problems);
            }
            register.read(&part.path, &table, &known, problems);
            table.finish(problems);
        }));
    }
    for part in std::iter::once(file).chain(included) {
        faults.extend(register.lost_references(part));
    }
    // The settings first, and what they include in its order.
    faults.sort_by_key(|fault| {
        let part = included.iter().position(|part| *part.path == *fault.path).map_or(0, |index| index + 1);
        (part, fault.line, fault.column)
    });
    if faults.is_empty() { Ok(register) } else { Err(Failure::Problems(faults)) }
}

/// Reads a baseline.
///
/// # Errors
///
/// The first fault of the file.
pub fn read_baseline(file: &SourceFile) -> Result<Baseline, Failure> {
    let mut baseline = Baseline::default();
    let mut faults = read_json(file, |root, problems| baseline = Baseline::read(root, problems));
    // One broken place can make a fault of every line.
    faults.truncate(1);
    if faults.is_empty() { Ok(baseline) } else { Err(Failure::Problems(faults)) }
}
