# Makes .venv from a lock file; sourced by ./run and ./check, which stand in the checkout's root.
# Needs Debian or Ubuntu only where something is missing; elsewhere it says what to install.

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# install_packages WHY PACKAGE... : with apt where we may, else one line that says what to do.
install_packages() {
    local why=$1 root=()
    shift
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then root=(sudo -n); else
            fail "$why. Install it and start again: sudo apt-get install $*"
        fi
    fi
    command -v apt-get >/dev/null || fail "$why. Install the equivalent of these Debian packages and start again: $*"
    say "$why: installing $* ..."
    { "${root[@]}" apt-get update -qq &&
        "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } \
        >/dev/null || fail "apt-get could not install $*. Mend that (see its message above) and start again."
}

# install_text_readers: the programs that read DjVu files and scanned pages, if they are missing.
install_text_readers() {
    command -v djvutxt >/dev/null || install_packages "Reading DjVu files needs DjVuLibre" djvulibre-bin
    { command -v tesseract && tesseract --list-langs 2>/dev/null | grep -qx uzb_cyrl; } >/dev/null ||
        install_packages "Reading scanned pages needs Tesseract and its languages" tesseract-ocr tesseract-ocr-uzb \
            tesseract-ocr-uzb-cyrl tesseract-ocr-kir tesseract-ocr-rus tesseract-ocr-eng
}

# find_python: sets `python` to one from 3.11 on that can make environments.
find_python() {
    local candidate
    for candidate in python3.13 python3.12 python3.11 python3; do
        command -v "$candidate" >/dev/null || continue
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            python=$candidate
            return 0
        fi
    done
    return 1
}

# make_environment LOCK... : .venv holds the first lock; one made from a later lock of the list (a larger one) will do.
make_environment() {
    local wanted=$1 lock stamp
    for lock in "$@"; do
        stamp=.venv/installed-$lock
        if [ -x .venv/bin/python ] && cmp -s "$lock" "$stamp"; then return 0; fi
    done
    if ! find_python; then
        install_packages "Python 3.11 or newer with venv is needed" python3 python3-venv
        find_python || fail "Python 3.11 or newer is needed, and this system's packages have none. Install it and start again."
    fi
    say "Making the environment in .venv from $wanted (once) ..."
    [ -x .venv/bin/python ] || "$python" -m venv .venv || fail "The environment could not be made; see above."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$wanted" ||
        fail "The packages of $wanted could not be installed; is the network there? Start again when it is."
    cp "$wanted" ".venv/installed-$wanted"
}
