#!/bin/sh
# After a removal. $1 is `remove`, `purge` or `upgrade` (deb), 0 or 1 (rpm: the number of versions that stay), `remove` (pacman).
# The data of the services stays after a removal. Only a purge deletes it, and the users of the services; rpm and pacman know no purge.
# Debian advises to keep users, because files may still belong to them. These services can write to the folders below only.
# The files of people in their home folders always stay, and so does an account of the same name that the package did not make.
set -e
# Whether the package made the account of this name: one of the system, with the folder of the service as its home.
is_own() {
  entry=$(getent passwd "$1") || return 1
  id=$(echo "$entry" | cut -d: -f3)
  [ "$id" -gt 0 ] && [ "$id" -lt "$first_person" ] && [ "$(echo "$entry" | cut -d: -f6)" = "/var/lib/$1" ]
}
first_person=$(sed -n 's/^UID_MIN[[:space:]]*\([0-9]*\).*/\1/p' /etc/login.defs 2>/dev/null || true)
[ -n "$first_person" ] || first_person=1000
case "$1" in
  remove | 0)
    profile='/etc/apparmor.d/${executable}'
    if [ -f "$profile" ]; then
      if command -v apparmor_parser >/dev/null; then apparmor_parser --remove "$profile" || true; fi
      rm -f "$profile"
    fi
    ;;
  purge)
    for user in muster muster-agent; do
      if ! getent passwd "$user" >/dev/null; then
        rm -rf "/var/lib/$user"
      elif is_own "$user"; then
        rm -rf "/var/lib/$user"
        userdel "$user" || true
        group=$(getent group "$user" | cut -d: -f3)
        if [ -n "$group" ] && [ "$group" -lt "$first_person" ]; then groupdel "$user" || true; fi
      fi
    done
    ;;
esac
if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
if command -v update-desktop-database >/dev/null; then update-desktop-database -q /usr/share/applications || true; fi
if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -qtf /usr/share/icons/hicolor || true; fi
