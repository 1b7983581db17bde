// Tries the action on small repositories: each file of `cases` is one. Run by .ci/action-gate.
//
//   node tests/action/run.mjs AIMSLINT
//
// Keys of a case: `install` leaves it to the action to get aimslint; `action` are files of the action; `files` (texts by name) make the workspace, `setup` are shell commands in it, `programs` stand before PATH, `inputs`, `github` and
// `uses` go to composite.mjs; `expect` says what comes of it: `conclusion`, `outputs`, `uses`, `steps` (outcomes by name), and `log`, `summary`,
// `commands` with texts that must be there, each with a `not-` twin, and `only-commands`, the names of all that are obeyed. In all of them {AIMSLINT}, {WORKSPACE} and {ORIGIN:rev} (a commit of the repository that
// `setup` puts beside the workspace) are replaced.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import YAML from "yaml";
import { run } from "./composite.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const project = resolve(here, "../..");
const aimslint = resolve(process.argv[2] ?? join(project, "target/release/aimslint"));
const faults = [];
const names = readdirSync(join(here, "cases")).sort();

for (const name of names) {
  const place = mkdtempSync(join(tmpdir(), "action-case-"));
  const found = tried(readFileSync(join(here, "cases", name), "utf8"), place);
  faults.push(...found.map((fault) => `${name}: ${fault}`));
  rmSync(place, { recursive: true });
}
console.log(faults.join("\n"));
const failed = new Set(faults.map((fault) => fault.split(":")[0])).size;
console.log(`${names.length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;

function tried(text, place) {
  const workspace = join(place, "a workspace");
  const programs = join(place, "programs");
  const action = join(place, "action");
  [workspace, programs, action].forEach((folder) => mkdirSync(folder));
  for (const part of ["action.yml", "action", "Cargo.toml", "Cargo.lock", "build.rs"]) cpSync(join(project, part), join(action, part), { recursive: true });
  for (const part of ["src", "policies"]) mkdirSync(join(action, part));

  const named = text.replaceAll("{AIMSLINT}", aimslint).replaceAll("{WORKSPACE}", workspace);
  const first = YAML.parse(named);
  write(workspace, first.files ?? {});
  write(programs, first.programs ?? {});
  for (const program of Object.keys(first.programs ?? {})) chmodSync(join(programs, program), 0o755);
  write(action, first.action ?? {});
  for (const command of first.setup ?? []) shell(command, workspace);

  const filled = named.replace(/\{ORIGIN:([^}]+)\}/g, (_, revision) => shell(`git rev-parse ${revision}`, join(place, "origin")).trim());
  const { expect, ...given } = YAML.parse(filled);
  given.path = [programs];
  given.inputs = { ...(given.install ? {} : { binary: aimslint }), ...given.inputs };
  return compared(run(action, workspace, given), expect);
}

function write(folder, files) {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

function shell(command, folder) {
  const env = { ...process.env, GIT_AUTHOR_NAME: "A", GIT_AUTHOR_EMAIL: "a@example.org", GIT_COMMITTER_NAME: "A", GIT_COMMITTER_EMAIL: "a@example.org" };
  const done = spawnSync("bash", ["-euo", "pipefail", "-c", command], { cwd: folder, encoding: "utf8", env });
  if (done.status !== 0) throw new Error(`${command}: ${done.stderr}`);
  return done.stdout;
}

function compared(result, expect) {
  const faults = [];
  const fault = (what, wanted, found) => faults.push(`${what}: wanted ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`);
  const conclusion = result.failed ? "failure" : "success";
  if (conclusion !== expect.conclusion) fault("conclusion", expect.conclusion, [conclusion, result.log]);
  for (const [name, wanted] of Object.entries(expect.outputs ?? {})) {
    if (result.outputs[name] !== String(wanted)) fault(`output ${name}`, String(wanted), [result.outputs[name], result.log]);
  }
  for (const [name, wanted] of Object.entries(expect.steps ?? {})) {
    const step = result.steps.find((step) => step.name === name);
    const found = step?.code ? `${step.outcome} ${step.code}` : step?.outcome;
    if (found !== wanted) fault(`step ${name}`, wanted, [found, result.log]);
  }
  if (expect.uses) {
    const found = result.uses.map((each) => each.uses.split("@")[0]);
    if (JSON.stringify(found) !== JSON.stringify(expect.uses)) fault("uses", expect.uses, found);
  }
  for (const { name, line } of result.commands) {
    if (expect["only-commands"] && !expect["only-commands"].includes(name)) fault("only-commands", expect["only-commands"], line);
  }
  const texts = { log: result.log, summary: result.summary, commands: result.commands.map((command) => `\n${command.line}`).join("") };
  for (const [key, text] of Object.entries(texts)) {
    for (const wanted of expect[key] ?? []) if (!text.includes(wanted)) fault(key, wanted, [text, key === "log" ? "" : result.log]);
    for (const unwanted of expect[`not-${key}`] ?? []) if (text.includes(unwanted)) fault(`not-${key}`, unwanted, text);
  }
  return faults;
}
