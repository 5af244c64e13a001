// Tells the nodes that a decision passed over, off the decision's own path: decisions are gathered by what their jobs need, and
// shortly after every node is asked once for each such need, some hundreds of nodes at a time. What a node is told is so the
// state at that moment, at most about a second after the decision; a decision itself costs what its candidates cost.
import type { Exclusion, JobRequirements } from '../../shared/api/dispatch';
import type { Clock } from '../platform/clock';
import { firstExclusion } from './dispatch/filters';
import type { NodeRegistry } from './node-registry';

const GATHER_MS = 500;
/** Between two bites the event loop serves others. */
const PAUSE_MS = 5;
const CHECKS_PER_BITE = 1000;
/** Needs that are told apart at a time; decisions for further ones are not counted. */
const MAX_NEEDS = 32;

interface Need {
  readonly job: JobRequirements;
  decisions: number;
  /** How many of them a node got: those did not pass it over. */
  readonly gotBy: Map<string, number>;
}

interface Round {
  readonly needs: readonly Need[];
  readonly nodeIds: readonly string[];
  next: number;
}

export class PassedOverCensus {
  readonly #registry: NodeRegistry;
  readonly #clock: Clock;
  readonly #note: (nodeId: string, exclusion: Exclusion, times: number) => void;
  #needs = new Map<string, Need>();
  #round: Round | null = null;
  #isSet = false;

  constructor(registry: NodeRegistry, clock: Clock, note: (nodeId: string, exclusion: Exclusion, times: number) => void) {
    this.#registry = registry;
    this.#clock = clock;
    this.#note = note;
  }

  /** A job was decided for; `nodeId` null: nobody got it. */
  decided(job: JobRequirements, nodeId: string | null): void {
    const key = JSON.stringify(job);
    let need = this.#needs.get(key);
    if (need === undefined) {
      if (this.#needs.size >= MAX_NEEDS) return;
      this.#needs.set(key, (need = { job, decisions: 0, gotBy: new Map() }));
    }
    need.decisions++;
    if (nodeId !== null) need.gotBy.set(nodeId, (need.gotBy.get(nodeId) ?? 0) + 1);
    this.#wake(GATHER_MS);
  }

  #wake(delayMs: number): void {
    if (this.#isSet) return;
    this.#isSet = true;
    this.#clock.setTimer(delayMs, () => {
      this.#isSet = false;
      this.#bite();
    });
  }

  #bite(): void {
    const round = (this.#round ??= this.#begin());
    const end = Math.min(round.nodeIds.length, round.next + Math.ceil(CHECKS_PER_BITE / Math.max(1, round.needs.length)));
    for (; round.next < end; round.next++) this.#ask(round.nodeIds[round.next], round.needs);
    if (round.next < round.nodeIds.length) {
      this.#wake(PAUSE_MS);
      return;
    }
    this.#round = null;
    if (this.#needs.size > 0) this.#wake(GATHER_MS);
  }

  #begin(): Round {
    const needs = [...this.#needs.values()];
    this.#needs = new Map();
    return { needs, nodeIds: Array.from(this.#registry.records(), ({ nodeId }) => nodeId), next: 0 };
  }

  #ask(nodeId: string | undefined, needs: readonly Need[]): void {
    const record = nodeId === undefined ? undefined : this.#registry.get(nodeId);
    if (record === undefined) return;
    for (const { job, decisions, gotBy } of needs) {
      const times = decisions - (gotBy.get(record.nodeId) ?? 0);
      const exclusion = times === 0 ? null : firstExclusion(record, job, this.#registry.candidates.policy);
      if (exclusion !== null) this.#note(record.nodeId, exclusion, times);
    }
  }
}
