//! What is seen in Bicep files and ARM templates that are written as real ones are.

use crate::catalogue::Catalogue;
use crate::document::FileKind;
use crate::extract::Context;
use crate::extract::infrastructure::{arm, extract};
use crate::fact::{Fact, Facts};
use crate::interest::Interest;
use crate::source::SourceFile;
use crate::tree::Tree;

fn see_bicep(files: &[(&str, &str)]) -> Vec<Fact> {
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (SourceFile::new(*path, *text), FileKind::Bicep, crate::parse::bicep::parse(text)))
        .collect();
    let mut facts: Vec<_> = files.iter().map(|(file, ..)| Facts::of(&file.path)).collect();
    extract(&files, &mut facts);
    facts.into_iter().flat_map(|facts| facts.all).collect()
}

fn see_arm(text: &str, beside: &[&str]) -> Vec<Fact> {
    let file = SourceFile::new("infra/main.json", text);
    let tree = Tree::of(beside.iter().map(|path| (*path).into()).collect());
    let (catalogue, interest) = (Catalogue::default(), Interest::default());
    let mut facts = Facts::of(&file.path);
    let context = Context { tree: &tree, catalogue: &catalogue, interest: &interest };
    arm(&file, &crate::parse::json::parse(text), &context, &mut facts);
    facts.all
}

fn shown<'t>(fact: &Fact, field: &str, text: &'t str) -> &'t str {
    fact.location_of(field).span().expect("a place").text(text)
}

fn named<'f>(facts: &'f [Fact], name: &str) -> &'f Fact {
    facts.iter().find(|fact| fact.text("name") == name).unwrap_or_else(|| panic!("{name} of {facts:#?}"))
}

#[test]
fn accounts_stores_and_keys_of_a_bicep_file() {
    let text = "
param keysOff bool = false
var name = 'mldata${uniqueString(resourceGroup().id)}'
resource openai 'Microsoft.CognitiveServices/accounts@2023-05-01' = {
  name: 'é'
  kind: 'OpenAI'
  properties: {
    disableLocalAuth: keysOff
    networkAcls: { defaultAction: 'Deny' }
    encryption: { keySource: 'Microsoft.KeyVault', keyVaultProperties: { keyName: key.name } }
  }

  resource chat 'deployments' = {
    name: 'chat'
    properties: { model: { format: 'OpenAI', name: 'gpt-4o', version: '2024-11-20' } }
  }
}
resource storage 'Microsoft.Storage/storageAccounts@2023-01-01' = {
  name: name
  properties: { minimumTlsVersion: 'TLS1_0' }
}
resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2023-01-01' = {
  parent: storage
  name: 'default'
  properties: { isVersioningEnabled: true }
}
resource datasets 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-01-01' = {
  name: '${storage.name}/default/datasets'
  properties: { publicAccess: 'Blob' }
}
resource key 'Microsoft.KeyVault/vaults/keys@2023-07-01' = { name: 'v/k', properties: { kty: 'RSA' } }
resource vault 'Microsoft.KeyVault/vaults@2023-07-01' existing = { name: 'v' }
";
    let facts = see_bicep(&[("infra/main.bicep", text)]);
    let account = named(&facts, "openai");
    assert_eq!((account.text("local_keys"), shown(account, "local_keys", text)), ("yes", "keysOff"));
    assert_eq!((account.text("public"), account.text("encryption")), ("no", "own-key"));
    assert_eq!(account.text("resource"), "Microsoft.CognitiveServices/accounts");
    let chat = named(&facts, "chat");
    assert_eq!(chat.text("resource"), "Microsoft.CognitiveServices/accounts/deployments");
    assert_eq!((chat.text("model_version"), chat.text("auto_upgrade")), ("2024-11-20", "yes"));
    let storage = named(&facts, "storage");
    assert_eq!((storage.text("insecure_transport"), storage.text("versioned")), ("yes", "yes"));
    assert_eq!((storage.text("role"), storage.text("encryption")), ("training-data", "provider-key"));
    assert_eq!((named(&facts, "datasets").text("public"), named(&facts, "key").text("rotated")), ("yes", "no"));
    assert_eq!(named(&facts, "key").text("ai"), "yes");
    assert!(facts.iter().all(|fact| fact.text("name") != "vault"));
}

#[test]
fn what_callers_give_counts_and_examples_do_not_call() {
    let account = "param keysOff bool = false\nparam acls object = { defaultAction: 'Allow' }\nresource a 'Microsoft.CognitiveServices/accounts@2023-05-01' = {\n  name: 'a'\n  properties: { disableLocalAuth: keysOff, networkAcls: acls }\n}\n";
    let call = |value: &str| format!("module a 'core/account.bicep' = {{\n  params: {{ keysOff: {value} }}\n}}\n");
    let local_keys = |callers: &[(&str, &str)]| {
        let files: Vec<_> =
            [("infra/core/account.bicep", account)].into_iter().chain(callers.iter().copied()).collect();
        see_bicep(&files)[0].text("local_keys").to_owned()
    };
    assert_eq!(local_keys(&[]), "yes");
    assert_eq!(local_keys(&[("infra/main.bicep", &call("true"))]), "no");
    assert_eq!(local_keys(&[("infra/main.bicep", &format!("param off bool = true\n{}", call("off")))]), "no");
    assert_eq!(local_keys(&[("infra/main.bicep", &format!("param off bool\n{}", call("off")))]), "unknown");
    assert_eq!(local_keys(&[("infra/main.bicep", "module a 'core/account.bicep' = {\n}\n")]), "yes");
    assert_eq!(local_keys(&[("infra/main.bicep", &call("true")), ("infra/more.bicep", &call("false"))]), "unknown");
    let other = call("true").replace("core/", "../infra/core/");
    assert_eq!(local_keys(&[("examples/main.bicep", &other)]), "yes");
    assert_eq!(local_keys(&[("other/main.bicep", &other)]), "no");
}

