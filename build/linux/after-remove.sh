#!/bin/sh
# After a removal. $1 is `remove`, `purge` or `upgrade` (deb), 0 or 1 (rpm: the number of versions that stay), `remove` (pacman).
# The data of the services stays after a removal. Only a purge deletes it, and the users of the services; rpm and pacman know no purge.
# The files of people in their home folders always stay.
set -e
case "$1" in
  remove | 0)
    profile='/etc/apparmor.d/${executable}'
    if [ -f "$profile" ]; then
      if command -v apparmor_parser >/dev/null; then apparmor_parser --remove "$profile" || true; fi
      rm -f "$profile"
    fi
    ;;
  purge)
    rm -rf /var/lib/muster /var/lib/muster-agent
    for user in muster muster-agent; do
      if getent passwd "$user" >/dev/null; then userdel "$user" || true; fi
      if getent group "$user" >/dev/null; then groupdel "$user" || true; fi
    done
    ;;
esac
if [ -d /run/systemd/system ]; then systemctl daemon-reload || true; fi
if command -v update-desktop-database >/dev/null; then update-desktop-database -q /usr/share/applications || true; fi
if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -qtf /usr/share/icons/hicolor || true; fi
