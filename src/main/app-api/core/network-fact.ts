// The report of the network doctor for the diagnostics. Pure.
import type { NetworkReport } from '../../../shared/api/network-report';

/** Without the names of the pools, which are names of people or computers. */
export const networkFact = (report: NetworkReport): object => ({
  ...report,
  pools: report.pools.map(({ id, port, addresses, reachable }) => ({ id, port, addresses, reachable })),
});
