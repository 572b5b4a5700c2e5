#!/usr/bin/env bash
# Generates clients from shared/api/openapi.json, compiles them, and has some tell a story: one request's life against the
# running machine. `run.sh NAME...` does those; without a name it does all of them and writes the table of docs/api.md.
# Needs Go, Node, Java, Maven and Python 3 for all; `make binaries local-machine` before it.
set -euo pipefail
cd "$(dirname "$0")/../.."

OPENAPI_GENERATOR=7.25.0
OPENAPI_GENERATOR_CLI=2.41.0
OAPI_CODEGEN=v2.8.2
OGEN=v1.25.0

clients=$PWD/tests/clients
contract=$PWD/shared/api/openapi.json
cache=$PWD/.cache/clients
out=$cache/out # what is generated, a folder per client

version_of() { sed -n "s|.*\"$1\": \"\(.*\)\".*|\1|p" "$clients/package.json"; }

# name|language|generator and version|has a story
known="oapi-codegen|Go|oapi-codegen $OAPI_CODEGEN|story
ogen|Go|ogen $OGEN|story
python|Python|openapi-generator $OPENAPI_GENERATOR|story
openapi-typescript|TypeScript|openapi-typescript $(version_of openapi-typescript)|story
hey-api|TypeScript|@hey-api/openapi-ts $(version_of @hey-api/openapi-ts)|story
typescript-fetch|TypeScript|openapi-generator $OPENAPI_GENERATOR|story
java|Java|openapi-generator $OPENAPI_GENERATOR|
kotlin|Kotlin|openapi-generator $OPENAPI_GENERATOR|
swift6|Swift|openapi-generator $OPENAPI_GENERATOR|"

# openapi_generator GENERATOR FOLDER OPTION...
openapi_generator() {
	local tool=$cache/openapi-generator-$OPENAPI_GENERATOR
	if [ ! -d "$tool/node_modules" ]; then
		mkdir -p "$tool"
		echo "{\"generator-cli\": {\"version\": \"$OPENAPI_GENERATOR\"}}" >"$tool/openapitools.json"
		npm install --prefix "$tool" --silent --no-audit --no-fund "@openapitools/openapi-generator-cli@$OPENAPI_GENERATOR_CLI"
	fi
	(cd "$tool" && npx openapi-generator-cli generate -i "$contract" -g "$1" -o "$2" "${@:3}")
}

node_tools() {
	[ "$clients/node_modules" -nt "$clients/package-lock.json" ] || npm ci --prefix "$clients" --silent --no-audit --no-fund
}

generate() { # NAME FOLDER
	case $1 in
	oapi-codegen) mkdir "$2/care" && go run "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@$OAPI_CODEGEN" \
		-generate types,client -package care -o "$2/care/care.go" "$contract" ;;
	ogen) go run "github.com/ogen-go/ogen/cmd/ogen@$OGEN" --target "$2/care" --package care "$contract" ;;
	python) openapi_generator python "$2" --additional-properties packageName=care ;;
	typescript-fetch) openapi_generator typescript-fetch "$2/care" --additional-properties importFileExtension=.js ;;
	openapi-typescript) node_tools && "$clients/node_modules/.bin/openapi-typescript" "$contract" -o "$2/care.d.ts" ;;
	hey-api) node_tools && "$clients/node_modules/.bin/openapi-ts" -i "$contract" -o "$2/care" ;;
	*) openapi_generator "$1" "$2" ;;
	esac
}

# compile_go FOLDER: as a module of its own, with the story's program.
compile_go() {
	printf 'module clients\n\ngo 1.26\n' >"$1/go.mod" &&
		(cd "$1" && go mod tidy && go build -o story story.go)
}

# compile_typescript FOLDER: strictly; Node runs what comes out.
compile_typescript() {
	node_tools && ln -sfn "$clients/node_modules" "$1/node_modules" &&
		cp "$clients/tsconfig.json" "$1" && echo '{"type": "module"}' >"$1/package.json" &&
		(cd "$1" && node_modules/.bin/tsc -p .)
}

# compile_python FOLDER: as pip installs it.
compile_python() {
	python3 -m venv "$1/venv" && "$1/venv/bin/pip" install --quiet --no-compile --disable-pip-version-check "$1" &&
		"$1/venv/bin/python" -m compileall -q "$1/care"
}

compile() { # NAME FOLDER
	case $1 in
	oapi-codegen | ogen) compile_go "$2" ;;
	openapi-typescript | hey-api | typescript-fetch) compile_typescript "$2" ;;
	python) compile_python "$2" ;;
	java) (cd "$2" && mvn --quiet --batch-mode -DskipTests compile) ;;
	*) return $not_tried ;; # needs a compiler that is not here
	esac
}

tell() { # NAME FOLDER
	local run
	case $1 in
	oapi-codegen | ogen) run=("$2/story") ;;
	python) run=("$2/venv/bin/python" "$2/story.py") ;;
	*) run=(node "$2/built/story.js") ;;
	esac
	API=$API MEMBER_TOKEN=$(token member ana) CARE_MANAGER_TOKEN=$(token careManager cm-rivera) "${run[@]}"
}

failed=0
rows=
not_tried=77
# step NAME COMMAND...: runs a step of a client and adds a cell to its row.
step() {
	local status=0 started=$SECONDS
	"${@:2}" >"$log" 2>&1 || status=$?
	case $status in
	0) row+=" yes |" && echo "  $1: yes, $((SECONDS - started)) s" ;;
	"$not_tried") row+=" not tried |" && echo "  $1: not tried" ;;
	*) row+=" **no** |" && failed=1 && echo "  $1: NO" && tail -40 "$log" ;;
	esac
	return "$status"
}

try() { # NAME LANGUAGE GENERATOR STORY
	local folder=$out/$1 row="| $3 | $2 |" log=$out/$1.log
	echo "$1 ($3)"
	rm -rf "$folder" && mkdir -p "$folder"
	[ -z "$4" ] || cp "$clients/$1/"* "$folder"
	step generates generate "$1" "$folder" && step compiles compile "$1" "$folder" &&
		[ -n "$4" ] && step 'runs the story' tell "$1" "$folder" || true
	rows+="$row"$'\n'
}

[ -z "${FETCH:-}" ] || { node_tools; exit; }

. tests/machine.sh
start_machine
while IFS='|' read -r name language generator story; do
	[ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
	try "$name" "$language" "$generator" "$story"
done <<<"$known"
[ $# -gt 0 ] || ROWS=$rows node "$clients/table.mjs"
exit "$failed"
