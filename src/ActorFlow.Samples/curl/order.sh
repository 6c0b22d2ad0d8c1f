#!/bin/sh
# The same order as in OrderDesk, by curl alone: register, start, watch, pay, answer, result.
#   src/ActorFlow.Samples/curl/order.sh                     against the node of 'actorflow dev'
#   ACTORFLOW_ADDRESS=http://host:9110 ACTORFLOW_API_KEY=af_... src/ActorFlow.Samples/curl/order.sh
set -eu
cd "$(dirname "$0")"

node=${ACTORFLOW_ADDRESS:-http://127.0.0.1:9110}/api/v1
id=${1:-curl-order-$$}

call() {
  method=$1 path=$2
  shift 2
  curl --silent --show-error --fail-with-body --request "$method" "$node$path" ${ACTORFLOW_API_KEY:+--header "Authorization: Bearer $ACTORFLOW_API_KEY"} "$@"
}

json='Content-Type: application/json'

# A definition that is there already is not registered twice.
call POST /definitions --header 'Content-Type: application/yaml' --data-binary @../OrderDesk/order.yaml
echo

# A start may be repeated: under one id there is one run. So may every other change, under its Idempotency-Key.
call POST /workflows --header "$json" --data "{ \"definition\": \"desk-order\", \"id\": \"$id\", \"input\": { \"item\": \"lamp\", \"amount\": 120 }, \"tags\": { \"item\": \"lamp\" } }"
echo

# Why does it not go on? In words, with the command that helps.
call GET "/workflows/$id/explanation"
echo

# The body of a signal is its payload.
call POST "/workflows/$id/signals/payment" --header "$json" --header "Idempotency-Key: $id-payment" --data '{ "reference": "p-1", "amount": 120 }'

# Follows the run in the background, as server-sent events, until it ends.
call GET "/workflows/$id/events" --no-buffer --header 'Accept: text/event-stream' &
watch=$!

call POST "/workflows/$id/answers/approve" --header "$json" --data '{ "value": true, "claimedBy": "Ada", "comment": "fine" }'
call GET "/workflows/$id/result?wait=30s"
echo
wait "$watch"
