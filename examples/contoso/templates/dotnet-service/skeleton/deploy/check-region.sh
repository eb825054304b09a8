#!/bin/sh
# The region gate: nothing is deployed to a region that is not listed beside this file.
set -eu
region="${1:?usage: check-region.sh REGION}"
list="$(dirname "$0")/regions.txt"
if ! grep -qx "$region" "$list"; then
  echo "The region $region is not allowed. Allowed are:" >&2
  cat "$list" >&2
  echo "Change AZURE_LOCATION, or propose the region in deploy/regions.txt." >&2
  exit 1
fi
echo "The region $region is allowed."
