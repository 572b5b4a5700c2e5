#!/bin/sh
# Fails if this machine lacks one of the tools that are named, and says which line installs it: `tests/needs.sh node chromium`.
# INSTALL=1 installs it instead, as root on Debian. --path prints where Chromium is: CHROMIUM names one of your own.
set -eu

path_of_chromium() {
  [ -z "${CHROMIUM:-}" ] || { echo "$CHROMIUM"; return; }
  # First the build without windows, which takes a third less of the processor.
  for name in chromium-headless-shell chromium chromium-browser google-chrome "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" \
    /Applications/Chromium.app/Contents/MacOS/Chromium; do
    command -v "$name" && return
  done
}

# The commands below must succeed for a tool to be there. macOS has a java that only says that there is none.
has() {
  case $1 in
    cc) command -v "$(${GO:-go} env CC)" ;;
    chromium) path_of_chromium ;;
    docker) command -v dockerd && command -v iptables && command -v busybox && command -v pgrep ;;
    java) java -version ;;
    node) command -v node && command -v npm ;;
    python3) python3 -c 'import ensurepip' ;;
    *) command -v "$1" ;;
  esac >/dev/null 2>&1
}

packages() { # of Debian
  case $1 in
    aws) echo awscli ;;
    cc) echo gcc libc6-dev ;;
    docker) echo docker.io iptables busybox-static procps ;;
    java) echo default-jre-headless ;;
    node) echo nodejs npm ;;
    python3) echo python3 python3-venv ;;
    *) echo "$1" ;;
  esac
}

line() { # that installs a tool by hand
  case $(uname -s),$1 in
    Darwin,aws) echo 'brew install awscli' ;;
    Darwin,cc) echo 'xcode-select --install' ;;
    Darwin,chromium) echo 'brew install --cask google-chrome' ;;
    Darwin,docker) echo 'brew install --cask docker' ;;
    Darwin,java) echo 'brew install openjdk, and put it on the PATH' ;;
    Darwin,*) echo "brew install $1" ;;
    *) echo "apt-get install $(packages "$1")" ;;
  esac
}

if [ "$1" = --path ]; then
  path_of_chromium
  exit
fi

lacks() {
  for tool; do
    has "$tool" || printf ' %s' "$tool"
  done
}

missing=$(lacks "$@")
if [ -n "$missing" ] && [ -n "${INSTALL:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  for tool in $missing; do
    # shellcheck disable=SC2046 # several packages
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(packages "$tool") >/dev/null
  done
  missing=$(lacks "$@")
fi
for tool in $missing; do
  echo "$tool is missing. This installs it: $(line "$tool")" >&2
done
[ -z "$missing" ]
