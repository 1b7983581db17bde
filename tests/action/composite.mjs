// Runs a composite action offline, as the runner of GitHub Actions would: steps with `run` in bash, `if`, outputs, files for outputs and the
// summary, workflow commands in the log. Steps with `uses` are not run: they are recorded with what they are given.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Evaluator, Lexer, Parser, data } from "@actions/expressions";
import YAML from "yaml";

const CONTEXTS = ["inputs", "steps", "github", "runner", "env", "job"];

// `given`: inputs, github (context), env (of the job), path (folders before PATH), uses (by step id: outcome and outputs).
export function run(actionFolder, workspace, given) {
  const action = YAML.parse(readFileSync(join(actionFolder, "action.yml"), "utf8"));
  const files = mkdtempSync(join(tmpdir(), "composite-"));
  const temp = join(files, "temp folder");
  mkdirSync(temp);
  const file = (name) => {
    const path = join(files, name);
    writeFileSync(path, "");
    return path;
  };
  const github = { action_path: resolve(actionFolder), action_repository: "", workspace: resolve(workspace), token: "job-token", ...given.github };
  const inputs = {};
  for (const [name, input] of Object.entries(action.inputs)) {
    inputs[name] = String(given.inputs?.[name] ?? substituted(String(input.default ?? ""), { github }, () => false));
  }
  for (const name of Object.keys(given.inputs ?? {})) {
    if (!(name in action.inputs)) throw new Error(`the action has no input ${name}`);
  }
  const summary = file("summary");
  const context = { inputs, github, runner: { temp, os: "Linux", arch: "X64" }, env: given.env ?? {}, steps: {} };
  const result = { steps: [], uses: [], log: "", outputs: {}, failed: false };
  const failed = () => result.failed;

  for (const [index, step] of action.runs.steps.entries()) {
    const goes = truthy(evaluated(condition(step), context, failed));
    const record = (outcome, outputs, code) => {
      result.steps.push({ name: step.name, outcome, code });
      const conclusion = step["continue-on-error"] && outcome === "failure" ? "success" : outcome;
      if (step.id) context.steps[step.id] = { outputs, outcome, conclusion };
      if (conclusion === "failure") result.failed = true;
    };
    if (!goes) {
      record("skipped", {});
    } else if (step.uses) {
      const settings = substitutedValues(step.with, context, failed);
      result.uses.push({ uses: step.uses, with: settings });
      const { outcome = "success", outputs = {} } = given.uses?.[step.id] ?? {};
      record(outcome, outputs);
    } else {
      if (!step.shell) throw new Error(`step ${step.name}: a composite action needs shell`);
      if (/\$\{\{/.test(step.run)) throw new Error(`step ${step.name}: an expression in a script`);
      const output = file(`output${index}`);
      const done = spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", step.run], {
        cwd: workspace,
        encoding: "utf8",
        env: {
          PATH: [...(given.path ?? []), process.env.PATH].join(":"),
          HOME: files,
          ...given.env,
          CI: "true",
          GITHUB_ACTIONS: "true",
          GITHUB_ACTION_PATH: github.action_path,
          GITHUB_SERVER_URL: "https://github.example",
          GITHUB_WORKSPACE: github.workspace,
          GITHUB_OUTPUT: output,
          GITHUB_STEP_SUMMARY: summary,
          RUNNER_TEMP: temp,
          RUNNER_OS: "Linux",
          RUNNER_ARCH: "X64",
          ...substitutedValues(step.env, context, failed),
        },
      });
      result.log += done.stdout + done.stderr;
      record(done.status === 0 ? "success" : "failure", outputsOf(readFileSync(output, "utf8")), done.status);
    }
  }
  for (const [name, output] of Object.entries(action.outputs)) result.outputs[name] = substituted(output.value, context, failed);
  result.summary = readFileSync(summary, "utf8");
  result.commands = commands(result.log);
  return result;
}

function condition(step) {
  const text = String(step.if ?? "success()").replace(/^\s*\$\{\{|\}\}\s*$/g, "");
  return /\b(always|success|failure|cancelled)\(/.test(text) ? text : `success() && (${text})`;
}

function toData(value) {
  if (value === null || value === undefined) return new data.Null();
  if (typeof value === "boolean") return new data.BooleanData(value);
  if (typeof value === "number") return new data.NumberData(value);
  if (typeof value === "string") return new data.StringData(value);
  return new data.Dictionary(...Object.entries(value).map(([key, inner]) => ({ key, value: toData(inner) })));
}

function evaluated(text, context, failed) {
  const status = { always: () => true, success: () => !failed(), failure: () => failed(), cancelled: () => false };
  const functions = Object.entries(status).map(([name, holds]) => ({ name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(holds()) }));
  const expression = new Parser(new Lexer(text).lex().tokens, CONTEXTS, functions).parse();
  return new Evaluator(expression, toData(context), new Map(functions.map((each) => [each.name, each]))).evaluate();
}

const truthy = (value) => !["", "false", "0"].includes(value.coerceString());

function substituted(text, context, failed) {
  return String(text).replace(/\$\{\{([\s\S]*?)\}\}/g, (_, expression) => evaluated(expression, context, failed).coerceString());
}

function substitutedValues(values, context, failed) {
  return Object.fromEntries(Object.entries(values ?? {}).map(([key, value]) => [key, substituted(value, context, failed)]));
}

function outputsOf(text) {
  return Object.fromEntries(text.split("\n").filter(Boolean).map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]));
}

// The commands that the runner would obey, in both of its forms. Between stop-commands and its word it obeys none.
function commands(log) {
  const obeyed = [];
  let stopped = null;
  for (const line of log.split(/\r\n|\r|\n/)) {
    const command = /^\s*::([a-z-]+)(?: [^:]*?)?::(.*)$/.exec(line) ?? /^\s*::([0-9a-f]+)::$/.exec(line) ?? /##\[([a-z-]+)[^\]]*\](.*)$/.exec(line);
    if (!command) continue;
    if (stopped !== null) {
      if (command[1] === stopped) stopped = null;
    } else if (command[1] === "stop-commands") {
      stopped = command[2];
    } else {
      obeyed.push({ name: command[1], line: line.trim() });
    }
  }
  return obeyed;
}
