// How many nodes could take the job. Each excluded node is counted once, under its first reason.
import type { Explanation } from '../../../../shared/api/dispatch';

export const ableCount = ({ nodes_total: total, reasons }: Pick<Explanation, 'nodes_total' | 'reasons'>): number =>
  Object.values(reasons).reduce((able, { count }) => able - count, total);
