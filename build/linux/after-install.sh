#!/bin/sh
# After an installation or an upgrade. $1 is `configure` (deb; $2: the version before, when there was one), 1 or 2 (rpm: the number of
# installed versions), `install` or `upgrade` (pacman).
# electron-builder fills in the two names in braces.
set -e
app='/opt/${sanitizedProductName}'
program='${executable}'

# Whether the package made the account of this name: one of the system, with the folder of the service as its home.
is_own() {
  entry=$(getent passwd "$1") || return 1
  id=$(echo "$entry" | cut -d: -f3)
  [ "$id" -gt 0 ] && [ "$id" -lt "$first_person" ] && [ "$(echo "$entry" | cut -d: -f6)" = "/var/lib/$1" ]
}
first_person=$(sed -n 's/^UID_MIN[[:space:]]*\([0-9]*\).*/\1/p' /etc/login.defs 2>/dev/null || true)
[ -n "$first_person" ] || first_person=1000

# A service would run as that person, with all files of that person.
for user in muster muster-agent; do
  if getent passwd "$user" >/dev/null && ! is_own "$user"; then
    echo "muster: the account \"$user\" is not one of Muster, whose service needs this name. Fix: rename the account, then install again." >&2
    exit 1
  fi
done

setting() {
  cat "/proc/sys/$1" 2>/dev/null || echo "$2"
}

# Chromium needs namespaces of its own for its sandbox. Where ordinary users get none, a set-uid program makes them.
if [ "$(setting user/max_user_namespaces 0)" -gt 0 ] && [ "$(setting kernel/unprivileged_userns_clone 1)" = 1 ] &&
  [ "$(setting kernel/apparmor_restrict_unprivileged_userns 0)" = 0 ]; then
  chmod 0755 "$app/chrome-sandbox"
else
  chown root:root "$app/chrome-sandbox"
  chmod 4755 "$app/chrome-sandbox"
fi

# Ubuntu 24 and later: the profile permits the namespaces. Older versions of AppArmor do not know its syntax and need none.
profile="$app/resources/apparmor-profile"
if command -v apparmor_status >/dev/null && apparmor_status --enabled >/dev/null 2>&1 &&
  apparmor_parser --skip-kernel-load --debug "$profile" >/dev/null 2>&1; then
  cp -f "$profile" "/etc/apparmor.d/$program"
  apparmor_parser --replace --write-cache --skip-read-cache "/etc/apparmor.d/$program" || true
fi

if command -v systemd-sysusers >/dev/null; then systemd-sysusers muster.conf || true; fi
if command -v update-desktop-database >/dev/null; then update-desktop-database -q /usr/share/applications || true; fi
if command -v gtk-update-icon-cache >/dev/null; then gtk-update-icon-cache -qtf /usr/share/icons/hicolor || true; fi

if [ -d /run/systemd/system ]; then
  systemctl daemon-reload || true
  case "$1:$2" in
    configure:?* | 2:* | upgrade:*) systemctl try-restart muster-scheduler.service muster-agent.service || true ;;
  esac
fi
