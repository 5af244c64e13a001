#!/bin/bash
# Stands in for the entry of three official images, as far as deploy/cluster uses them: PostgreSQL by its environment, NATS by its
# arguments, else HAProxy.
set -e
as_postgres=(setpriv --reuid=postgres --regid=postgres --clear-groups)

if [ -n "$POSTGRES_DB" ]; then
  data=/var/lib/postgresql/data
  install -d -m 700 -o postgres -g postgres "$data"
  install -d -o postgres /var/run/postgresql
  if [ ! -s "$data/PG_VERSION" ]; then
    # The new database is served on the socket only, as the official image does it.
    install -m 600 -o postgres "$POSTGRES_PASSWORD_FILE" /tmp/password
    "${as_postgres[@]}" initdb -D "$data" -U "$POSTGRES_USER" --pwfile=/tmp/password --auth-local=trust --auth-host=scram-sha-256 >/dev/null
    rm /tmp/password
    echo 'host all all all scram-sha-256' >>"$data/pg_hba.conf"
    "${as_postgres[@]}" pg_ctl -D "$data" -w -o "-c listen_addresses=''" start >/dev/null
    "${as_postgres[@]}" createdb -U "$POSTGRES_USER" "$POSTGRES_DB"
    "${as_postgres[@]}" pg_ctl -D "$data" -w stop >/dev/null
  fi
  exec "${as_postgres[@]}" postgres -D "$data" -c listen_addresses='*'
elif [ "$1" = --config ]; then
  exec nats-server "$@"
else
  exec setpriv --reuid=haproxy --regid=haproxy --clear-groups haproxy -W -db -f /usr/local/etc/haproxy/haproxy.cfg
fi
