// A program that serves models over HTTP at one address: looks at its models, and runs tasks on it. What it is, Recogniser finds out;
// how a task is sent, run-openai.
import type { Task } from '../../../shared/protocol/tasks';
import { ok, type Result } from '../../../shared/result';
import type { Clock } from '../../platform/clock';
import { isLoopbackUrlHost } from '../../../shared/loopback';
import { hostOf } from '../../platform/runtime-url';
import { pullModel } from '../pulls/pull-model';
import { runOpenAi } from '../openai/run-openai';
import type { Pull, RunContext, Runtime, RuntimeModel, RuntimeSnapshot, RuntimeStatus } from '../runtime';
import { failed, type RunOutcome } from '../core/runtime-outcome';
import type { KeyFileFault } from '../core/runtime-snapshot';
import { isAtWorkForUs, isMiss } from '../core/hysteresis';
import { readApiKey } from './api-key';
import type { RuntimeTarget } from './exchange';
import type { FoundModel } from '../core/servers/server-type';
import { Recogniser, type Seen } from './recogniser';

export interface HttpRuntimeOptions {
  /** Base address, e.g. `http://127.0.0.1:11434`. */
  readonly url: URL;
  /** The owner says that a runtime is there; else it is one of the usual addresses. */
  readonly named: boolean;
  /** A file that holds the key; null: none is sent. */
  readonly apiKeyFile: string | null;
  readonly clock: Clock;
  /** Largest answer to a task as it goes to the scheduler, bytes. */
  readonly maxOutputBytes: number;
}

export class HttpRuntime implements Runtime {
  readonly id: string;
  private readonly options: HttpRuntimeOptions;
  private readonly target: RuntimeTarget;
  private readonly recogniser: Recogniser;
  private tasks: ReadonlyMap<string, FoundModel['tasks']> = new Map();
  /** What the last look that was answered found. */
  private last: RuntimeSnapshot | null = null;
  /** When the last bytes of a job came; monotonic ms. */
  private heardAtMs = -Infinity;

  constructor(options: HttpRuntimeOptions) {
    const { url, named, clock } = options;
    this.options = options;
    this.id = url.href.replace(/\/$/, '');
    const isHere = isLoopbackUrlHost(hostOf(url));
    this.target = { url, allowed: !isHere, orIpv6Loopback: isHere && !named };
    this.recogniser = new Recogniser({ target: this.target, clock, named });
  }

  async discover(): Promise<RuntimeSnapshot> {
    const headers = await this.headers();
    if (!headers.ok) return this.snapshot(keyFault(headers.error));
    const seen = await this.recogniser.look(headers.value);
    const snapshot = this.snapshot(seen);
    // A program that does not answer still has what it had: asking it tells.
    if (isMiss(seen)) return this.last !== null && isAtWorkForUs(seen, this.heardAgoMs()) ? seenNow(this.last, snapshot) : snapshot;
    this.tasks = new Map(seen.models.map(({ modelId, tasks }) => [modelId, tasks]));
    this.last = snapshot;
    return snapshot;
  }

  serves(task: Task): boolean {
    return task.kind === 'openai' && this.tasks.get(task.body.model)?.includes(task.path) === true;
  }

  async run(task: Task, context: RunContext): Promise<RunOutcome> {
    if (task.kind !== 'openai') return failed('bad_request', 'this runtime runs tasks of kind openai', false);
    const headers = await this.headers();
    if (!headers.ok) return failed('runtime_unauthorized', `the key of the runtime cannot be used: ${headers.error}`, true);
    const { clock, maxOutputBytes } = this.options;
    const { flavour } = this.recogniser;
    const onBytes = () => {
      this.heardAtMs = clock.monotonicMs();
    };
    return runOpenAi({ target: this.target, clock, headers: headers.value, maxOutputBytes, flavour, onBytes }, task, context);
  }

  /** As far as the last look knows that an Ollama answers here. */
  get pull(): Pull | undefined {
    return this.recogniser.flavour === 'ollama' ? this.pullFromOllama : undefined;
  }

  /** Asked just before whether it still is one, since others take over its paths. */
  private readonly pullFromOllama: Pull = async (model, onProgress, signal) => {
    const headers = await this.headers();
    if (!headers.ok) return { end: 'failed', code: 'pull_refused', message: headers.error };
    const { flavour, state, reasonCode } = await this.recogniser.look(headers.value);
    if (state === 'not_running') return { end: 'failed', code: 'pull_broken', message: reasonCode };
    if (flavour?.name !== 'ollama') return { end: 'failed', code: 'pull_refused', message: 'no Ollama answers at this address' };
    return pullModel({ target: this.target, clock: this.options.clock, headers: headers.value }, model, onProgress, signal);
  };

  private heardAgoMs(): number {
    return this.options.clock.monotonicMs() - this.heardAtMs;
  }

  private async headers(): Promise<Result<Readonly<Record<string, string>>, KeyFileFault>> {
    const { apiKeyFile } = this.options;
    if (apiKeyFile === null) return ok({});
    const key = await readApiKey(apiKeyFile);
    return key.ok ? ok({ authorization: `Bearer ${key.value}` }) : key;
  }

  private snapshot({ flavour, models: found, ...look }: Seen): RuntimeSnapshot {
    const checkedAtMs = this.options.clock.wallMs();
    const name: RuntimeStatus['flavour'] = flavour?.name ?? 'openai-compatible';
    const runtime: RuntimeStatus = { id: this.id, flavour: name, url: this.id, ...look, checkedAtMs };
    const seen = new Set<string>();
    const models = found.filter(({ modelId }) => !seen.has(modelId) && seen.add(modelId));
    return { runtime, models: models.map((model) => this.model(model, checkedAtMs)) };
  }

  private model({ modelId, kind, version, tasks, ...found }: FoundModel, checkedAtMs: number): RuntimeModel {
    const model = { model_id: modelId, kind, version, enabled: true, tasks: [...tasks] };
    return { runtimeId: this.id, model, progress: null, ...found, checkedAtMs };
  }
}

const seenNow = ({ runtime, models }: RuntimeSnapshot, now: RuntimeSnapshot): RuntimeSnapshot => ({
  runtime: { ...runtime, checkedAtMs: now.runtime.checkedAtMs },
  models,
});

const keyFault = (reasonCode: KeyFileFault): Seen => ({
  flavour: null,
  version: null,
  state: 'unauthorized',
  reasonCode,
  details: {},
  models: [],
});
