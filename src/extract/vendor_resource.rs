//! `vendor-use` facts from infrastructure code, when all files are read: whoever creates an AI service uses its vendor.

use crate::catalogue::Catalogue;
use crate::fact::{AiService, Fact, Facts, Seen, VendorUse};

/// Adds the use of a vendor beside each of its services.
pub fn join(facts: &mut Vec<Fact>, catalogue: &Catalogue) {
    let mut uses = Vec::new();
    for service in facts.iter().filter(|fact| fact.kind == AiService::kind()) {
        let (Some(vendor), Some(at)) = (catalogue.vendor(service.text("vendor")), service.at.span()) else { continue };
        let seen = VendorUse {
            vendor: vendor.id.as_str().into(),
            vendor_name: vendor.name.as_str().into(),
            category: vendor.category.as_str().into(),
            name: service.text("resource").into(),
            form: "resource".into(),
            receives_data: vendor.receives_data().into(),
            ..VendorUse::default()
        };
        let mut added = Facts::of(&service.path);
        added.add(service.subject.clone(), at, seen);
        uses.extend(added.all);
    }
    facts.extend(uses);
}
