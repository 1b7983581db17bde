//! Reads the JSON of a notebook as far as its cells go. Everything else is passed over as it stands.

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// How many cells are read; a notebook of a thousand is long.
pub(super) const CELL_LIMIT: usize = 50_000;

/// What a notebook holds, as far as it could be read: a fault later in the file leaves what stood before it.
#[derive(Default)]
pub(super) struct Notebook<'a> {
    /// Its cells in order.
    pub(super) cells: Vec<Cell<'a>>,
    /// There are more than [`CELL_LIMIT`].
    pub(super) surplus: bool,
    metadata: Option<&'a RawValue>,
}

impl<'a> Notebook<'a> {
    /// Reads a notebook, and says where it is none.
    pub(super) fn read(text: &'a str) -> (Self, serde_json::Result<()>) {
        let mut notebook = Self::default();
        let mut json = serde_json::Deserializer::from_str(text);
        let outcome = json.deserialize_any(Top(&mut notebook)).and_then(|()| json.end());
        (notebook, outcome)
    }

    /// True unless the notebook names another language.
    pub(super) fn is_python(&self) -> bool {
        let metadata = self.metadata.and_then(|raw| serde_json::from_str::<Metadata<'_>>(raw.get()).ok());
        let Some(metadata) = metadata else { return true };
        let part = |raw: Option<&RawValue>| raw.and_then(|raw| serde_json::from_str::<Language>(raw.get()).ok());
        let by_info = part(metadata.language_info).and_then(|language| language.name);
        let by_kernel = part(metadata.kernelspec).and_then(|language| language.language);
        let named = by_info.filter(|name| !name.is_empty()).or(by_kernel);
        // `python`, `ipython`, `pyspark`.
        named.is_none_or(|name| name.is_empty() || name.to_ascii_lowercase().contains("py"))
    }
}

#[derive(Deserialize)]
struct Metadata<'a> {
    #[serde(borrow, default)]
    language_info: Option<&'a RawValue>,
    #[serde(borrow, default)]
    kernelspec: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Language {
    /// In `language_info`.
    #[serde(default)]
    name: Option<String>,
    /// In `kernelspec`, whose own `name` is that of the kernel.
    #[serde(default)]
    language: Option<String>,
}

/// What is read of a cell.
#[derive(Default)]
pub(super) struct Cell<'a> {
    /// It is an object, as cells are.
    pub(super) is_object: bool,
    kind: Option<&'a RawValue>,
    /// What stands in it.
    pub(super) source: Option<&'a RawValue>,
}

impl<'a> Cell<'a> {
    /// What it holds, when that is code.
    pub(super) fn code(&self) -> Option<&'a RawValue> {
        let is_code = self.kind.is_some_and(|kind| kind.get() == "\"code\"");
        self.source.filter(|_| is_code)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Cell<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CellReader)
    }
}

/// Reads a cell, and passes over whatever else stands in the place of one.
struct CellReader;

impl<'a> Visitor<'a> for CellReader {
    type Value = Cell<'a>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a cell")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<Cell<'a>, M::Error> {
        let mut cell = Cell { is_object: true, ..Cell::default() };
        while let Some(key) = map.next_key::<Key>()? {
            match key {
                Key::CellType => cell.kind = Some(map.next_value()?),
                Key::Source => cell.source = Some(map.next_value()?),
                Key::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(cell)
    }

    fn visit_seq<S: SeqAccess<'a>>(self, mut list: S) -> Result<Cell<'a>, S::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cell::default())
    }

    fn visit_str<E>(self, _: &str) -> Result<Cell<'a>, E> {
        Ok(Cell::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Cell<'a>, E> {
        Ok(Cell::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Cell<'a>, E> {
        Ok(Cell::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Cell<'a>, E> {
        Ok(Cell::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Cell<'a>, E> {
        Ok(Cell::default())
    }

    fn visit_unit<E>(self) -> Result<Cell<'a>, E> {
        Ok(Cell::default())
    }
}

/// The keys of a cell that are read.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Key {
    CellType,
    /// In format 3 it was called `input`.
    #[serde(alias = "input")]
    Source,
    #[serde(other)]
    Other,
}

/// Reads the outermost object.
struct Top<'n, 'a>(&'n mut Notebook<'a>);

impl<'a> Visitor<'a> for Top<'_, 'a> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a notebook object")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "cells" => map.next_value_seed(CellList(self.0))?,
                // Format 3 kept cells in worksheets, of which there was only ever one.
                "worksheets" => map.next_value_seed(Worksheets(self.0))?,
                "metadata" => self.0.metadata = Some(map.next_value()?),
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Collects the raw cells of a list as they are read.
struct CellList<'n, 'a>(&'n mut Notebook<'a>);

impl<'a> DeserializeSeed<'a> for CellList<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'a> Visitor<'a> for CellList<'_, 'a> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of cells")
    }

    fn visit_seq<S: SeqAccess<'a>>(self, mut list: S) -> Result<(), S::Error> {
        while self.0.cells.len() < CELL_LIMIT {
            let Some(cell) = list.next_element()? else { return Ok(()) };
            self.0.cells.push(cell);
        }
        while list.next_element::<IgnoredAny>()?.is_some() {
            self.0.surplus = true;
        }
        Ok(())
    }
}

/// Reads the worksheets of a notebook in format 3.
struct Worksheets<'n, 'a>(&'n mut Notebook<'a>);

impl<'a> DeserializeSeed<'a> for Worksheets<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'a> Visitor<'a> for Worksheets<'_, 'a> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of worksheets")
    }

    fn visit_seq<S: SeqAccess<'a>>(self, mut list: S) -> Result<(), S::Error> {
        while list.next_element_seed(Worksheet(self.0))?.is_some() {}
        Ok(())
    }
}

/// Reads the cells of one worksheet.
struct Worksheet<'n, 'a>(&'n mut Notebook<'a>);

impl<'a> DeserializeSeed<'a> for Worksheet<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'a>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'a> Visitor<'a> for Worksheet<'_, 'a> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a worksheet")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(key) = map.next_key::<String>()? {
            if key == "cells" {
                map.next_value_seed(CellList(self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}
