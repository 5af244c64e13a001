// A program that serves models over HTTP at one address: finds out what it is, looks at its models, and runs tasks on it. What
// answers mean is the flavours'; how a task is sent, run-openai's.
import type { Task } from '../../../shared/protocol/tasks';
import { ok, type Result } from '../../../shared/result';
import type { Clock } from '../../platform/clock';
import { hostOf, isLoopbackHost } from '../../platform/runtime-url';
import { pullModel } from '../ollama/pull-model';
import { anyServer } from '../openai-compatible/any-server-mapping';
import { runOpenAi } from '../openai-compatible/run-openai';
import type { Pull, RunContext, Runtime, RuntimeModel, RuntimeSnapshot, RuntimeStatus } from '../runtime';
import { failed, type RunOutcome } from '../runtime-outcome';
import type { KeyFileFault } from '../runtime-snapshot';
import type { Answers } from './answers';
import { readApiKey } from './api-key';
import type { RuntimeTarget } from './exchange';
import { type Flavour, type FoundModel, httpReason, type Look } from './flavour';
import { ask, type ProbeContext } from './probe';
import { FIRST_PATHS, morePaths, recognise } from './recognise-mapping';

const FIRST_SERVER_ERROR = 500;

export interface HttpRuntimeOptions {
  /** Base address, e.g. `http://127.0.0.1:11434`. */
  readonly url: URL;
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
  private flavour: Flavour | null = null;
  private tasks: ReadonlyMap<string, FoundModel['tasks']> = new Map();

  constructor(options: HttpRuntimeOptions) {
    this.options = options;
    this.id = options.url.href.replace(/\/$/, '');
    this.target = { url: options.url, allowed: !isLoopbackHost(hostOf(options.url)) };
  }

  async discover(): Promise<RuntimeSnapshot> {
    const headers = await this.headers();
    if (!headers.ok) return this.snapshot(nothing('unauthorized', headers.error));
    const look = await this.look({ target: this.target, clock: this.options.clock, headers: headers.value });
    // A program that does not answer still has what it had: asking it tells.
    if (look.state !== 'not_running') this.tasks = new Map(look.models.map(({ modelId, tasks }) => [modelId, tasks]));
    return this.snapshot(look);
  }

  serves(task: Task): boolean {
    return task.kind === 'openai' && this.tasks.get(task.body.model)?.includes(task.path) === true;
  }

  async run(task: Task, context: RunContext): Promise<RunOutcome> {
    if (task.kind !== 'openai') return failed('bad_request', 'this runtime runs tasks of kind openai', false);
    const headers = await this.headers();
    if (!headers.ok) return failed('runtime_unauthorized', `the key of the runtime cannot be used: ${headers.error}`, true);
    const { clock, maxOutputBytes } = this.options;
    const flavour = this.flavour?.name ?? 'openai-compatible';
    return runOpenAi({ target: this.target, clock, headers: headers.value, maxOutputBytes, flavour }, task, context);
  }

  /** Of an Ollama alone. */
  get pull(): Pull | undefined {
    return this.flavour?.name === 'ollama' ? this.pullFromOllama : undefined;
  }

  private readonly pullFromOllama: Pull = async (model, onProgress, signal) => {
    const headers = await this.headers();
    if (!headers.ok) return { end: 'failed', code: 'pull_refused', message: headers.error };
    return pullModel({ target: this.target, clock: this.options.clock, headers: headers.value }, model, onProgress, signal);
  };

  private async headers(): Promise<Result<Readonly<Record<string, string>>, KeyFileFault>> {
    const { apiKeyFile } = this.options;
    if (apiKeyFile === null) return ok({});
    const key = await readApiKey(apiKeyFile);
    return key.ok ? ok({ authorization: `Bearer ${key.value}` }) : key;
  }

  /** As what it was recognised by last time; anew, when it answers as something else. */
  private async look(context: ProbeContext): Promise<Look & { readonly flavour?: Flavour }> {
    const known = this.flavour;
    if (known !== null) {
      const answers = await ask(context, known.paths);
      if (known.matches(answers)) return { ...known.read(answers), flavour: known };
      const trouble = troubleIn(answers);
      // Where nothing listens any more, who comes next is asked what it is.
      if (trouble === 'refused') this.flavour = null;
      if (trouble !== null) return { ...nothing('not_running', trouble), flavour: known };
    }
    const first = await ask(context, FIRST_PATHS);
    const answers = { ...first, ...(await ask(context, morePaths(first))) };
    const flavour = recognise(answers);
    const trouble = troubleIn(answers);
    // What is known by nothing of its own may be something else, once every question is answered.
    this.flavour = trouble !== null && flavour === anyServer ? null : flavour;
    if (flavour !== null) return { ...flavour.read(answers), flavour };
    return trouble === null ? nothing('wrong_service', 'not_recognised') : nothing('not_running', trouble);
  }

  private snapshot(look: Look & { readonly flavour?: Flavour }): RuntimeSnapshot {
    const checkedAtMs = this.options.clock.wallMs();
    const runtime: RuntimeStatus = {
      id: this.id,
      flavour: look.flavour?.name ?? 'openai-compatible',
      url: this.id,
      version: look.version,
      state: look.state,
      reasonCode: look.reasonCode,
      details: look.details,
      checkedAtMs,
    };
    const seen = new Set<string>();
    const models = look.models.filter(({ modelId }) => !seen.has(modelId) && seen.add(modelId));
    return { runtime, models: models.map((model) => this.model(model, checkedAtMs)) };
  }

  private model({ modelId, kind, version, tasks, ...found }: FoundModel, checkedAtMs: number): RuntimeModel {
    const model = { model_id: modelId, kind, version, enabled: true, tasks: [...tasks] };
    return { runtimeId: this.id, model, ...found, progress: null, checkedAtMs };
  }
}

/** Why a question was not answered, or not by what was asked: the first reason; null when all were. */
function troubleIn(answers: Answers): RuntimeStatus['reasonCode'] | null {
  for (const answer of Object.values(answers)) {
    if (answer?.kind === 'failed') return answer.code;
    if (answer !== undefined && answer.status >= FIRST_SERVER_ERROR) return httpReason(answer.status);
  }
  return null;
}

const nothing = (state: RuntimeStatus['state'], reasonCode: RuntimeStatus['reasonCode']): Look => ({
  version: null,
  state,
  reasonCode,
  details: {},
  models: [],
});
