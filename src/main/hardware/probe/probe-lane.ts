// One probing child: started when asked, killed when it is late, started again at the next question, less often the more it fails.
import type { Clock, Timer } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import { fail, ok, type Result } from '../../../shared/result';
import { Backoff } from './backoff';
import type { ProbeChild, SpawnProbeChild } from './probe-child-process';
import { isProbeReply, type ProbeAnswers, type ProbeQuestion } from './probe-messages';

export interface LaneFailure {
  readonly code: 'probe_timeout' | 'probe_failed';
  readonly detail: string | null;
}

export interface LaneOptions {
  readonly spawnChild: SpawnProbeChild;
  readonly clock: Clock;
  readonly logger: Logger;
  /** A child that has not answered by then is killed, with everything it started. */
  readonly timeoutMs: number;
}

interface Pending {
  readonly settle: (result: Result<unknown, LaneFailure>) => void;
  readonly timer: Timer;
}

export class ProbeLane {
  private child: ProbeChild | null = null;
  private readonly pending = new Map<number, Pending>();
  private readonly backoff = new Backoff();
  private lastFailure: LaneFailure | null = null;
  private nextId = 1;

  constructor(private readonly options: LaneOptions) {}

  /** Never rejects. Right after failures it fails at once, unless `ignoreBackoff`. */
  ask<Kind extends ProbeQuestion['kind']>(
    question: Extract<ProbeQuestion, { kind: Kind }>,
    { ignoreBackoff = false }: { readonly ignoreBackoff?: boolean } = {},
  ): Promise<Result<ProbeAnswers[Kind], LaneFailure>> {
    const { clock, timeoutMs } = this.options;
    if (this.lastFailure !== null && !ignoreBackoff && this.backoff.isWaiting(clock.monotonicMs()))
      return Promise.resolve(fail(this.lastFailure));
    const id = this.nextId++;
    return new Promise((resolve) => {
      const timer = clock.setTimer(timeoutMs, () => {
        this.fail({ code: 'probe_timeout', detail: `${question.kind}: no answer in ${String(timeoutMs)} ms` });
      });
      // The child is this program: its answers are of the type that was asked for.
      this.pending.set(id, { timer, settle: resolve as Pending['settle'] });
      this.child ??= this.start();
      this.child.send({ ...question, id });
    });
  }

  /** Kills the child; who waits gets a failure. The next question starts another. */
  stop(): void {
    this.drop({ code: 'probe_failed', detail: 'stopped' });
  }

  private start(): ProbeChild {
    const child = this.options.spawnChild();
    child.onMessage((message) => {
      if (this.child === child) this.receive(message);
    });
    child.onExit((reason) => {
      if (this.child === child) this.fail({ code: 'probe_failed', detail: reason });
    });
    return child;
  }

  private receive(message: unknown): void {
    if (!isProbeReply(message)) return;
    const waiting = this.pending.get(message.id);
    if (waiting === undefined) return;
    this.pending.delete(message.id);
    waiting.timer.cancel();
    this.backoff.succeeded();
    this.lastFailure = null;
    waiting.settle(message.ok ? ok(message.value) : fail({ code: 'probe_failed', detail: message.detail }));
  }

  private fail(failure: LaneFailure): void {
    this.options.logger.log('warn', 'hardware_probe_failed', { code: failure.code, detail: failure.detail });
    this.backoff.failed(this.options.clock.monotonicMs());
    this.lastFailure = failure;
    this.drop(failure);
  }

  private drop(failure: LaneFailure): void {
    const { child } = this;
    this.child = null;
    child?.kill();
    const waiting = [...this.pending.values()];
    this.pending.clear();
    for (const { timer, settle } of waiting) {
      timer.cancel();
      settle(fail(failure));
    }
  }
}
