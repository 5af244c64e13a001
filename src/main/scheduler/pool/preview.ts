// The outcome of an event, computed without changing the node: for changes that must be durable before they are made.
import type { Effect, NodeEvent, RefusalCode, Transition } from '../lifecycle/events';
import type { Instant, NodeRecord } from '../lifecycle/node-record';
import type { LifecyclePolicy } from '../lifecycle/policy';
import { nodeTransition } from '../lifecycle/transition';

export interface Preview {
  readonly previous: NodeRecord | null;
  readonly outcome: Transition;
  readonly next: NodeRecord | null;
  readonly refusal: RefusalCode | null;
}

export function previewOf(previous: NodeRecord | null, event: NodeEvent, now: Instant, policy: LifecyclePolicy): Preview {
  const outcome = nodeTransition(previous, event, now, policy);
  return { previous, outcome, next: outcome[0], refusal: refusalIn(outcome[1]) };
}

export function refusalIn(effects: readonly Effect[]): RefusalCode | null {
  const refusal = effects.find((effect) => effect.type === 'refused');
  return refusal?.code ?? null;
}
