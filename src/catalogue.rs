//! The catalogue of AI vendors, packages, tools and servers: data under `policies/catalogue/`, read once.

use std::sync::OnceLock;

/// What the product knows of the world of AI.
#[derive(Debug, Default)]
pub struct Catalogue {
    /// AI vendors.
    pub vendors: Vec<Vendor>,
}

/// One AI vendor.
#[derive(Debug, Default)]
pub struct Vendor {
    /// Its id.
    pub id: String,
}

impl Catalogue {
    /// The catalogue that the product ships.
    pub fn shipped() -> &'static Catalogue {
        static SHIPPED: OnceLock<Catalogue> = OnceLock::new();
        SHIPPED.get_or_init(Catalogue::default)
    }
}
