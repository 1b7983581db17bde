//! What is seen of gateways in Terraform and in templates.

use crate::document::FileKind;
use crate::extract::infrastructure::{cloudformation, extract};
use crate::fact::{Fact, Facts};
use crate::parse::{hcl, yaml};
use crate::source::SourceFile;

fn gateways(facts: Vec<Fact>) -> Vec<Fact> {
    facts.into_iter().filter(|fact| fact.kind.spec().name == "gateway").collect()
}

fn in_terraform(text: &str) -> Vec<Fact> {
    let document = hcl::parse(text);
    assert_eq!(document.faults, [], "{text}");
    let files = [(SourceFile::new("infra/main.tf", text), FileKind::Terraform, document)];
    let mut facts = [Facts::of(&files[0].0.path)];
    extract(&files, &mut facts);
    let [facts] = facts;
    gateways(facts.all)
}

fn in_template(text: &str) -> Vec<Fact> {
    let document = yaml::parse(text);
    assert_eq!(document.faults, [], "{text}");
    let file = SourceFile::new("infra/api.yaml", text);
    let mut facts = Facts::of(&file.path);
    cloudformation(&file, &document, &mut facts);
    gateways(facts.all)
}

fn row(fact: &Fact) -> String {
    let fields = ["name", "ai", "authenticated", "throttled", "access_logged"].map(|field| fact.text(field));
    fields.join(" ")
}

fn shown<'t>(fact: &Fact, field: &str, text: &'t str) -> &'t str {
    fact.location_of(field).span().expect("a place").text(text)
}

#[test]
fn a_rest_api_before_an_endpoint() {
    let text = "
Resources:
  Api: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: x}}
  Preflight:
    Type: AWS::ApiGateway::Method
    Properties: {RestApiId: !Ref Api, HttpMethod: OPTIONS, AuthorizationType: NONE}
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      HttpMethod: POST
      AuthorizationType: NONE
      Integration:
        Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:runtime.sagemaker:path/endpoints/${Endpoint.EndpointName}/invocations'
  Deployment: {Type: 'AWS::ApiGateway::Deployment', Properties: {RestApiId: !Ref Api, StageName: prod}}
  Other: {Type: 'AWS::ApiGateway::RestApi', Properties: {Name: y}}
  Endpoint: {Type: 'AWS::SageMaker::Endpoint', Properties: {}}
";
    let facts = in_template(text);
    assert_eq!(row(&facts[0]), "Api yes no no no");
    assert_eq!(shown(&facts[0], "authenticated", text), "NONE");
    assert_eq!(facts[0].text("resource"), "AWS::ApiGateway::RestApi");
    assert_eq!(row(&facts[1]), "Other no unknown unknown unknown");
    for (from, to, authenticated) in [
        ("HttpMethod: POST\n", "HttpMethod: POST\n      ApiKeyRequired: true\n", "yes"),
        ("      AuthorizationType: NONE\n", "      AuthorizationType: AWS_IAM\n", "yes"),
        ("      AuthorizationType: NONE\n", "      AuthorizationType: !Ref Kind\n", "unknown"),
        ("{Name: x}", "{Name: x, EndpointConfiguration: {Types: [PRIVATE]}}", "unknown"),
        ("{Name: x}", "{Name: x, Policy: {Statement: []}}", "unknown"),
        ("{Name: x}", "{Body: {paths: {}}}", "unknown"),
    ] {
        let changed = text.replacen(from, to, 1);
        assert_ne!(changed, text);
        assert_eq!(in_template(&changed)[0].text("authenticated"), authenticated, "{to}");
    }
    let staged = format!(
        "{text}  Stage:\n    Type: AWS::ApiGateway::Stage\n    Properties:\n      RestApiId: !Ref Api\n      AccessLogSetting: {{DestinationArn: x}}\n      MethodSettings: [{{ThrottlingRateLimit: 5}}]\n"
    );
    assert_eq!(row(&in_template(&staged)[0]), "Api yes no yes yes");
}

