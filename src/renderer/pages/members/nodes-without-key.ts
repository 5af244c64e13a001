// The nodes that use no key of their own, such as the node of the host: they have no row, and ran jobs. Pure.
import type { MemberView } from '../../../shared/api/members';
import type { UsageFigures, UsageRow } from '../../../shared/api/usage';
import type { Labels } from '../../i18n/use-labels';

/** As the node counts its contribution: without the jobs that failed or were cancelled on it. */
export const jobsDone = ({ requests, failed, cancelled }: UsageFigures): number => requests - failed - cancelled;

/** Nodes that have left the pool are left out. */
export const nodesWithoutKey = (
  use: ReadonlyMap<string, UsageRow>,
  members: readonly MemberView[],
  isInPool: (nodeId: string) => boolean,
): readonly UsageRow[] => {
  const withKey = new Set(members.map(({ node_id: id }) => id));
  return [...use].flatMap(([id, row]) => (withKey.has(id) || !isInPool(id) ? [] : [row]));
};

/** `not listed, because no key is needed: ming-desktop (jobs: 24,107, tokens: 312M)`. Empty: each node has a key. */
export function withoutKeyText({ t, format }: Labels, rows: readonly UsageRow[]): string {
  const [first] = rows;
  if (first === undefined) return '';
  const sum = (valueOf: (row: UsageRow) => number): number => rows.reduce((all, row) => all + valueOf(row), 0);
  return t('members.without_key', {
    nodes: rows.length === 1 ? (first.name ?? first.id) : t('members.nodes_without_key', { nodes: format.number(rows.length) }),
    jobs: format.number(sum(jobsDone)),
    tokens: format.compact(sum(({ prompt_tokens: prompt, output_tokens: output }) => prompt + output)),
  });
}
