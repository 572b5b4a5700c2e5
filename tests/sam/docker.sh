# Functions for the scripts beside it: Docker for `sam local`, and the flags that SAM needs for it.

# Nothing here may reach an AWS account. These credentials are nobody's, and SAM, which asks STS about them
# before each command, gets no answer. The functions refuse to start without local endpoints.
export AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_ENDPOINT_URL_STS=http://127.0.0.1:9 AWS_MAX_ATTEMPTS=1
export SAM_CLI_TELEMETRY=0
unset AWS_PROFILE AWS_SESSION_TOKEN

# Prints this machine's architecture in the template's words.
host_architecture() {
  case "$(uname -m)" in
    arm64 | aarch64) echo arm64 ;;
    *) echo x86_64 ;;
  esac
}

# Prints the address at which containers reach this machine: GATEWAY, or the one of Docker's bridge. A Docker that was just installed
# may name no gateway before its first container, but the bridge has its address. Docker Desktop and Colima need none: there it has a name.
gateway() {
  if [ -n "${GATEWAY:-}" ]; then
    echo "$GATEWAY"
  elif [ "$(uname -s)" = Linux ]; then
    docker network inspect bridge --format '{{range .IPAM.Config}}{{.Gateway}}{{end}}' 2>/dev/null | grep . || bridge_address || {
      echo "No address of Docker's bridge was found: set GATEWAY to this machine's address that containers reach." >&2
      return 1
    }
  fi
}

bridge_address() {
  local name
  name=$(docker network inspect bridge --format '{{index .Options "com.docker.network.bridge.name"}}' 2>/dev/null)
  ip -4 -o addr show "${name:-docker0}" 2>/dev/null | sed -n 's/.* inet \([0-9.]*\).*/\1/p' | grep .
}

# Prints the name of the image in which SAM runs our runtime. SAM knows it; the Python that SAM runs under can ask.
official_image() {
  "$(sed -n '1s/^#!//p' "$(command -v "$SAM")")" -c "from samcli.local.docker.lambda_image import LambdaImage, Runtime
print(LambdaImage._INVOKE_REPO_PREFIX + '/' + Runtime.get_image_name_tag('provided.al2023', '$1'))" 2>/dev/null
}

stand_in=care-chats-runtime:local

# Builds a stand-in for that image, for when its registry cannot be reached. Our binaries are static and SAM brings the
# runtime interface emulator, so only a shell is missing.
build_stand_in() {
  local context
  context=$(mktemp -d)
  cp "$(command -v busybox)" "$context/busybox"
  cat >"$context/Dockerfile" <<'END'
FROM scratch
COPY busybox /bin/busybox
RUN ["/bin/busybox", "sh", "-c", "/bin/busybox mkdir -p /tmp /var/task /var/runtime /opt && /bin/busybox --install -s /bin"]
ENV LAMBDA_TASK_ROOT=/var/task LAMBDA_RUNTIME_DIR=/var/runtime PATH=/bin
WORKDIR /var/task
END
  docker build --quiet --tag "$stand_in" "$context" >/dev/null 2>&1
  rm -r "$context"
}

# logical FOLDER prints a function's name in template.yaml: the folder mark-read holds MarkReadFunction.
logical() {
  echo "$1" | awk -F- '{ for (i = 1; i <= NF; i++) printf "%s%s", toupper(substr($i, 1, 1)), substr($i, 2); print "Function" }'
}

# sam_flags ARCHITECTURE ENV_FILE puts the flags of every `sam local` command into the array sam_flags.
sam_flags() {
  local image address
  sam_flags=(--parameter-overrides "Architecture=$1" Stage=local --env-vars "$2" --region us-east-1)
  image=$(official_image "$1") || image=
  if [ -n "$image" ] && ! docker image inspect "$image" >/dev/null 2>&1 && ! docker pull --quiet "$image" >/dev/null 2>&1; then
    echo "*** AWS's image cannot be fetched: a stand-in runs the functions. ***" >&2
    build_stand_in
    sam_flags+=(--invoke-image "$stand_in" --skip-pull-image)
  fi
  address=$(gateway) || return 1
  if [ -n "$address" ]; then
    sam_flags+=(--add-host "host.docker.internal:$address")
  fi
}
