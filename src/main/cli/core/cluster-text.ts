// The cluster as text for a terminal.
import { type ClusterMemberView, type ClusterView, isMissing } from '../../../shared/api/cluster';
import { ageText, printable, textTable } from './text-table';

const MS_PER_SECOND = 1000;
const UNKNOWN = '-';

/** `nowWallMs`: Unix ms. */
export function clusterText({ epoch, leader, members, database, bus }: ClusterView, nowWallMs: number): string {
  const table = textTable(
    ['NAME', 'ROLE', 'ADDRESS', 'VERSION', 'RUNS FOR', 'SEEN', ...(bus === null ? [] : ['BUS'])],
    members.map((member) => [
      member.name,
      isMissing(member) ? 'missing' : member.role,
      member.address,
      member.version,
      isMissing(member) ? UNKNOWN : ageText(nowWallMs - member.started_at),
      `${ageText(member.seen_seconds * MS_PER_SECOND)} ago`,
      ...(bus === null ? [] : [memberBusText(member)]),
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

/** What a missing member wrote with its last sign of life may not be true any more. */
function memberBusText(member: ClusterMemberView): string {
  if (isMissing(member)) return UNKNOWN;
  if (member.has_bus === null) return 'none';
  return member.has_bus ? 'connected' : 'lost';
}

function busText(bus: ClusterView['bus']): string {
  if (bus === null) return '';
  const { is_connected, server, channels, unsent, stale, malformed } = bus;
  const state = is_connected ? `connected to ${printable(server ?? 'a server')}` : 'not connected';
  const counts = `${String(unsent)} not sent, ${String(stale)} of former leaders, ${String(malformed)} malformed`;
  return `Bus: ${state}. ${String(channels)} members forward to the leader. Messages: ${counts}.\n`;
}
