// The cluster as text for a terminal.
import { type ClusterMemberView, type ClusterView, isMissing, type LeaderTermView, type TermEnd } from '../../../shared/api/cluster';
import { ageText, printable, textTable } from './text-table';

const MS_PER_SECOND = 1000;
const UNKNOWN = '-';

/** `nowWallMs`: Unix ms. */
export function clusterText({ epoch, leader, members, database, bus, terms }: ClusterView, nowWallMs: number): string {
  const table = textTable(
    ['NAME', 'ROLE', 'ADDRESS', 'VERSION', 'UPTIME', 'SEEN', ...(bus === null ? [] : ['BUS'])],
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
  return `${table}${leads} Database: PostgreSQL at ${printable(database.address ?? 'an unknown address')}.\n${standbys.join('')}${busText(bus)}${termsText(terms, nowWallMs)}`;
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

const END_TEXTS: Readonly<Record<TermEnd, string>> = {
  expired: 'lease not renewed',
  step_down: 'step-down',
  stopped: 'stopped normally',
  bus_lost: 'bus lost',
  epoch_passed: 'higher epoch on the bus',
  not_opened: 'could not start',
};

/** The last leaders. Empty: none is known. */
function termsText(terms: readonly LeaderTermView[], nowWallMs: number): string {
  if (terms.length === 0) return '';
  const rows = terms.map((term) => [
    String(term.epoch),
    term.name,
    `${ageText(nowWallMs - term.began_at)} ago`,
    term.is_current ? ageText(nowWallMs - term.began_at) : term.ended_at === null ? UNKNOWN : ageText(term.ended_at - term.began_at),
    term.is_current ? 'leader now' : term.end === null ? 'unknown' : END_TEXTS[term.end],
  ]);
  return `Last leaders:\n${textTable(['EPOCH', 'NAME', 'BEGAN', 'LED FOR', 'END'], rows)}`;
}
