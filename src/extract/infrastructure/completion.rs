//! Which separate resources of a module configure which store: the encryption of a bucket, the machines of a cluster.

use super::module::{Module, Resource};
use super::view::View;
use crate::document::Value;
use crate::fact::Field;
use std::collections::HashMap;

/// Arguments by which a resource says which store it completes.
const TARGETS: &[&str] = &["bucket", "storage_account_id", "cluster_identifier"];

/// Arguments that name a store to the cloud, rather than to Terraform.
pub(super) const NAMES: &[&str] = &[
    "bucket",
    "name",
    "dataset_id",
    "domain_name",
    "identifier",
    "cluster_identifier",
    "db_name",
    "creation_token",
    "tags.Name",
];

/// The resources that complete a store, found by its address or its name.
pub struct Completion<'m> {
    module: &'m Module,
    /// By type of the completing resource and what it says of its store.
    by_target: HashMap<&'m str, HashMap<String, Vec<&'m Resource>>>,
    /// By address of the completing resource the address of its store.
    completes: HashMap<String, String>,
    /// Types with a resource whose store cannot be told, such as `bucket = each.value`.
    loose: Vec<&'m str>,
}

impl<'m> Completion<'m> {
    /// Looks at which resources of the module complete which store.
    pub fn of_module(module: &'m Module) -> Self {
        let mut completion = Self { module, by_target: HashMap::new(), completes: HashMap::new(), loose: Vec::new() };
        for resource in &module.resources {
            let view = module.view(resource);
            let Some(path) = TARGETS.iter().find(|path| view.written(path).is_some()) else { continue };
            if is_store(&resource.kind) {
                continue;
            }
            if let Some(store) = view.refers_to(path) {
                completion.completes.insert(resource.address.to_string(), store);
            }
            match target(view, path) {
                Some(target) => {
                    let of_kind = completion.by_target.entry(&resource.kind).or_default();
                    of_kind.entry(target).or_default().push(resource);
                }
                None => completion.loose.push(&resource.kind),
            }
        }
        completion
    }

    /// The address of the store that the resource at `address` completes, if it names one by address.
    pub fn completes(&self, address: &str) -> Option<&str> {
        self.completes.get(address).map(String::as_str)
    }

    /// The resources of this type that complete the store.
    pub fn of(&self, store: View<'m>, kind: &str) -> impl Iterator<Item = View<'m>> {
        let mut keys = vec![store.resource.address.to_string()];
        keys.extend(TARGETS.iter().chain(NAMES).filter_map(|path| target(store, path)));
        keys.sort();
        keys.dedup();
        let of_kind = self.by_target.get(kind);
        let found: Vec<_> = keys.iter().filter_map(|key| of_kind?.get(key)).flatten().copied().collect();
        found.into_iter().map(|resource| self.module.view(resource))
    }

    /// A field that a resource of this type says, or else the store itself; unknown where some resource of the type
    /// may be meant for this store. Places are kept only within the store's own file.
    pub fn field<T>(
        &self,
        store: View<'m>,
        kind: &str,
        separate: impl Fn(View<'m>) -> Field<T>,
        own: impl FnOnce() -> Field<T>,
    ) -> Field<T> {
        if let Some(other) = self.of(store, kind).last() {
            let mut field = separate(other);
            if other.resource.file != store.resource.file {
                field.at = None;
            }
            return field;
        }
        let own = own();
        let may_be_elsewhere = self.module.in_part || self.loose.contains(&kind);
        if may_be_elsewhere && own.at.is_none() { Field::default() } else { own }
    }
}

/// What an argument says of a store: its address, its name, or the expression that names it. `None` where only
/// running would tell, as in `each.value`.
fn target(view: View<'_>, path: &str) -> Option<String> {
    if let Some(address) = view.refers_to(path) {
        return Some(address);
    }
    match &view.written(path)?.value {
        Value::Text(text) => Some(text.to_string()),
        Value::Expression(source) if source.starts_with("each.") || source.starts_with("local.") => None,
        Value::Expression(source) => Some(source.to_string()),
        _ => None,
    }
}

/// True for what keeps data.
pub(super) fn is_store(kind: &str) -> bool {
    matches!(
        kind,
        "aws_s3_bucket"
            | "aws_efs_file_system"
            | "aws_ebs_volume"
            | "aws_db_instance"
            | "aws_rds_cluster"
            | "aws_docdb_cluster"
            | "aws_neptune_cluster"
            | "aws_opensearch_domain"
            | "aws_elasticsearch_domain"
            | "aws_elasticache_replication_group"
            | "aws_dynamodb_table"
            | "aws_fsx_lustre_file_system"
            | "aws_cloudwatch_log_group"
            | "google_storage_bucket"
            | "google_bigquery_dataset"
            | "google_filestore_instance"
            | "google_sql_database_instance"
            | "azurerm_storage_account"
            | "azurerm_storage_container"
            | "azurerm_postgresql_flexible_server"
            | "azurerm_mssql_server"
            | "microsoft.storage/storageaccounts"
            | "microsoft.storage/storageaccounts/blobservices/containers"
            | "microsoft.dbforpostgresql/flexibleservers"
            | "microsoft.sql/servers"
    )
}
