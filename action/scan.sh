#!/usr/bin/env bash
# Scans once and writes everything that comes of it: the log, annotations, the job summary, SARIF and the outputs. Never fails itself: the exit
# status of aimslint is an output, for the gate.
#
# Reads the inputs as variables, BASE (the base commit of a pull request or merge queue, if any) and FORK.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
out=$(mktemp -d "$RUNNER_TEMP/aimslint.XXXXXX")

tell() {
  printf '%s=%s\n' "$1" "$2" >> "$GITHUB_OUTPUT"
}

# As the message of a workflow command.
escaped() {
  local text=${1//'%'/%25}
  text=${text//$'\r'/%0D}
  printf '%s' "${text//$'\n'/%0A}"
}

# The job could not be done: says so everywhere and ends.
give_up() {
  echo "::error title=aimslint could not do its job::$(escaped "$1")"
  if [ "$SUMMARY" != false ]; then
    # Indented it is code, whatever it holds.
    printf '## aimslint\n\n**The job could not be done.**\n\n    %s\n' "${1//$'\n'/$'\n'    }" >> "$GITHUB_STEP_SUMMARY"
  fi
  tell exit-code 2
  exit 0
}

# Workflow commands in what a program prints have no effect until the word comes that nobody can guess.
quoted() {
  local word status=0
  word=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo "::stop-commands::$word"
  "$@" || status=$?
  echo
  echo "::$word::"
  return "$status"
}

folder=${SCANNED#./}
folder=${folder%/}
case "/$folder/" in
  */../* | //*) give_up "the input path must name a folder inside of the repository: $SCANNED" ;;
esac
[ "$folder" != . ] || folder=
[ -d "./$folder" ] || give_up "the input path names no folder of the checkout: $SCANNED"

arguments=()
[ -z "$folder" ] || arguments+=(--repository-folder "$folder")
[ -z "$PROFILE" ] || arguments+=(--profile "$PROFILE")
[ -z "$FAIL_ON" ] || arguments+=(--fail-on "$FAIL_ON")
[ -z "$CONFIG" ] || arguments+=(--config "$CONFIG")
[ "$STRICT" != true ] || arguments+=(--strict)

narrowed=false
case "$CHANGED" in
  false | '') ;;
  true)
    if [ -z "$BASE" ]; then
      echo "There is no base to compare with in this event: everything is reported."
    elif quoted "$here/base.sh" "$BASE" history 2>&1; then
      arguments+=(--changed "$BASE")
      narrowed=true
    else
      echo "::notice title=aimslint::The history is too shallow to tell what changed, so everything is reported. Check out with fetch-depth: 0."
    fi
    ;;
  *)
    arguments+=(--changed "$CHANGED")
    narrowed=true
    ;;
esac

case "$POLICY_FROM" in
  none | '') ;;
  auto)
    if [ -n "$BASE" ]; then
      quoted "$here/base.sh" "$BASE" 2>&1 ||
        give_up "the base commit $BASE, whose policy judges this change, cannot be fetched; check out with fetch-depth: 0, or set policy-from: none"
      arguments+=(--policy-from "$BASE")
    fi
    ;;
  *) arguments+=(--policy-from "$POLICY_FROM") ;;
esac

scan() {
  "$AIMSLINT" check "${arguments[@]}" --output human --output sarif="$out/aimslint.sarif" --output json="$out/report.json" \
    --output github="$out/annotations.txt" --output markdown="$out/summary.md" -- "./$folder" 2> "$out/errors.txt"
}
status=0
quoted scan || status=$?
case "$status" in
  0 | 1 | 3) ;;
  2) give_up "$(head -c 4000 "$out/errors.txt")" ;;
  *) give_up "aimslint ended with status $status. $(head -c 4000 "$out/errors.txt")" ;;
esac

# The tool itself makes these two harmless, whatever the names of files.
[ "$ANNOTATIONS" = false ] || cat "$out/annotations.txt"
[ "$SUMMARY" = false ] || cat "$out/summary.md" >> "$GITHUB_STEP_SUMMARY"

# The first object of the report has the counts.
count() {
  sed -n "/^  \"summary\": {/,/^  }/s/^    \"$1\": \([0-9]*\),*\$/\1/p" "$out/report.json"
}
tell exit-code "$status"
tell sarif-file "$out/aimslint.sarif"
tell errors "$(count errors)"
tell warnings "$(count warnings)"
tell notes "$(count notes)"

case "$UPLOAD-$FORK-$narrowed" in
  true-* | auto-false-false) tell upload true ;;
  auto-true-*) echo "::notice title=aimslint::Findings of a pull request from a fork are not uploaded: its token may not write. They are in the job summary." ;;
esac
