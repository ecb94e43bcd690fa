#!/bin/sh
# install.sh [--uninstall] [FOLDER]
#
# Copies Cuewire into FOLDER, by default into your own ~/.local, so that it stands
# among your programs, or takes it away again. Rooms and settings are not touched.
set -eu
cd "$(dirname "$0")"

remove=
if [ "${1:-}" = --uninstall ]; then
	remove=yes
	shift
fi
case "${1:-}" in
-*)
	echo "usage: install.sh [--uninstall] [FOLDER]" >&2
	exit 2
	;;
esac
to=${1:-$HOME/.local}
case "$to" in
/*) ;;
*)
	echo "Name the folder from the root on, for example /opt/cuewire, not $to" >&2
	exit 2
	;;
esac
case "$to" in
*[\"\`\$\\%\&\|]*)
	echo "A folder's name with one of \" \` \$ \\ % & | cannot stand in a menu: choose another" >&2
	exit 2
	;;
esac

find bin share -type f | while read -r file; do
	if [ -n "$remove" ]; then
		rm -f "$to/$file"
	else
		mkdir -p "$to/$(dirname "$file")"
		cp "$file" "$to/$file.new"
		mv "$to/$file.new" "$to/$file" # a Cuewire that runs keeps its file
	fi
done
# The desktop file names the program where it is now.
entry=$to/share/applications/io.github.cuewire.desktop
if [ -z "$remove" ]; then
	sed "s|^Exec=.*|Exec=\"$to/bin/cuewire\"|" "$entry" >"$entry.new"
	mv "$entry.new" "$entry"
fi
if command -v update-desktop-database >/dev/null; then
	update-desktop-database -q "$to/share/applications" || true
fi
if command -v gtk-update-icon-cache >/dev/null && [ -d "$to/share/icons/hicolor" ]; then
	gtk-update-icon-cache -qtf "$to/share/icons/hicolor" || true
fi
if [ -n "$remove" ]; then
	echo "Cuewire is gone from $to. Your rooms and settings are still there, in ${XDG_DATA_HOME:-$HOME/.local/share}/cuewire."
else
	echo "Cuewire is in $to: start it from your programs, or with $to/bin/cuewire"
fi
