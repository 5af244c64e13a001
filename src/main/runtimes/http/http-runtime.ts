// A program that serves models over HTTP at one address: finds out what it is, looks at its models, and runs tasks on it. What
// answers mean is the flavours'; how a task is sent, run-openai's.
import { type OpenAiTask, type Task } from '../../../shared/protocol/tasks';
import { ok, type Result } from '../../../shared/result';
import type { Clock } from '../../platform/clock';
import { hostOf, isLoopbackHost } from '../../platform/runtime-url';
import { runOpenAi } from '../openai-compatible/run-openai';
import type { RunContext, RunOutcome, Runtime, RuntimeModel, RuntimeSnapshot, RuntimeStatus } from '../runtime';
import type { Answers } from './answers';
import { type KeyFileFault, readApiKey } from './api-key';
import type { RuntimeTarget } from './exchange';
import type { Flavour, FoundModel, Look } from './flavour';
import { ask, type ProbeContext } from './probe';
import { FIRST_PATHS, morePaths, recognise } from './recognise-mapping';

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
  private modelIds: ReadonlySet<string> = new Set();

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
    if (look.state !== 'not_running') this.modelIds = new Set(look.models.map(({ modelId }) => modelId));
    return this.snapshot(look);
  }

  serves(task: Task): boolean {
    return task.kind === 'openai' && this.modelIds.has(task.body.model);
  }

  async run(task: Task, context: RunContext): Promise<RunOutcome> {
    if (task.kind !== 'openai') return failure('bad_request', 'this runtime runs tasks of kind openai', false);
    const headers = await this.headers();
    if (!headers.ok) return failure('runtime_unauthorized', `the key of the runtime cannot be used: ${headers.error}`, true);
    return this.send(task, context, headers.value);
  }

  private send(task: OpenAiTask, context: RunContext, headers: Readonly<Record<string, string>>): Promise<RunOutcome> {
    const { clock, maxOutputBytes } = this.options;
    return runOpenAi(
      { target: this.target, clock, headers, maxOutputBytes, flavour: this.flavour?.name ?? 'openai-compatible' },
      task,
      context,
    );
  }

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
    }
    this.flavour = null;
    const first = await ask(context, FIRST_PATHS);
    const silence = allFailed(first);
    if (silence !== null) return nothing('not_running', silence);
    const answers = { ...first, ...(await ask(context, morePaths(first))) };
    const flavour = recognise(answers);
    if (flavour === null) return nothing('wrong_service', 'not_recognised');
    // Where not every question was answered, the next look asks again what it is.
    this.flavour = Object.values(answers).some((answer) => answer?.kind === 'failed') ? null : flavour;
    return { ...flavour.read(answers), flavour };
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

  private model({ modelId, kind, version, ...found }: FoundModel, checkedAtMs: number): RuntimeModel {
    return { runtimeId: this.id, model: { model_id: modelId, kind, version, enabled: true }, ...found, progress: null, checkedAtMs };
  }
}

/** Why nothing answered; null when something did. */
function allFailed(answers: Answers): string | null {
  let code: string | null = null;
  for (const answer of Object.values(answers)) {
    if (answer?.kind === 'answered') return null;
    code ??= answer?.code ?? null;
  }
  return code;
}

const nothing = (state: RuntimeStatus['state'], reasonCode: string): Look => ({
  version: null,
  state,
  reasonCode,
  details: {},
  models: [],
});

const failure = (code: string, message: string, retryable: boolean): RunOutcome => ({
  success: false,
  error: { code, message, details: { retryable } },
});
