#!/bin/bash
# Runs as root under the systemd of tests/packages/services.test.ts, with the program, the units and the users of the package. Prints `ok` or `not ok` and
# the name of each check. The journal follows.
port=7080
data=/var/lib/muster

check() {
  local name=$1
  shift
  if "$@"; then echo "ok $name"; else echo "not ok $name"; fi
}
show() { systemctl show --value -p "$2" "$1"; }
is() { [ "$1" = "$2" ] || { echo "  found: $1; wanted: $2"; return 1; }; }
pid() { show muster-scheduler MainPID; }
field() { awk -v name="$2:" '$1 == name { print $2 }' "/proc/$1/status"; }
healthy() { curl -sf "http://127.0.0.1:$port/healthz" >/dev/null; }
# Waits at most 60 s for a condition.
await() {
  for _ in $(seq 600); do
    "$@" && return 0
    sleep 0.1
  done
  return 1
}
restarted() { [ "$(show muster-scheduler NRestarts)" = "$1" ] && [ "$(show muster-scheduler ActiveState)" = active ]; }
as_scheduler() { runuser -u muster -- muster "$@" --data-dir $data; }
as_agent() { runuser -u muster-agent -- muster "$@" --data-dir /var/lib/muster-agent; }

# Start. `systemctl start` of a unit of Type=notify returns when the service is ready.
mkdir -p $data && chown muster:muster $data
printf '[server]\nhost = "0.0.0.0"\nannounce = false\n' >$data/config.toml
chown muster:muster $data/config.toml
check 'scheduler: start -> ready' systemctl start muster-scheduler
check 'scheduler: ready -> it answers at once' healthy
check 'scheduler: status names the address' grep -q '^The scheduler listens at ' <(show muster-scheduler StatusText)
check 'scheduler: the dashboard is served' grep -q '<title>Muster</title>' <(curl -s http://127.0.0.1:$port/)
check 'scheduler: runs as its own user' is "$(stat -c %U "/proc/$(pid)")" muster
check 'scheduler: data folder for its user only' is "$(stat -c '%U %a' $data)" 'muster 700'
check 'scheduler: no capabilities' is "$(field "$(pid)" CapBnd)" 0000000000000000
check 'scheduler: no new privileges' is "$(field "$(pid)" NoNewPrivs)" 1
check 'scheduler: system calls are filtered' is "$(field "$(pid)" Seccomp)" 2
check 'scheduler: no message was lost' is "$(journalctl -u muster-scheduler | grep -c service_manager_unreachable)" 0

check 'scheduler: no link that signs in is in the journal' is "$(journalctl -u muster-scheduler | grep -c '#code=')" 0

# Kill. The pool survives.
key=$(sha256sum $data/admin-token)
kill -9 "$(pid)"
check 'scheduler: killed -> restarted and ready' await restarted 1
check 'scheduler: killed -> answers' await healthy
check 'scheduler: killed -> the same owner key' is "$(sha256sum $data/admin-token)" "$key"

# Watchdog. A process that hangs sends no message. The period is shortened for this check.
mkdir -p /run/systemd/system/muster-scheduler.service.d
printf '[Service]\nWatchdogSec=4\n' >/run/systemd/system/muster-scheduler.service.d/watchdog.conf
systemctl daemon-reload
systemctl restart muster-scheduler
sleep 6
check 'watchdog: a scheduler that works is not killed' is "$(show muster-scheduler NRestarts)" 0
kill -STOP "$(pid)"
check 'watchdog: a scheduler that hangs -> restarted and ready' await restarted 1
check 'watchdog: the journal names it' grep -q 'Watchdog timeout' <(journalctl -u muster-scheduler)
check 'watchdog: restarted -> answers' await healthy

# The agent: an invitation, then the service.
printf '[agent]\nsimulate_gpu = "RTX 4090:24"\n[runtimes]\nlook_for_local = false\n' >/tmp/agent.toml
install -d -o muster-agent -g muster-agent -m 700 /var/lib/muster-agent
install -o muster-agent -g muster-agent -m 600 /tmp/agent.toml /var/lib/muster-agent/config.toml
systemctl start muster-agent 2>/dev/null
check 'agent: no pool joined -> failed, not restarted' is "$(show muster-agent ActiveState) $(show muster-agent NRestarts) $(show muster-agent ExecMainStatus)" 'failed 0 2'
link=$(as_scheduler invite --role node --json | sed -n 's/.*"link": *"\([^"]*\)".*/\1/p' | sed "s#//[^/?]*#//127.0.0.1:$port#")
join_pool() { as_agent join "$link" --once >/tmp/join.log 2>&1; }
check 'agent: joins with an invitation, as its user' join_pool
check 'agent: start -> ready' systemctl start muster-agent
check 'agent: runs as its own user' is "$(stat -c %U "/proc/$(show muster-agent MainPID)")" muster-agent
check 'agent: cannot read the keys of the pool' bash -c '! runuser -u muster-agent -- cat /var/lib/muster/admin-token 2>/dev/null'
ready_node() { as_scheduler nodes --json | grep -q '"status": *"ready"'; }
check 'agent: a node of the pool, ready' await ready_node
connected() { show muster-agent StatusText | grep -q '^Connected to wss://'; }
check 'agent: status names the pool' await connected
check 'agent: stop -> in order' systemctl stop muster-agent
check 'agent: stop -> success' is "$(show muster-agent Result) $(show muster-agent ExecMainStatus)" 'success 0'
check 'agent: stop -> no message was lost, no probe failed' is "$(journalctl -u muster-agent | grep -cE 'service_manager_unreachable|hardware_probe_failed')" 0
check 'agent: stop -> its log says so' grep -q '"event":"stopped"' <(journalctl -u muster-agent -o cat)

# The agent of a user, without a login.
useradd --create-home ada
uid=$(id -u ada)
install -d -o ada -g ada /home/ada/.config /home/ada/.config/muster
install -o ada -g ada -m 600 /tmp/agent.toml /home/ada/.config/muster/config.toml
of_ada() { runuser -u ada -- env XDG_RUNTIME_DIR="/run/user/$uid" "$@"; }
link=$(as_scheduler invite --role node --json | sed -n 's/.*"link": *"\([^"]*\)".*/\1/p' | sed "s#//[^/?]*#//127.0.0.1:$port#")
ada_joins() { of_ada muster join "$link" --once >/tmp/join-ada.log 2>&1; }
check 'user unit: joins with an invitation' ada_joins
check 'user unit: user manager without a login' loginctl enable-linger ada
has_manager() { of_ada systemctl --user is-active --quiet default.target; }
check 'user unit: user manager runs' await has_manager
check 'user unit: start -> ready' of_ada systemctl --user start muster-agent
check 'user unit: runs as the user' is "$(stat -c %U "/proc/$(of_ada systemctl --user show --value -p MainPID muster-agent)")" ada
check 'user unit: stop' of_ada systemctl --user stop muster-agent
check 'user unit: stop -> success' is "$(of_ada systemctl --user show --value -p Result muster-agent)" success

# Stop.
started=$(date +%s)
check 'scheduler: stop' systemctl stop muster-scheduler
check 'scheduler: stop -> within 12 seconds' [ $(($(date +%s) - started)) -le 12 ]
check 'scheduler: stop -> success' is "$(show muster-scheduler Result) $(show muster-scheduler ExecMainStatus)" 'success 0'
check 'scheduler: stop -> its log says so' grep -q '"event":"stopped"' <(journalctl -u muster-scheduler -o cat)
check 'scheduler: stop -> nothing listens' bash -c "! curl -s http://127.0.0.1:$port/healthz"

# Configuration.
printf 'nonsense = 1\n' >$data/config.toml
systemctl start muster-scheduler 2>/dev/null
check 'scheduler: invalid configuration -> failed, not restarted' is "$(show muster-scheduler ActiveState) $(show muster-scheduler NRestarts) $(show muster-scheduler ExecMainStatus)" 'failed 0 3'

# Tools of the package.
check 'completion: bash' bash -c 'source /usr/share/bash-completion/completions/muster && complete -p muster >/dev/null'
check 'muster: as root, without a display' is "$(env -i /usr/bin/muster --version)" "$(muster --version)"
check 'system: no unit of Muster has a warning' is "$(systemd-analyze verify --man=no muster-scheduler.service muster-agent.service 2>&1 | grep -c muster)" 0

echo '== join'
tail -5 /tmp/join.log
echo '== journal'
journalctl -o short-monotonic _SYSTEMD_UNIT=muster-scheduler.service + _SYSTEMD_UNIT=muster-agent.service + _SYSTEMD_USER_UNIT=muster-agent.service + UNIT=muster-scheduler.service + UNIT=muster-agent.service | tail -200
