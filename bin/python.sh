# Sourced by bin/run, bin/test and bin/bench: sets $root and finds a Python that can make the environment ($python).
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd) || exit 1
cd "$root" || exit 1

needs='import sys; sys.exit(sys.version_info < (3, 11))'
command -v uv >/dev/null 2>&1 || needs="import ensurepip, venv; $needs"
python='' seen=''
for candidate in "${PYTHON:-}" "$root/.venv/bin/python" python3 python3.14 python3.13 python3.12 python3.11 python; do
    [ -n "$candidate" ] || continue
    version=$("$candidate" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue
    # An environment that already exists needs no tool to make it.
    [ "$candidate" = "$root/.venv/bin/python" ] && check='import sys; sys.exit(sys.version_info < (3, 11))' || check=$needs
    if "$candidate" -c "$check" >/dev/null 2>&1; then
        python=$candidate
        break
    fi
    seen="$seen $candidate ($version)"
done
if [ -z "$python" ] && command -v uv >/dev/null 2>&1; then
    python=$(uv python find '>=3.11' 2>/dev/null) || { uv python install 3.12 && python=$(uv python find '>=3.11'); }
fi
if [ -z "$python" ]; then
    echo "Passerelle needs Python 3.11 or newer, with its venv module or with uv." >&2
    [ -z "$seen" ] || echo "Found, but too old or without venv:$seen" >&2
    echo "On Debian or Ubuntu: apt install python3 python3-venv. Or name one: PYTHON=/path/to/python $0" >&2
    exit 1
fi