#[test]
fn roles_are_known_by_number() {
    let facts = see_bicep(&[(
        "infra/main.bicep",
        "
param role string = 'b24988ac-6180-42a0-ab88-20f7382dd24c'
resource search 'Microsoft.Search/searchServices@2023-11-01' = { name: 's' }
resource web 'Microsoft.Web/sites@2023-11-01' = { name: 'w' }
resource wide 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(search.id)
  scope: search
  properties: { roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role) }
}
resource other 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: web
  properties: { roleDefinitionId: resourceId('Microsoft.Authorization/roleDefinitions', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635') }
}
resource narrow 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  properties: { roleDefinitionId: resourceId('x', '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd') }
}
",
    )]);
    assert_eq!(named(&facts, "wide").text("full_access_role"), "Contributor");
    assert_eq!((named(&facts, "other").text("any_action"), named(&facts, "other").text("ai")), ("yes", "no"));
    assert!(facts.iter().all(|fact| fact.text("name") != "narrow"));
}

const TEMPLATE: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "parameters": {
    "name": { "type": "string" },
    "access": { "type": "string", "defaultValue": "Disabled" }
  },
  "variables": { "storage": "[concat('training', parameters('name'))]" },
  "resources": [
    {
      "type": "Microsoft.Storage/storageAccounts",
      "name": "[variables('storage')]",
      "properties": { "supportsHttpsTrafficOnly": false },
      "resources": [
        { "type": "blobServices", "name": "default", "properties": { "isVersioningEnabled": true } }
      ]
    },
    {
      "type": "Microsoft.MachineLearningServices/workspaces",
      "name": "[format('{0}-é', parameters('name'))]",
      "properties": { "publicNetworkAccess": "[parameters('access')]", "encryption": { "status": "Disabled" } }
    },
    {
      "type": "Microsoft.Authorization/roleAssignments",
      "name": "wide",
      "scope": "[resourceId('Microsoft.MachineLearningServices/workspaces', format('{0}-é',parameters('name')))]",
      "properties": { "roleDefinitionId": "[resourceId('x', '8e3af657-a8ff-443c-a75c-2fe8c4bcb635')]" }
    },
    {
      "type": "Microsoft.Resources/deployments",
      "name": "inner",
      "properties": {
        "expressionEvaluationOptions": { "scope": "Inner" },
        "parameters": { "off": { "value": true } },
        "template": {
          "parameters": { "off": { "type": "bool", "defaultValue": false } },
          "resources": {
            "search": { "type": "Microsoft.Search/searchServices", "name": "s", "properties": { "disableLocalAuth": "[parameters('off')]" } }
          }
        }
      }
    }
  ]
}"#;

#[test]
fn a_template_is_read_with_those_within_it() {
    let facts = see_arm(TEMPLATE, &[]);
    let storage = named(&facts, "variables('storage')");
    assert_eq!((storage.text("role"), storage.text("versioned")), ("training-data", "yes"));
    assert_eq!((storage.text("insecure_transport"), shown(storage, "insecure_transport", TEMPLATE)), ("yes", "false"));
    let workspace = named(&facts, "format('{0}-é', parameters('name'))");
    assert_eq!((workspace.text("public"), workspace.text("encryption")), ("no", "provider-key"));
    assert_eq!(shown(workspace, "public", TEMPLATE), "\"[parameters('access')]\"");
    assert_eq!(named(&facts, "wide").text("full_access_role"), "Owner");
    assert_eq!(named(&facts, "search").text("local_keys"), "no");
}

#[test]
fn what_bicep_has_made_is_read_from_its_source() {
    let made =
        TEMPLATE.replacen("\"parameters\"", "\"metadata\": {\"_generator\": {\"name\": \"bicep\"}}, \"parameters\"", 1);
    assert!(see_arm(&made, &["infra/main.bicep"]).is_empty());
    assert!(!see_arm(&made, &[]).is_empty());
    assert!(!see_arm(TEMPLATE, &["infra/main.bicep"]).is_empty());
}

#[test]
fn broken_shapes_are_borne() {
    for text in [
        "",
        "[]",
        r#"{"resources": 1}"#,
        r#"{"resources": [1, {}, {"type": 1}, {"type": "Microsoft.Storage/storageAccounts"}], "parameters": [], "variables": 1}"#,
        r#"{"resources": [{"type": "Microsoft.Storage/storageAccounts", "name": "[[x]", "properties": "[concat(parameters('a'), format('{0}', )]"}]}"#,
        r#"{"resources": [{"type": "Microsoft.Resources/deployments", "properties": 1}, {"type": "", "name": "[resourceId(]"}]}"#,
        &format!(r#"{{"variables": {{"a": "[{}]"}}}}"#, "concat(".repeat(20_000)),
        &format!(r#"{{"variables": {{"a": "[{}x{}]"}}}}"#, "concat('a',".repeat(5_000), ")".repeat(5_000)),
    ] {
        see_arm(text, &[]);
    }
    for text in [
        "resource a 'x' = {}",
        "resource a 'Microsoft.Storage/storageAccounts' = { name: a.b.c, properties: a }\nvar a = a\n",
        "module a './a.bicep' = {\n  params: 1\n}\n",
        "param a string = a\nresource s 'Microsoft.Search/searchServices@1' = { properties: { disableLocalAuth: a } }\n",
    ] {
        see_bicep(&[("a.bicep", text)]);
    }
}
