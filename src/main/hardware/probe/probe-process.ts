// One probe process: started by the first request, killed when an answer is late, started again by the next request after a backoff.
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { fail, ok, type Result } from '../../../shared/result';
import { ProbeBackoff } from './probe-backoff';
import type { ProbeChild, SpawnProbeChild } from './probe-child-process';
import { isProbeReply, type ProbeAnswers, type ProbeQuestion } from './probe-messages';

export interface ProbeFailure {
  readonly code: 'probe_timeout' | 'probe_failed';
  readonly detail: string | null;
}

export interface ProbeProcessOptions {
  readonly spawnChild: SpawnProbeChild;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A child that has not answered after this time is killed, with everything that it started. */
  readonly timeoutMs: number;
}

interface Pending {
  readonly resolve: (result: Result<unknown, ProbeFailure>) => void;
  readonly timer: Timer;
}

export class ProbeProcess {
  readonly #options: ProbeProcessOptions;
  #child: ProbeChild | null = null;
  readonly #pending = new Map<number, Pending>();
  readonly #backoff = new ProbeBackoff();
  #lastFailure: ProbeFailure | null = null;
  #nextId = 1;

  constructor(options: ProbeProcessOptions) {
    this.#options = options;
  }

  /** Never rejects. During the backoff it fails immediately, unless `ignoreBackoff`. */
  ask<Kind extends ProbeQuestion['kind']>(
    question: Extract<ProbeQuestion, { kind: Kind }>,
    { ignoreBackoff = false }: { readonly ignoreBackoff?: boolean } = {},
  ): Promise<Result<ProbeAnswers[Kind], ProbeFailure>> {
    const { clock, timeoutMs } = this.#options;
    if (this.#lastFailure !== null && !ignoreBackoff && this.#backoff.isWaiting(clock.monotonicMs()))
      return Promise.resolve(fail(this.#lastFailure));
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const timer = clock.setTimer(timeoutMs, () => {
        this.#fail({ code: 'probe_timeout', detail: `${question.kind}: no answer in ${String(timeoutMs)} ms` });
      });
      // The child is this program, so its answer has the type of the question.
      this.#pending.set(id, { timer, resolve: resolve as Pending['resolve'] });
      this.#child ??= this.#start();
      this.#child.send({ ...question, id });
    });
  }

  /** Kills the child; pending requests fail. The next request starts a new child. */
  stop(): void {
    this.#drop({ code: 'probe_failed', detail: 'stopped' });
  }

  #start(): ProbeChild {
    const child = this.#options.spawnChild();
    child.onMessage((message) => {
      if (this.#child === child) this.#receive(message);
    });
    child.onExit((reason) => {
      if (this.#child === child) this.#fail({ code: 'probe_failed', detail: reason });
    });
    return child;
  }

  #receive(message: unknown): void {
    if (!isProbeReply(message)) return;
    const waiting = this.#pending.get(message.id);
    if (waiting === undefined) return;
    this.#pending.delete(message.id);
    waiting.timer.cancel();
    this.#backoff.succeeded();
    this.#lastFailure = null;
    waiting.resolve(message.ok ? ok(message.value) : fail({ code: 'probe_failed', detail: message.detail }));
  }

  #fail(failure: ProbeFailure): void {
    this.#options.logger.log('warn', 'hardware_probe_failed', { code: failure.code, detail: failure.detail });
    this.#backoff.failed(this.#options.clock.monotonicMs());
    this.#lastFailure = failure;
    this.#drop(failure);
  }

  #drop(failure: ProbeFailure): void {
    const child = this.#child;
    this.#child = null;
    child?.kill();
    const waiting = [...this.#pending.values()];
    this.#pending.clear();
    for (const { timer, resolve } of waiting) {
      timer.cancel();
      resolve(fail(failure));
    }
  }
}
