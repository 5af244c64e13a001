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
import type { Done, HostPort, HostSettings } from '../contracts/ports';
import { afterCrash } from './core/restart-policy';
import type { SpawnChild, SupervisedChild } from './supervised-child';

/** The settings of a run that a user can change. */
type Chosen = Pick<HostView, 'scope' | 'plain_http_api' | 'announced'>;

/** The configuration of the hosted scheduler that the supervisor needs. */
export interface HostConfig {
  /** 0: a free port at the first start, then the same port again, since nodes and join links use it. */
  readonly port: number;
  /** The user can choose these two otherwise (`HostSettings`). */
  readonly plainHttpApi: boolean;
  readonly announce: boolean;
}

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
  #current: HostView;
  #run: Run | null = null;
  /** Whether the child has listened since `start`. If not, the child is not restarted, and `start` returns the reason. */
  #hasListened = false;
  /** The last port on which the child listened; null when another program uses that port now. */
  #lastPort: number | null = null;
  #crashesMonotonicMs: readonly number[] = [];
  #restartTimer: Timer | null = null;
  #stopping: Promise<void> | null = null;
  #pendingStarts: ((outcome: Done) => void)[] = [];
  readonly #listeners = new Set<(view: HostView) => void>();

  constructor(options: HostSupervisorOptions) {
    this.#options = options;
    this.#configured = options.configured;
    const { plainHttpApi, announce } = options.configured;
    const chosen: Chosen = { scope: 'this_computer', plain_http_api: plainHttpApi, announced: announce };
    this.#current = { ...IDLE, ...chosen, state: 'stopped', since: options.clock.wallMs() };
  }

  view(): HostView {
    return this.#current;
  }

  subscribe(listener: (view: HostView) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async start(settings: HostSettings): Promise<Done> {
    const chosen = chosenOf(settings, this.#current);
    // Another scope needs another address, and a scheduler reads its settings once: the old child must exit first.
    while (this.#stopping !== null || (this.#isWanted() && !isSameRun(chosen, this.#current))) await this.stop();
    if (this.#isWanted() && !isEqual(chosen, this.#current)) this.#show(chosen);
    if (this.#current.state === 'running') return ok(undefined);
    const outcome = new Promise<Done>((resolve) => this.#pendingStarts.push(resolve));
    if (this.#run === null) {
      if (!this.#isWanted()) {
        this.#crashesMonotonicMs = [];
        this.#hasListened = false;
        this.#show({ ...IDLE, ...chosen, state: 'starting' });
      }
      this.#launch();
    }
    return outcome;
  }

  /** Changed settings, which the next run uses. A running child goes on as it is. */
  configure(configured: HostConfig): void {
    this.#configured = configured;
  }

  /** Ends the run and starts another one with the settings of now. Fails with `INVALID_STATE` when no scheduler is hosted. */
  async restart(): Promise<Done> {
    if (!this.#isWanted()) return failure('INVALID_STATE', { state: this.#current.state });
    const { scope, plain_http_api: plainHttpApi, announced: announce } = this.#current;
    await this.stop();
    return this.start({ scope, plainHttpApi, announce });
  }

  async stop(): Promise<Done> {
    this.#stopping ??= this.#end().finally(() => {
      this.#stopping = null;
    });
    await this.#stopping;
    return ok(undefined);
  }

  #port(): number {
    const { port } = this.#configured;
    return port === 0 ? (this.#lastPort ?? 0) : port;
  }

  #isWanted(): boolean {
    return this.#current.state !== 'stopped' && this.#current.state !== 'failed';
  }

  #launch(): void {
    this.#restartTimer?.cancel();
    const { spawn, args, clock, startTimeoutMs = 30_000 } = this.#options;
    const port = this.#port();
    const host = this.#current.scope === 'lan' ? '0.0.0.0' : '127.0.0.1';
    const own = ['--host', host, '--port', String(port), '--log-format', 'json'];
    const child = spawn(['scheduler', ...args, ...own, ...this.#chosenArgs()]);
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
    this.#show({ next_restart_at: null });
    child.onLine((line) => {
      this.#options.keepLine?.(line);
      if (this.#run === run) this.#takeLine(run, line);
    });
  }

  /** What the user chose otherwise than it is configured. */
  #chosenArgs(): readonly string[] {
    const { plainHttpApi, announce } = this.#configured;
    const { plain_http_api: isPlain, announced } = this.#current;
    return [
      ...(isPlain === plainHttpApi ? [] : ['--plain-http-api', String(isPlain)]),
      ...(announced === announce ? [] : ['--announce', String(announced)]),
    ];
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

  async #end(): Promise<void> {
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

const chosenOf = ({ scope, plainHttpApi, announce }: HostSettings, current: HostView): Chosen => ({
  scope,
  plain_http_api: plainHttpApi ?? current.plain_http_api,
  announced: announce ?? current.announced,
});

const isEqual = (one: Chosen, other: Chosen): boolean =>
  one.scope === other.scope && one.plain_http_api === other.plain_http_api && one.announced === other.announced;

/** Whether a run with these settings needs no restart. The two settings concern a shared pool only. */
const isSameRun = (one: Chosen, other: Chosen): boolean =>
  isEqual(one, other) || (one.scope === 'this_computer' && other.scope === 'this_computer');

const UNREACHABLE = { url: null, lan_urls: [], join_link: null, ca_file: null } satisfies Partial<HostView>;
const IDLE = {
  ...UNREACHABLE,
  restarts: 0,
  next_restart_at: null,
  exit_code: null,
  error_code: null,
  last_log_lines: [],
} satisfies Partial<HostView>;
