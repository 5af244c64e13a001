// The cluster as text for a terminal.
import type { ClusterView } from '../../../shared/api/cluster';
import { ageText, printable, textTable } from './text-table';

const MS_PER_SECOND = 1000;

/** `nowWallMs`: Unix ms. */
export function clusterText({ epoch, leader, members, database, bus }: ClusterView, nowWallMs: number): string {
  const table = textTable(
    ['NAME', 'ROLE', 'ADDRESS', 'VERSION', 'RUNS FOR', 'SEEN', ...(bus === null ? [] : ['BUS'])],
    members.map(({ name, role, address, version, started_at, seen_seconds, has_bus }) => [
      name,
      role,
      address,
      version,
      ageText(nowWallMs - started_at),
      `${ageText(seen_seconds * MS_PER_SECOND)} ago`,
      ...(bus === null ? [] : [has_bus === null ? 'none' : has_bus ? 'connected' : 'lost']),
    ]),
  );
  if (epoch === null) return `${table}This scheduler is alone. Its database is in the data folder.\n`;
  const leads = leader === null ? 'No scheduler leads now.' : `${printable(leader)} leads, epoch ${String(epoch)}.`;
  const standbys = database.standbys.map(({ name, sync, lag_seconds: lag }) => {
    const behind = lag === null ? '' : `, ${String(Math.round(lag * 10) / 10)} s behind`;
    return `Standby ${printable(name)}: ${sync}${behind}.\n`;
  });
  return `${table}${leads} Database: PostgreSQL at ${printable(database.address ?? 'an unknown address')}.\n${standbys.join('')}${busText(bus)}`;
}

function busText(bus: ClusterView['bus']): string {
  if (bus === null) return '';
  const { is_connected, server, channels, unsent, stale, malformed } = bus;
  const state = is_connected ? `connected to ${printable(server ?? 'a server')}` : 'not connected';
  const counts = `${String(unsent)} not sent, ${String(stale)} of former leaders, ${String(malformed)} malformed`;
  return `Bus: ${state}. ${String(channels)} members forward to the leader. Messages: ${counts}.\n`;
}
