// Steps that the scenarios of clusters share.
import { expect } from 'vitest';
import { until } from '../until';
import type { ClusterClients } from './cluster-clients';
import type { ClusterPool, ClusterPoolMember } from './cluster-pool';

const TRAFFIC_WAIT_MS = 40_000;
const MOVE_WAIT_MS = 40_000;

/** Waits until clients have further results. */
export async function traffic(clients: ClusterClients, results = 5): Promise<void> {
  const before = clients.endedAtMs.length;
  await until('further results', () => clients.endedAtMs.length >= before + results, TRAFFIC_WAIT_MS);
}

/** How long after a fault. */
export interface Recovery {
  readonly leader: ClusterPoolMember;
  readonly ledAfterMs: number;
  /** The part of it that opened the scheduler of the term. It depends on how busy the machine is. */
  readonly openedMs: number;
  readonly nodesAfterMs: number;
  readonly resultAfterMs: number;
}

/** Waits until another member leads, the nodes are there, and a client has a result. */
export async function recovery(
  pool: ClusterPool,
  clients: ClusterClients,
  faultMs: number,
  among: readonly ClusterPoolMember[],
): Promise<Recovery> {
  const leader = await pool.leader(among);
  const ledMs = performance.now();
  await until('the nodes to move', () => pool.registeredSince(leader, faultMs) >= pool.nodes.length, MOVE_WAIT_MS);
  const nodesMs = performance.now();
  const resultMs = await until('a result', () => clients.endedAtMs.find((ms) => ms > ledMs), TRAFFIC_WAIT_MS);
  const openedMs = Number(leader.process?.lines.findLast(({ event }) => event === 'cluster_leads')?.['opened_ms']);
  return { leader, ledAfterMs: ledMs - faultMs, openedMs, nodesAfterMs: nodesMs - faultMs, resultAfterMs: resultMs - faultMs };
}

export function printRecovery(fault: string, { leader, ledAfterMs, openedMs, nodesAfterMs, resultAfterMs }: Recovery): void {
  const [led, nodes, result] = [ledAfterMs, nodesAfterMs, resultAfterMs].map((ms) => `${(ms / 1000).toFixed(1)} s`);
  process.stdout.write(
    `${fault}: ${leader.name} leads after ${String(led)} (opened in ${String(openedMs)} ms), nodes after ${String(nodes)}, a result after ${String(result)}\n`,
  );
}

/** Ends a scenario. */
export async function settle(
  pool: ClusterPool,
  clients: ClusterClients,
  options: Parameters<ClusterPool['verify']>[0] = {},
): Promise<void> {
  await clients.stop();
  await clients.readAll();
  await pool.verify(options);
  // A node keeps its id, so the next leader knows what it runs.
  expect(await pool.nodeIds()).toHaveLength(pool.nodes.length);
  expect(clients.accepted).toBeGreaterThan(0);
}
