// The actions on models of nodes (ADR 0025): refuses what the records already exclude, asks the node, and waits for its answer.
import { randomUUID } from 'node:crypto';
import type { ModelAction } from '../../../shared/protocol/model-control';
import type { ModelControlResult } from '../../../shared/protocol/node-messages';
import { fail, ok, type Result } from '../../../shared/result';
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { type ControlRefusal, controlRefusalOf } from '../lifecycle/model-residency';
import type { Instant, NodeRecord } from '../lifecycle/node-record';
import type { NodeLink } from './node-link';

export interface ControlAct {
  readonly nodeId: string;
  readonly modelId: string;
  readonly action: ModelAction;
  /** The scheduler acts by itself: the minimum residence holds. */
  readonly isAutomatic: boolean;
}

/** `no_answer`: the node did not answer in time. Other codes come from the node: `NODE_CONTROL_CODES`, or those of a newer node. */
export interface ControlFailure {
  readonly code: string;
  /** The message of the model server. */
  readonly message: string | null;
}
export type ControlEnd = Result<void, ControlFailure>;
export type ActRefusal = ControlRefusal | { readonly code: 'unknown_node' | 'in_progress' };

/** The nodes that are asked. */
export interface ControlledNodes {
  now(): Instant;
  record(nodeId: string): NodeRecord | undefined;
  linkOf(nodeId: string): NodeLink | undefined;
  /** Null: this pool has no jobs. */
  readonly jobs: { liveOn(nodeId: string, modelId: string): number } | null;
}

/** Longer than a load may take on the node. */
const ANSWER_TIMEOUT_MS = 11 * 60 * 1000;

interface PendingAct {
  readonly act: ControlAct;
  readonly timer: Timer;
  readonly end: (end: ControlEnd) => void;
}

export class ControlRequests {
  readonly #nodes: ControlledNodes;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** By the id of the request. */
  readonly #pending = new Map<string, PendingAct>();

  constructor(nodes: ControlledNodes, { clock, logger }: { readonly clock: Clock; readonly logger: Logger }) {
    this.#nodes = nodes;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Asks the node, or returns why it is not asked. The inner promise resolves at the end of the action and never rejects. */
  start(act: ControlAct): Result<{ readonly ended: Promise<ControlEnd> }, ActRefusal> {
    const refusal = this.#refusalOf(act);
    if (refusal !== null) return fail(refusal);
    const { nodeId, modelId, action, isAutomatic } = act;
    const requestId = randomUUID();
    const ended = new Promise<ControlEnd>((resolve) => {
      const timer = this.#clock.setTimer(ANSWER_TIMEOUT_MS, () => {
        this.#end(requestId, fail({ code: 'no_answer', message: null }));
      });
      this.#pending.set(requestId, { act, timer, end: resolve });
    });
    this.#logger.log('info', 'model_control_sent', { node_id: nodeId, model_id: modelId, action, automatic: isAutomatic });
    this.#nodes.linkOf(nodeId)?.send({ type: 'model_control', request_id: requestId, model_id: modelId, action });
    return ok({ ended });
  }

  /** The end of an action. Null: the action takes longer than this time, and goes on. */
  async within(ended: Promise<ControlEnd>, ms: number): Promise<ControlEnd | null> {
    let timer: Timer | null = null;
    const late = new Promise<null>((resolve) => {
      timer = this.#clock.setTimer(ms, () => {
        resolve(null);
      });
    });
    const end = await Promise.race([ended, late]);
    (timer as Timer | null)?.cancel();
    return end;
  }

  /** An answer to a request that this node did not get, or that has ended, changes nothing. */
  answered(nodeId: string, { request_id: requestId, ok: isOk, code, message }: ModelControlResult): void {
    if (this.#pending.get(requestId)?.act.nodeId !== nodeId) return;
    this.#end(requestId, isOk ? ok(undefined) : fail({ code: code ?? 'failed', message: message ?? null }));
  }

  /** The connection of the node ended. Its answers would come on a connection that does not exist any more. */
  disconnected(nodeId: string): void {
    for (const [requestId, { act }] of this.#pending)
      if (act.nodeId === nodeId) this.#end(requestId, fail({ code: 'not_connected', message: null }));
  }

  #refusalOf({ nodeId, modelId, action, isAutomatic }: ControlAct): ActRefusal | null {
    const record = this.#nodes.record(nodeId);
    if (record === undefined) return { code: 'unknown_node' };
    const jobs = this.#nodes.jobs?.liveOn(nodeId, modelId) ?? 0;
    const refusal = controlRefusalOf(record, { modelId, action, isAutomatic, jobs }, this.#nodes.now().monotonicMs);
    if (refusal !== null) return refusal;
    if (this.#nodes.linkOf(nodeId)?.isOpen !== true) return { code: 'not_connected' };
    const isActing = [...this.#pending.values()].some(({ act }) => act.nodeId === nodeId && act.modelId === modelId);
    return isActing ? { code: 'in_progress' } : null;
  }

  #end(requestId: string, end: ControlEnd): void {
    const pending = this.#pending.get(requestId);
    if (pending === undefined) return;
    this.#pending.delete(requestId);
    pending.timer.cancel();
    const { nodeId, modelId, action } = pending.act;
    const failure = end.ok ? {} : { code: end.error.code, message: end.error.message };
    this.#logger.log(end.ok ? 'info' : 'warn', 'model_control_ended', { node_id: nodeId, model_id: modelId, action, ...failure });
    pending.end(end);
  }
}
