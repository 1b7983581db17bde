//! `key` facts: keys that a module creates, whether they rotate, and whether AI uses them.

use super::setting::Setting;
use super::view::View;
use crate::fact::{Field, Key};

/// What is seen of an encryption key; `None` for any other resource. `is_ai` is true for
/// the addresses of AI services, of stores of AI data, and of what completes such a store.
pub fn see(view: View<'_>, is_ai: impl Fn(&str) -> bool) -> Option<Key> {
    let (provider, rotated) = match view.kind() {
        "aws_kms_key" => ("aws", rotated_by_aws(view)),
        "google_kms_crypto_key" => ("google", rotated_by_google(view)),
        "azurerm_key_vault_key" => ("azure", view.present("rotation_policy").or(false)),
        "microsoft.keyvault/vaults/keys" => ("azure", view.present("properties.rotationPolicy").or(false)),
        _ => return None,
    };
    let used = view.module.mentioning(&view.resource.address).any(|user| is_ai(&user.address));
    Some(Key { name: view.resource.name.to_string().into(), provider: provider.into(), rotated, ai: used.into() })
}

/// AWS rotates symmetric keys only, so nothing can be asked of others.
fn rotated_by_aws(view: View<'_>) -> Field<bool> {
    let signs = view.text("key_usage").holds(|usage| usage != "ENCRYPT_DECRYPT");
    let spec = view.text("customer_master_key_spec");
    if signs || spec.holds(|spec| spec != "SYMMETRIC_DEFAULT") {
        return Field::default();
    }
    view.flag("enable_key_rotation").or(false)
}

fn rotated_by_google(view: View<'_>) -> Field<bool> {
    if view.text("purpose").holds(|purpose| purpose != "ENCRYPT_DECRYPT") {
        return Field::default();
    }
    match view.setting("rotation_period") {
        Setting::Set(_, at) => Field::found(true, at),
        Setting::Unresolved(at) => Field::unresolved(at),
        Setting::Absent => false.into(),
    }
}
