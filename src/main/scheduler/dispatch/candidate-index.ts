// The schedulable nodes in the order of preference, by model, by kind and over all.
import type { NodeRecord } from '../lifecycle/node-record';
import type { DispatchPolicy } from './policy';

export declare class CandidateIndex {
  constructor(policy: DispatchPolicy);
  readonly policy: DispatchPolicy;
  /** After every transition; `previous` is what the last update was told of this node, null when nothing. */
  update(previous: NodeRecord | null, next: NodeRecord | null): void;
  /** Nodes that could get some job now. */
  get size(): number;
}
