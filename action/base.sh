#!/usr/bin/env bash
# Makes sure that the base commit of a pull request or merge queue is in the clone; fetches it where the checkout is shallow.
#
#   base.sh COMMIT          the commit itself is there
#   base.sh COMMIT history  and so is the history up to where it and HEAD parted, as far as two commits reach
#
# Reads TOKEN, for a checkout that left no credentials. Fails when the commit cannot be had.
set -euo pipefail

fetch() {
  local depth=$1 commit=$2
  [ "$(git rev-parse --is-shallow-repository)" = true ] || depth=
  git fetch --quiet --no-tags ${depth:+--depth="$depth"} origin "$commit" && return
  # By variables, so that the token stands on no command line. Never beside credentials of the checkout: two are refused.
  [ -n "${TOKEN:-}" ] || return 1
  GIT_CONFIG_COUNT=2 \
    GIT_CONFIG_KEY_1="http.$GITHUB_SERVER_URL/.extraheader" \
    GIT_CONFIG_VALUE_1="AUTHORIZATION: basic $(printf 'x-access-token:%s' "$TOKEN" | base64 | tr -d '\n')" \
    git fetch --quiet --no-tags ${depth:+--depth="$depth"} origin "$commit"
}

base=$1
export GIT_TERMINAL_PROMPT=0
# In a container the checkout belongs to another user, and git would not touch it.
export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory GIT_CONFIG_VALUE_0="$GITHUB_WORKSPACE"
git cat-file -e "$base^{commit}" 2>/dev/null || fetch 1 "$base"
if [ "${2:-}" = history ]; then
  # The merge commit that a pull request is checked out at has the base as its parent.
  git merge-base "$base" HEAD >/dev/null 2>&1 || fetch 2 "$(git rev-parse HEAD)"
  git merge-base "$base" HEAD >/dev/null
fi
