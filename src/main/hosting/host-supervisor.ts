// Supervises the scheduler that this computer hosts, as a child process: starts it on request and restarts it after a crash with a
// growing delay. `restart-policy` decides when to restart. `child-log` parses the log of the child.
import type { HostView } from '../../shared/api/app-state';
import { toJoinLink } from '../../shared/api/join-link';
import { ok } from '../../shared/result';
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { failure, hostFailure } from '../contracts/app-errors';
import { hostErrorOf, isPermanent, type Listening, parseChildLine } from './core/child-log';
import { lanHosts, type NetworkInterfaces } from './core/lan-urls';
import { mergedSettings } from '../contracts/host-settings';
import type { Done, HostPort, HostSettings } from '../contracts/ports';
import { chosenArgs, configuredOf, type HostConfig, isSameRun, needsKeyHere, runSettings } from './core/run-settings';
import { afterCrash } from './core/restart-policy';
import type { SpawnChild, SupervisedChild } from './supervised-child';

export interface HostSupervisorOptions {
  readonly spawn: SpawnChild;
  /** Arguments for every start, e.g. `--data-dir`; the supervisor adds the address. */
  readonly args: readonly string[];
  readonly configured: HostConfig;
  /** Where the scheduler keeps the certificate of its CA. */
  readonly caFile: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Makes an invitation at the scheduler, for the join link. Resolves to its key; null when there is none. */
  readonly createInvitation: (url: string) => Promise<string | null>;
  readonly interfaces: () => NetworkInterfaces;
  /** Gets each line of the output of the child. Absent: only the last ones are kept, for a failure. */
  readonly keepLine?: (line: string) => void;
  /** A child that does not listen after this time is killed. */
  readonly startTimeoutMs?: number;
  /** A child that has not exited this long after the stop request is killed. */
  readonly stopTimeoutMs?: number;
}

const MAX_LINES = 20;
const MAX_LINE_LENGTH = 1000;

/** One run of the child. */
interface Run {
  readonly child: SupervisedChild;
  readonly exited: Promise<void>;
  readonly startTimer: Timer;
  failureCode: string | null;
  lines: string[];
}

export class HostSupervisor implements HostPort {
  readonly #options: HostSupervisorOptions;
  /** What the next run uses, unless the user chose otherwise. */
  #configured: HostConfig;
  /** What the user chose. */
  #chosen: HostSettings = { scope: 'this_computer' };
  #current: HostView;
  #run: Run | null = null;
  /** Whether the child has listened since `start`. If not, the child is not restarted, and `start` returns the reason. */
  #hasListened = false;
  /** The last port on which the child listened; null when another program uses that port now. */
  #lastPort: number | null = null;
  #crashesMonotonicMs: readonly number[] = [];
  #restartTimer: Timer | null = null;
  #ending: Promise<void> | null = null;
  /** A start follows soon: the view says so already. */
  #isExpected = false;
  /** Counts the calls of `stop`: a start or restart that waits for the end of a run gives up when one came since. */
  #stops = 0;
  #pendingStarts: ((outcome: Done) => void)[] = [];
  readonly #listeners = new Set<(view: HostView) => void>();

