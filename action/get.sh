#!/usr/bin/env bash
# Downloads a release and holds it against its checksum, or builds the source of this action.
#
# Reads FROM, FOLDER, BINARY, and for a release ARCHIVE, CHECKSUM, VERSION and ACTION_REPOSITORY: what plan.sh said.
set -euo pipefail

fail() {
  echo "::error title=aimslint::$1"
  exit 2
}

sum() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi
}

# An earlier step of the same job may have been here.
[ ! -x "$BINARY" ] || exit 0
mkdir -p "$FOLDER"
if [ "$FROM" = release ]; then
  work=$(mktemp -d "$RUNNER_TEMP/aimslint-download.XXXXXX")
  address=$GITHUB_SERVER_URL/$ACTION_REPOSITORY/releases/download/v$VERSION/$ARCHIVE
  curl --fail --silent --show-error --location --retry 3 --output "$work/archive" "$address" ||
    fail "cannot download $address; set the input version to source to build aimslint instead"
  found=$(sum < "$work/archive")
  [ "${found%% *}" = "$CHECKSUM" ] || fail "$ARCHIVE is not what action/checksums.txt lists: its SHA-256 is ${found%% *}"
  mkdir -p "$FOLDER/bin"
  tar -xzf "$work/archive" -C "$FOLDER/bin"
else
  command -v cargo >/dev/null || fail "no release of aimslint is listed for this runner, and there is no cargo to build it; install Rust first, or set the input binary"
  # Outside of the checkout, which may be what is scanned.
  CARGO_TARGET_DIR=$RUNNER_TEMP/aimslint-build cargo install --locked --quiet --path "$GITHUB_ACTION_PATH" --root "$FOLDER"
fi