#[test]
fn an_http_api_before_a_function_whose_role_may_use_a_model() {
    let text = r#"
resource "aws_apigatewayv2_api" "chat" { protocol_type = "HTTP" }
resource "aws_apigatewayv2_route" "chat" {
  api_id    = aws_apigatewayv2_api.chat.id
  route_key = "POST /chat"
  target    = "integrations/${aws_apigatewayv2_integration.chat.id}"
}
resource "aws_apigatewayv2_integration" "chat" {
  api_id          = aws_apigatewayv2_api.chat.id
  integration_uri = aws_lambda_function.chat.invoke_arn
}
resource "aws_apigatewayv2_stage" "live" { api_id = aws_apigatewayv2_api.chat.id }
resource "aws_lambda_function" "chat" { role = aws_iam_role.chat.arn }
resource "aws_iam_role" "chat" {}
resource "aws_iam_role_policy" "chat" {
  role   = aws_iam_role.chat.id
  policy = data.aws_iam_policy_document.chat.json
}
data "aws_iam_policy_document" "chat" {
  statement {
    actions   = ["bedrock:InvokeModel"]
    resources = ["*"]
  }
}
resource "aws_apigatewayv2_api" "web" { target = aws_lambda_function.web.arn }
resource "aws_lambda_function" "web" { role = aws_iam_role.web.arn }
resource "aws_iam_role" "web" {}
resource "aws_lambda_function_url" "chat" {
  function_name      = aws_lambda_function.chat.function_name
  authorization_type = "NONE"
}
"#;
    let rows: Vec<_> = in_terraform(text).iter().map(row).collect();
    assert_eq!(
        rows,
        [
            "aws_apigatewayv2_api.chat yes no no no",
            "aws_apigatewayv2_api.web no no unknown unknown",
            "aws_lambda_function_url.chat yes no unknown unknown",
        ]
    );
    let signed =
        text.replace("route_key = \"POST /chat\"", "route_key = \"POST /chat\"\n  authorization_type = \"JWT\"");
    assert_eq!(row(&in_terraform(&signed)[0]), "aws_apigatewayv2_api.chat yes yes no no");
    let training = text.replace("bedrock:InvokeModel", "sagemaker:CreateTrainingJob");
    assert_eq!(in_terraform(&training)[0].text("ai"), "no");
}

#[test]
fn apis_that_sam_makes_by_itself() {
    let text = "
Globals:
  Function: {Environment: {Variables: {BEDROCK_MODEL: x}}}
Resources:
  Chat:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Ask: {Type: Api, Properties: {Path: /ask, Method: post}}
        Tick: {Type: Schedule}
      FunctionUrlConfig: {AuthType: AWS_IAM}
  Api:
    Type: AWS::Serverless::HttpApi
    Properties: {Auth: {DefaultAuthorizer: x}, AccessLogSettings: {DestinationArn: x}}
  Other:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        A: {Type: HttpApi, Properties: {ApiId: !Ref Api}}
";
    let facts = in_template(text);
    let rows: Vec<_> = facts.iter().map(row).collect();
    assert_eq!(
        rows,
        ["Chat yes yes unknown unknown", "Api yes yes no yes", "ServerlessRestApi yes no no no"],
        "{facts:#?}"
    );
    assert_eq!(facts[2].at.span().unwrap().text(text), "Ask");
    let guarded = text.replace("Globals:\n", "Globals:\n  Api: {Auth: {ApiKeyRequired: true}}\n");
    assert_eq!(row(&in_template(&guarded)[2]), "ServerlessRestApi yes yes no no");
    let opened = text.replace("{ApiId: !Ref Api}", "{ApiId: !Ref Api, Auth: {Authorizer: NONE}}");
    assert_eq!(row(&in_template(&opened)[1]), "Api yes no no yes");
}

#[test]
fn apis_of_azure() {
    let api = |settings: &str, more: &str| {
        let text = format!(
            "resource \"azurerm_api_management\" \"m\" {{}}\nresource \"azurerm_api_management_api\" \"a\" {{\n{settings}\n}}\n{more}"
        );
        row(&in_terraform(&text)[0])
    };
    let openai = "service_url = \"https://x.openai.azure.com/openai\"\n";
    let policy = |text: &str| {
        format!(
            "resource \"azurerm_api_management_api_policy\" \"p\" {{\n api_name = azurerm_api_management_api.a.name\n xml_content = {text}\n}}\n"
        )
    };
    let name = "azurerm_api_management_api.a";
    assert_eq!(api(openai, ""), format!("{name} yes yes no no"));
    assert_eq!(api("name = \"shop\"", ""), format!("{name} no yes no no"));
    let open = format!("{openai}subscription_required = false");
    assert_eq!(api(&open, ""), format!("{name} yes no no no"));
    assert_eq!(
        api(&open, &policy("\"<policies><validate-jwt/><rate-limit calls=\\\"5\\\"/></policies>\"")),
        format!("{name} yes yes yes no")
    );
    assert_eq!(api(&open, &policy("file(\"p.xml\")")), format!("{name} yes unknown unknown no"));
    let diagnostic = "resource \"azurerm_api_management_api_diagnostic\" \"d\" {}\n";
    assert_eq!(api(openai, diagnostic), format!("{name} yes yes no yes"));
}
