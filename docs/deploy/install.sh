#!/bin/sh
# Installs the offline bundle that this script lies in: no network, no compiler. Run as root for /opt, or give a folder
# of your own:  ./install.sh [FOLDER]     (FOLDER defaults to /opt/gongwen)
# Each version has a folder of its own; FOLDER/current names the one in use, so the one before can be taken back.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
to=${1:-/opt/gongwen}
version=$(cut -d' ' -f1 "$here/VERSION")-$(cut -d' ' -f2 "$here/VERSION" | cut -c1-8)
kind=$(cut -d' ' -f3 "$here/VERSION")

say() { printf '%s\n' "$*"; }
fail() { printf '安装没有完成：%s\n' "$*" >&2; exit 2; }

say "核对安装包……"
(cd "$here" && sha256sum --quiet -c SHA256SUMS) || fail "安装包不完整或被改动，请重新获取"

wanted=${kind##*-py}
python=${PYTHON:-}
for one in "python3.${wanted#3}" python3; do
  [ -n "$python" ] || python=$(command -v "$one" || true)
done
[ -n "$python" ] || fail "没有 python3.${wanted#3}（Debian：apt install python3.${wanted#3} python3.${wanted#3}-venv）"
found=$("$python" -c 'import platform, sys; print(f"{platform.system().lower()}-{platform.machine()}-py{sys.version_info[0]}{sys.version_info[1]}")')
[ "$found" = "$kind" ] || fail "安装包用于 $kind，这台机器是 $found：请在同类机器上重新制作安装包"

target="$to/$version"
part="$to/.part-$version"
rm -rf "$part"
mkdir -p "$part"
say "安装到 $target ……"
tar -xf "$here/gongwen.tar" -C "$part"
mkdir -p "$to"
rm -rf "$target"
mv "$part/gongwen" "$target"
rmdir "$part"
"$python" -m venv "$target/.venv" || fail "建不了虚拟环境（Debian：apt install python3.${wanted#3}-venv）"
"$target/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --no-deps \
  --find-links "$here/wheels" --require-hashes -r "$here/wheels.lock" || fail "组件安装失败"
"$target/.venv/bin/python" -m compileall -q "$target/gongwen" "$target/ingest" "$target/extract" "$target/index" \
  "$target/web" "$target/draft" "$target/audit" || true

mkdir -p "$to/bin"
cat > "$to/bin/gongwen" <<WRAPPER
#!/bin/sh
# Settings: /etc/gongwen/gongwen.yml, or the file that GONGWEN_SETTINGS names.
if [ -z "\${GONGWEN_SETTINGS:-}" ] && [ -f /etc/gongwen/gongwen.yml ]; then
  export GONGWEN_SETTINGS=/etc/gongwen/gongwen.yml
fi
export PYTHONPATH="$to/current"
exec "$to/current/.venv/bin/python" -m gongwen "\$@"
WRAPPER
chmod 755 "$to/bin/gongwen"
ln -sfn "$version" "$to/current.new"
mv -T "$to/current.new" "$to/current"
say "安装完成：$("$to/bin/gongwen" --version)"
say "命令：$to/bin/gongwen；体检：$to/bin/gongwen doctor；管理说明：$to/current/docs/operations.md"
