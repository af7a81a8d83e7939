#!/usr/bin/env bash
# The system packages that erpdesk needs on Debian and Ubuntu. The one list of them: quiet when all are there;
# installs what is missing when run as root; otherwise prints the command that does, and ends with 1.
# Elsewhere (no dpkg) it does nothing: README.md says what to install.
#
# Usage: [PYTHON=…] packaging/system-packages.sh [run|test]     test: also what makes a virtual screen
set -euo pipefail

python_packages=()
"${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null || python_packages=(python3-venv)
qt_packages=(
  libdbus-1-3 libegl1 libfontconfig1 libgl1 libglib2.0-0 libxkbcommon-x11-0
  libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0
  libxcb-shape0 libxcb-xinerama0 libxcb-xkb1
  fonts-noto-core
)
screen_packages=(xvfb xauth xdotool openbox)

wanted=("${python_packages[@]}" "${qt_packages[@]}")
case "${1:-run}" in
  run) ;;
  test) wanted+=("${screen_packages[@]}") ;;
  *) echo "usage: $0 [run|test]" >&2; exit 2 ;;
esac

command -v dpkg-query >/dev/null 2>&1 || exit 0

is_there() {
  # A package may stand under a newer name that provides it (libglib2.0-0 became libglib2.0-0t64).
  [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ] ||
    [ "$(dpkg-query -W -f='${db:Status-Status}' "${1}t64" 2>/dev/null)" = installed ]
}

missing=()
for package in "${wanted[@]}"; do
  is_there "$package" || missing+=("$package")
done
[ "${#missing[@]}" -gt 0 ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
  {
    echo "erpdesk needs system packages that are not installed. Install them with"
    echo "    sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing[*]}"
    echo "and run the same command again."
  } >&2
  exit 1
fi

echo "Installing system packages: ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq -o DPkg::Lock::Timeout=300 </dev/null >&2
apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "${missing[@]}" </dev/null >&2
