#!/bin/sh
# Makes the azd environment, and tells it which image runs now: provisioning would go back to the
# sample otherwise. Wants AZURE_ENV_NAME, AZURE_LOCATION and AZURE_SUBSCRIPTION_ID.
set -eu
name="${{ values.name }}-$AZURE_ENV_NAME"
group="rg-$name"
azd env select "$AZURE_ENV_NAME" 2>/dev/null \
  || azd env new "$AZURE_ENV_NAME" --location "$AZURE_LOCATION" --subscription "$AZURE_SUBSCRIPTION_ID" --no-prompt
azd env set AZURE_RESOURCE_GROUP "$group"
app="$(printf 'ca-%s' "$name" | cut -c 1-32)"
image="$(az containerapp show --resource-group "$group" --name "$app" \
  --query 'properties.template.containers[0].image' --output tsv 2>/dev/null || true)"
if [ -n "$image" ]; then
  azd env set SERVICE_API_IMAGE_NAME "$image"
  echo "$app runs $image."
else
  echo "$app is not there yet."
fi
