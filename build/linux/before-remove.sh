#!/bin/sh
# Before a removal. $1 is `remove`, `upgrade` or `deconfigure` (deb), 0 or 1 (rpm: the number of versions that stay), `remove` (pacman).
set -e
case "$1" in
  remove | 0)
    if [ -d /run/systemd/system ]; then
      systemctl disable --now muster-scheduler.service muster-agent.service || true
    fi
    ;;
esac
