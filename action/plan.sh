#!/usr/bin/env bash
# Says where aimslint comes from: a binary that is given, a release whose checksum is listed, or the source of this action.
#
# Reads the inputs BINARY and VERSION; writes `from` (given, release or source), `binary`, `folder`, and for a release `archive`, `checksum` and
# `version`, for the source the `key` of its cache.
set -euo pipefail

fail() {
  echo "::error title=aimslint::$1"
  exit 2
}

tell() {
  # A line end in a value would begin an output of its own.
  printf '%s=%s\n' "$1" "${2//[$'\r\n']/ }" >> "$GITHUB_OUTPUT"
}

if [ -n "$BINARY" ]; then
  [ -x "$BINARY" ] || fail "the input binary names no program that can be run"
  tell from given
  tell binary "$BINARY"
  exit
fi

case "$RUNNER_OS-$RUNNER_ARCH" in
  Linux-X64) target=x86_64-unknown-linux-gnu ;;
  Linux-ARM64) target=aarch64-unknown-linux-gnu ;;
  macOS-ARM64) target=aarch64-apple-darwin ;;
  Windows-X64) target=x86_64-pc-windows-msvc ;;
  *) target=none ;;
esac
suffix=
[ "$RUNNER_OS" != Windows ] || suffix=.exe
# One folder for each version: the action may be used several times in a job.
into() {
  tell folder "$RUNNER_TEMP/$1"
  tell binary "$RUNNER_TEMP/$1/bin/aimslint$suffix"
}

# The last line wins: without a version the newest, else that one.
version='[^ ]*'
[ -z "$VERSION" ] || version=$(printf '%s' "$VERSION" | sed 's/[^A-Za-z0-9-]/[&]/g')
line=$(grep -E "^[0-9a-f]{64} [ *]aimslint-$version-$target\.tar\.gz\$" "$GITHUB_ACTION_PATH/action/checksums.txt" | tail -n 1 || true)
if [ "$VERSION" != source ] && [ -n "$line" ]; then
  archive=${line#* ?}
  version=${archive#aimslint-}
  version=${version%-"$target".tar.gz}
  tell from release
  tell archive "$archive"
  tell checksum "${line%% *}"
  tell version "$version"
  into "aimslint-$version"
elif [ -n "$VERSION" ] && [ "$VERSION" != source ]; then
  fail "action/checksums.txt lists no release of that version for $RUNNER_OS on $RUNNER_ARCH; leave the input version empty, or set it to source"
else
  source_hash=$(cd "$GITHUB_ACTION_PATH" && find Cargo.toml Cargo.lock build.rs src policies -type f | LC_ALL=C sort | git hash-object --stdin-paths | git hash-object --stdin)
  tell from source
  tell key "aimslint-$RUNNER_OS-$RUNNER_ARCH-$source_hash"
  into "aimslint-$source_hash"
fi
