// The scheduler that this machine hosts, as a child process kept alive: started on request, started again after a crash with a
// growing delay, given up after too many. When to restart is `restart-policy`'s; what its log says is `child-log`'s.
import type { HostView } from '../../shared/api/app-state';
import { formatJoinLink } from '../../shared/api/join-link';
import { ok } from '../../shared/result';
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { failure, hostFailure } from '../contracts/app-errors';
import { hostErrorOf, isPermanent, readChildLine } from './core/child-log';
import { lanHosts, type NetworkInterfaces } from './core/lan-urls';
import type { Done, HostPort } from '../contracts/ports';
import { afterCrash } from './core/restart-policy';
import type { SpawnChild, SupervisedChild } from './supervised-child';

type Scope = HostView['scope'];

export interface HostSupervisorOptions {
  readonly spawn: SpawnChild;
  /** Arguments for every start, e.g. `--data-dir`; the supervisor adds the address. */
  readonly args: readonly string[];
  /** 0: a free one at the first start, and the same again afterwards: nodes and join links know it. */
  readonly port: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The join token that the scheduler asks for; null when there is none. */
  readonly readJoinToken: () => Promise<string | null>;
  readonly interfaces: () => NetworkInterfaces;
  /** Not listening after this, and it is ended. */
  readonly startTimeoutMs?: number;
  /** Not gone this long after it was asked to stop, and it is killed. */
  readonly stopTimeoutMs?: number;
}

const MAX_LINES = 20;
const MAX_LINE_LENGTH = 1000;

/** One run of the child. */
interface Run {
  readonly child: SupervisedChild;
  readonly exited: Promise<void>;
  readonly startTimer: Timer;
  announced: string | null;
  lines: string[];
}

export class HostSupervisor implements HostPort {
  private current: HostView;
  private run: Run | null = null;
  /** Since `start`: whether it ever listened. One that never did is not restarted: its caller is told why. */
  private hasListened = false;
  /** Where it listened last; null when that is taken by somebody else now. */
  private lastPort: number | null = null;
  private crashes: readonly number[] = [];
  private restartTimer: Timer | null = null;
  private stopping: Promise<void> | null = null;
  private waiting: ((outcome: Done) => void)[] = [];
  private readonly listeners = new Set<(view: HostView) => void>();

  constructor(private readonly options: HostSupervisorOptions) {
    this.current = { ...IDLE, state: 'stopped', scope: 'this_computer', since: options.clock.wallMs() };
  }

  view(): HostView {
    return this.current;
  }

  subscribe(listener: (view: HostView) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async start(scope: Scope): Promise<Done> {
    // Another scope is another address: the old run must be gone first.
    while (this.stopping !== null || (this.isWanted() && this.current.scope !== scope)) await this.stop();
    if (this.current.state === 'running') return ok({});
    const outcome = new Promise<Done>((resolve) => this.waiting.push(resolve));
    if (this.run === null) {
      if (!this.isWanted()) {
        this.crashes = [];
        this.hasListened = false;
        this.show({ ...IDLE, state: 'starting', scope });
      }
      this.launch();
    }
    return outcome;
  }

  async stop(): Promise<Done> {
    this.stopping ??= this.end().finally(() => {
      this.stopping = null;
    });
    await this.stopping;
    return ok({});
  }

  private port(): number {
    return this.options.port === 0 ? (this.lastPort ?? 0) : this.options.port;
  }

  private isWanted(): boolean {
    return this.current.state !== 'stopped' && this.current.state !== 'failed';
  }

  private launch(): void {
    this.restartTimer?.cancel();
    const { spawn, args, clock, startTimeoutMs = 30_000 } = this.options;
    const port = this.port();
    const host = this.current.scope === 'lan' ? '0.0.0.0' : '127.0.0.1';
    const child = spawn(['scheduler', ...args, '--host', host, '--port', String(port), '--log-format', 'json']);
    const run: Run = {
      child,
      exited: new Promise((resolve) => {
        child.onExit((code) => {
          resolve();
          if (this.run === run) this.ended(run, code);
        });
      }),
      startTimer: clock.setTimer(startTimeoutMs, () => {
        child.kill();
      }),
      announced: null,
      lines: [],
    };
    this.run = run;
    this.show({ next_restart_at: null });
    child.onLine((line) => {
      if (this.run === run) this.heard(run, line);
    });
  }

  private heard(run: Run, line: string): void {
    run.lines = [...run.lines, line.slice(0, MAX_LINE_LENGTH)].slice(-MAX_LINES);
    const news = readChildLine(line);
    if (news?.type === 'failed') run.announced = news.code;
    if (news?.type === 'listening') void this.listening(run, news.port);
  }

  private async listening(run: Run, port: number): Promise<void> {
    run.startTimer.cancel();
    const token = await this.options.readJoinToken();
    if (this.run !== run) return;
    this.hasListened = true;
    this.lastPort = port;
    const hosts = this.current.scope === 'lan' ? lanHosts(this.options.interfaces()) : [];
    const [first] = hosts;
    this.show({
      state: 'running',
      url: `http://127.0.0.1:${String(port)}`,
      lan_urls: hosts.map((host) => `http://${host}:${String(port)}`),
      join_link: first === undefined ? null : formatJoinLink({ host: first, port, secure: false, token }),
      exit_code: null,
      error_code: null,
    });
    this.settle(ok({}));
  }

  private ended(run: Run, exitCode: number | null): void {
    const { clock, logger } = this.options;
    run.startTimer.cancel();
    this.run = null;
    const code = hostErrorOf(run.announced, exitCode);
    const port = this.port();
    if (code === 'PORT_IN_USE') this.lastPort = null;
    logger.log('warn', 'hosted_scheduler_ended', { code, exit_code: exitCode, restarts: this.current.restarts });
    const decision = afterCrash(this.crashes, clock.monotonicMs());
    this.crashes = decision.crashes;
    const words = { ...GONE, exit_code: exitCode, error_code: code, last_log_lines: run.lines };
    if (decision.action === 'give_up' || isPermanent(code) || !this.hasListened) {
      this.show({ ...words, state: 'failed' });
      this.settle(hostFailure(code, { exit_code: exitCode, port }));
      return;
    }
    this.show({ ...words, state: 'restarting', restarts: this.current.restarts + 1, next_restart_at: clock.wallMs() + decision.delayMs });
    this.restartTimer = clock.setTimer(decision.delayMs, () => {
      this.launch();
    });
  }

  private async end(): Promise<void> {
    this.restartTimer?.cancel();
    const { run } = this;
    this.run = null;
    if (run !== null) {
      run.startTimer.cancel();
      run.child.requestStop();
      const killTimer = this.options.clock.setTimer(this.options.stopTimeoutMs ?? 10_000, () => {
        run.child.kill();
      });
      await run.exited;
      killTimer.cancel();
    }
    this.show({ ...IDLE, state: 'stopped' });
    this.settle(failure('STOPPED'));
  }

  private settle(outcome: Done): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve(outcome);
  }

  private show(change: Partial<HostView>): void {
    const since = change.state === undefined || change.state === this.current.state ? this.current.since : this.options.clock.wallMs();
    this.current = { ...this.current, ...change, since };
    for (const listener of this.listeners) listener(this.current);
  }
}

const GONE = { url: null, lan_urls: [], join_link: null } satisfies Partial<HostView>;
const IDLE = {
  ...GONE,
  restarts: 0,
  next_restart_at: null,
  exit_code: null,
  error_code: null,
  last_log_lines: [],
} satisfies Partial<HostView>;