  constructor(options: HostSupervisorOptions) {
    this.#options = options;
    this.#configured = options.configured;
    this.#current = {
      ...IDLE,
      ...runSettings(this.#chosen, this.#configured),
      loopback_needs_key: needsKeyHere(this.#chosen, this.#configured),
      state: 'stopped',
      since: options.clock.wallMs(),
    };
  }

  view(): HostView {
    return this.#current;
  }

  subscribe(listener: (view: HostView) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The program calls `start` with these settings once its page is drawn. Until then, the view shows the pool as starting. */
  expectStart(settings: HostSettings): void {
    this.#isExpected = true;
    this.#show({ ...IDLE, ...runSettings(settings, this.#configured), state: 'starting' });
  }

  async start(settings: HostSettings): Promise<Done> {
    const stops = this.#stops;
    this.#isExpected = false;
    // Another scope needs another address, and a scheduler reads its settings once: the old child must exit first.
    while (this.#ending !== null || (this.#isWanted() && !isSameRun(settings, this.#current))) await (this.#ending ?? this.#end('stopped'));
    if (stops !== this.#stops) return failure('STOPPED');
    this.#chosen = mergedSettings(this.#chosen, settings);
    if (this.#isWanted()) this.#show(runSettings(this.#chosen, { ...this.#configured, ...configuredOf(this.#current) }));
    if (this.#current.state === 'running') return ok(undefined);
    return this.#isWanted() ? this.#listened({}) : this.#begin('starting');
  }

  /** Changed settings, which the next run uses. A running child goes on as it is. */
  configure(configured: HostConfig): void {
    this.#configured = configured;
    if (!this.#isWanted()) this.#show(runSettings(this.#chosen, configured));
  }

  /** The settings that the user chose. An absent one is as configured. */
  chosen(): HostSettings {
    return this.#chosen;
  }

  /** Ends the run and starts another one with the settings of now. Fails with `INVALID_STATE` when no scheduler is hosted. */
  async restart(): Promise<Done> {
    if (!this.#isWanted() || this.#ending !== null) return failure('INVALID_STATE', { state: this.#current.state });
    const stops = this.#stops;
    this.#show({ ...IDLE, state: 'restarting' });
    await this.#end('restarting');
    return stops === this.#stops ? this.#begin('restarting') : failure('STOPPED');
  }

  async stop(): Promise<Done> {
    this.#stops += 1;
    while (this.#ending !== null) await this.#ending;
    if (this.#current.state !== 'stopped') await this.#end('stopped');
    return ok(undefined);
  }

  /** The first run with the settings of now. */
  #begin(state: 'starting' | 'restarting'): Promise<Done> {
    this.#crashesMonotonicMs = [];
    this.#hasListened = false;
    return this.#listened({ ...IDLE, state });
  }

  /** Launches a child unless one runs. Resolves when it listens, or to the reason why there is none. */
  #listened(change: Partial<HostView>): Promise<Done> {
    const outcome = new Promise<Done>((resolve) => this.#pendingStarts.push(resolve));
    if (this.#run === null) this.#launch(change);
    return outcome;
  }

  #port(): number {
    const { port } = this.#configured;
    return port === 0 ? (this.#lastPort ?? 0) : port;
  }

  #isWanted(): boolean {
    return !this.#isExpected && this.#current.state !== 'stopped' && this.#current.state !== 'failed';
  }

  #launch(change: Partial<HostView> = {}): void {
    this.#restartTimer?.cancel();
    const { spawn, args, clock, startTimeoutMs = 30_000 } = this.#options;
    const port = this.#port();
    const host = this.#chosen.scope === 'lan' ? '0.0.0.0' : '127.0.0.1';
    const own = ['--host', host, '--port', String(port), '--log-format', 'json'];
    const child = spawn(['scheduler', ...args, ...own, ...chosenArgs(this.#chosen)]);
    const run: Run = {
      child,
      exited: new Promise((resolve) => {
        child.onExit((code) => {
          resolve();
          if (this.#run === run) this.#ended(run, code);
        });
      }),
      startTimer: clock.setTimer(startTimeoutMs, () => {
        child.kill();
      }),
      failureCode: null,
      lines: [],
    };
    this.#run = run;
    const needsKey = needsKeyHere(this.#chosen, this.#configured);
    this.#show({ ...change, ...runSettings(this.#chosen, this.#configured), loopback_needs_key: needsKey, next_restart_at: null });
    child.onLine((line) => {
      this.#options.keepLine?.(line);
      if (this.#run === run) this.#takeLine(run, line);
    });
  }

  #takeLine(run: Run, line: string): void {
    run.lines = [...run.lines, line.slice(0, MAX_LINE_LENGTH)].slice(-MAX_LINES);
    const event = parseChildLine(line);
    if (event?.type === 'failed') run.failureCode = event.code;
    if (event?.type === 'listening') void this.#listening(run, event);
  }

  async #listening(run: Run, listening: Listening): Promise<void> {
    run.startTimer.cancel();
    const { port, secure, pin, certificateName } = listening;
    const url = `http://127.0.0.1:${String(port)}`;
    const addresses = lanHosts(this.#options.interfaces());
    // Clients verify the name of a certificate of the owner.
    const reachable = certificateName === null ? addresses : [certificateName];
    const hosts = this.#current.scope === 'lan' ? reachable : [];
    const [first] = hosts;
    const token = first === undefined ? null : await this.#options.createInvitation(url);
    if (this.#run !== run) return;
    this.#hasListened = true;
    this.#lastPort = port;
    this.#show({
      state: 'running',
      url,
      lan_urls: hosts.map((host) => `${secure ? 'https' : 'http'}://${host}:${String(port)}`),
      join_link: first === undefined ? null : toJoinLink({ host: first, port, secure, token, pin }),
      ca_file: first === undefined || pin === null ? null : this.#options.caFile,
      exit_code: null,
      error_code: null,
    });
    this.#resolveStarts(ok(undefined));
  }

  #ended(run: Run, exitCode: number | null): void {
    const { clock, logger } = this.#options;
    run.startTimer.cancel();
    this.#run = null;
    const code = hostErrorOf(run.failureCode, exitCode);
    const port = this.#port();
    if (code === 'PORT_IN_USE') this.#lastPort = null;
    logger.log('warn', 'hosted_scheduler_ended', { code, exit_code: exitCode, restarts: this.#current.restarts });
    const decision = afterCrash(this.#crashesMonotonicMs, clock.monotonicMs());
    this.#crashesMonotonicMs = decision.crashesMonotonicMs;
    const failure = { ...UNREACHABLE, exit_code: exitCode, error_code: code, last_log_lines: run.lines };
    if (decision.action === 'give_up' || isPermanent(code) || !this.#hasListened) {
      this.#show({ ...failure, state: 'failed' });
      this.#resolveStarts(hostFailure(code, { exit_code: exitCode, port }));
      return;
    }
    this.#show({
      ...failure,
      state: 'restarting',
      restarts: this.#current.restarts + 1,
      next_restart_at: clock.wallMs() + decision.delayMs,
    });
    this.#restartTimer = clock.setTimer(decision.delayMs, () => {
      this.#launch();
    });
  }

  #end(next: 'stopped' | 'restarting'): Promise<void> {
    this.#ending = this.#endRun(next).finally(() => {
      this.#ending = null;
    });
    return this.#ending;
  }

  async #endRun(next: 'stopped' | 'restarting'): Promise<void> {
    this.#restartTimer?.cancel();
    const run = this.#run;
    this.#run = null;
    if (run !== null) {
      run.startTimer.cancel();
      run.child.requestStop();
      const killTimer = this.#options.clock.setTimer(this.#options.stopTimeoutMs ?? 10_000, () => {
        run.child.kill();
      });
      await run.exited;
      killTimer.cancel();
    }
    if (next === 'restarting') return;
    this.#show({ ...IDLE, state: 'stopped' });
    this.#resolveStarts(failure('STOPPED'));
  }

  #resolveStarts(outcome: Done): void {
    const pendingStarts = this.#pendingStarts;
    this.#pendingStarts = [];
    for (const resolve of pendingStarts) resolve(outcome);
  }

  #show(change: Partial<HostView>): void {
    const since = change.state === undefined || change.state === this.#current.state ? this.#current.since : this.#options.clock.wallMs();
    this.#current = { ...this.#current, ...change, since };
    for (const listener of this.#listeners) listener(this.#current);
  }
}

const UNREACHABLE = { url: null, lan_urls: [], join_link: null, ca_file: null } satisfies Partial<HostView>;
const IDLE = {
  ...UNREACHABLE,
  restarts: 0,
  next_restart_at: null,
  exit_code: null,
  error_code: null,
  last_log_lines: [],
} satisfies Partial<HostView>;
