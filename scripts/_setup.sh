# Shared by scripts/run and scripts/test: everything between a bare machine and a ready .venv.
#
#   ready run   packages to run the assistant        ready dev   those to test it as well
#
# Nothing is done, and nothing is started, when the stamp .venv/.lock-sha says that it has been done.
# All output goes to stderr; what the assistant prints stays clean.

say() { if [[ -t 2 ]]; then printf '\033[1m%s\033[0m\n' "$*" >&2; else printf '%s\n' "$*" >&2; fi; }
die() { printf 'Set-up stopped: %s\n' "$*" >&2; exit 1; }

root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
venv=$root/.venv
stamp=$venv/.lock-sha

# What the stamp must hold: the lock's hash, and the interpreter, which a system upgrade may replace.
wanted() {
  local lock=$root/requirements.lock
  [[ $1 == dev ]] && lock=$root/requirements-dev.lock
  printf '%s %s %s\n' "$1" "$(sha256sum < "$lock" | cut -c1-64)" "$(readlink -f "$venv/bin/python" || true)"
}

is_ready() { [[ -x $venv/bin/python && -f $stamp ]] && grep -qxF "$(wanted "$1")" "$stamp"; }

ready() {
  is_ready "$1" && return
  mkdir -p "$root/.cache"
  exec 9> "$root/.cache/setup.lock"
  flock -n 9 || { say "Another set-up is running; waiting for it."; flock 9; }
  # While it waited, the other one may have done it.
  is_ready "$1" || set_up "$1"
  exec 9>&-
}

set_up() {
  find_python
  install_system_packages "$1"
  # Without a stamp the folder is the rest of an interrupted set-up.
  if [[ ! -f $stamp || $(readlink -f "$venv/bin/python" || true) != "$(tail -n1 "$stamp" | cut -d' ' -f3-)" ]]; then
    say "Making a virtual environment with $("$python" -V) in $venv"
    rm -rf "$venv"
    "$python" -m venv "$venv" >&2 || die "\"$python -m venv $venv\" failed (see above)."
  fi
  rm -f "$stamp"
  local lock=requirements.lock
  [[ $1 == dev ]] && lock=requirements-dev.lock
  say "Installing Python packages ($lock); this takes a few minutes the first time."
  # --no-compile: Python compiles what it imports; compiling all of SciPy costs minutes on a Raspberry Pi.
  "$venv/bin/python" -m pip install --no-compile --no-input --progress-bar off --require-hashes -r "$root/$lock" |
    show_progress "$(grep -E '^[A-Za-z]' "$root/$lock" | grep -vc 'sys_platform ==')" ||
    die "pip could not install the packages (see above). Check the network and run it again."
  { [[ $1 == dev ]] && wanted run; wanted "$1"; } > "$stamp.new"
  mv "$stamp.new" "$stamp"
  say "Ready."
}

# Makes one changing line of pip's many; off a terminal only the slow steps are told.
show_progress() {
  local total=$1 count=0 line words
  while read -r line; do
    read -ra words <<< "$line"
    case $line in
      Collecting*) [[ ! -t 2 ]] || printf '\r\033[K  %d of %d: %s' $((++count)) "$total" "${words[1]%%=*}" >&2 ;;
      "Building wheel"*started*) printf '\r  compiling %-40s\n' "${words[3]}" >&2 ;;
      "Installing collected"*) printf '\r  %-50s\n' unpacking >&2 ;;
    esac
  done
}

# Sets $python: the first that works of $PYTHON, the system's and the versioned names.
find_python() {
  local name found=""
  for name in ${PYTHON:+"$PYTHON"} python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
    if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2> /dev/null; then
      python=$(command -v "$name")
      "$python" -c 'import struct, sys; sys.exit(struct.calcsize("P") != 8)' ||
        die "$python is a 32-bit Python; the assistant needs a 64-bit system (on a Raspberry Pi: the 64-bit image)."
      return
    fi
    found=${found:-$("$name" -V 2> /dev/null || true)}
  done
  die "the assistant needs Python 3.11, 3.12 or 3.13; found ${found:-none}. Install one or set PYTHON=/path/to/python3.11."
}

has_library() { "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1" 2> /dev/null; }
has_header() { printf '#include <%s>\n' "$1" | cc -E -I"$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')" - > /dev/null 2>&1; }

# Names the Debian packages for what is really missing, one a line.
missing_packages() {
  local version=""
  # A python3.X that is not the distribution's default has its own -venv and -dev packages.
  [[ $("$python" -V) == "$(/usr/bin/python3 -V 2> /dev/null)" ]] ||
    version=$("$python" -c 'import sys; print(".%d" % sys.version_info[1])')
  "$python" -c 'import venv, ensurepip' 2> /dev/null || echo "python3$version-venv"
  has_library libportaudio.so.2 || echo libportaudio2
  has_library libespeak-ng.so.1 || echo libespeak-ng1
  # PyAudio has no Linux wheel and is compiled here.
  if [[ ! -f $stamp ]] || ! "$venv/bin/python" -c 'import pyaudio' 2> /dev/null; then
    has_header stdlib.h || printf '%s\n' gcc libc6-dev
    has_header Python.h || echo "python3$version-dev"
    has_header portaudio.h || echo portaudio19-dev
  fi
  if [[ $1 == dev ]]; then
    command -v espeak-ng > /dev/null || echo espeak-ng
    command -v pulseaudio > /dev/null || echo pulseaudio
    command -v pactl > /dev/null || echo pulseaudio-utils
    compgen -G '/usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so' > /dev/null || echo libasound2-plugins
  fi
}

install_system_packages() {
  local packages as_root=()
  mapfile -t packages < <(missing_packages "$1")
  [[ ${#packages[@]} -gt 0 ]] || return 0
  local command="apt-get install -y --no-install-recommends ${packages[*]}"
  command -v apt-get > /dev/null ||
    die "these system packages are missing and there is no apt-get: ${packages[*]}. Install them with your package manager."
  if [[ $(id -u) -ne 0 ]]; then
    command -v sudo > /dev/null || die "system packages are missing. As root, run: $command"
    as_root=(sudo)
    [[ -t 0 ]] || as_root=(sudo -n)
  fi
  say "Installing system packages: ${packages[*]}"
  { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive $command; } >&2 ||
    die "system packages could not be installed. By hand: sudo $command"
}
