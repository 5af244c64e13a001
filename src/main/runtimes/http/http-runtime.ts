// A model server at one HTTP address, as a runtime: probes its models and runs tasks. ServerRecogniser recognises the server's type,
// run-openai.ts sends the tasks.
import type { Task } from '../../../shared/protocol/tasks';
import { ok, type Result } from '../../../shared/result';
import type { Clock } from '../../platform/clock';
import { isLoopbackUrlHost } from '../../../shared/loopback';
import { hostOf } from '../../platform/runtime-url';
import { pullModel } from '../pulls/pull-model';
import { runOpenAi } from '../openai/run-openai';
import type { Control, ControlEnd, Pull, Remove, RunContext, Runtime, RuntimeModel, RuntimeSnapshot, RuntimeStatus } from '../runtime';
import { failed, type RunOutcome } from '../core/runtime-outcome';
import type { KeyFileFault } from '../core/runtime-snapshot';
import { localServer, type RuntimePlace } from '../core/runtime-use';
import { loadedOf, residencyOfServed } from '../core/model-residency';
import { isBusyWithJob, isFailedProbe } from '../core/hysteresis';
import { readApiKey } from './api-key';
import { controlModel } from './control-model';
import type { RuntimeTarget } from './exchange';
import type { ControlRequest, ServedModel, ServerType } from '../core/servers/server-type';
import { ServerRecogniser, type RecognisedServer } from './recogniser';

const BYTES_PER_GB = 1024 ** 3;

export interface HttpRuntimeOptions {
  /** Base address, e.g. `http://127.0.0.1:11434`. */
  readonly url: URL;
  /** The owner configured this address. Otherwise it is one of the usual local addresses. */
  readonly named: boolean;
  /** A file with the API key. Null: no key is sent. */
  readonly apiKeyFile: string | null;
  readonly clock: Clock;
  /** Limit for the answer to a task as it is sent to the scheduler, bytes. */
  readonly maxOutputBytes: number;
}

export class HttpRuntime implements Runtime {
  readonly id: string;
  readonly settings: string;
  readonly #options: HttpRuntimeOptions;
  readonly #target: RuntimeTarget;
  readonly #recogniser: ServerRecogniser;
  readonly #isLocal: boolean;
  #served: ReadonlyMap<string, ServedModel> = new Map();
  /** The snapshot of the last probe that was answered. */
  #lastAnswered: RuntimeSnapshot | null = null;
  /** The GPU memory of each listed model when it was last loaded, bytes, by its id and version: it needs as much the next time. */
  #vramBytes: ReadonlyMap<string, number> = new Map();
  /** The models that the last probe did not find in memory, without those that have answered since. */
  #cold: ReadonlySet<string> = new Set();
  /** When the last bytes of a job arrived. */
  #jobBytesAtMonotonicMs = -Infinity;

  constructor(options: HttpRuntimeOptions) {
    const { url, named, apiKeyFile, clock } = options;
    this.#options = options;
    this.id = url.href.replace(/\/$/, '');
    this.settings = JSON.stringify([url.href, named, apiKeyFile]);
    this.#isLocal = isLoopbackUrlHost(hostOf(url));
    this.#target = { url, allowed: !this.#isLocal, triesIpv6Loopback: this.#isLocal && !named };
    this.#recogniser = new ServerRecogniser({ target: this.#target, clock, named });
  }

  get place(): RuntimePlace {
    return this.#isLocal ? localServer(this.#options.url, this.#recogniser.runtimeType) : 'other_machine';
  }

  async probe(): Promise<RuntimeSnapshot> {
    const headers = await this.#headers();
    if (!headers.ok) return this.#snapshot(toUnauthorized(headers.error));
    const server = await this.#recogniser.probe(headers.value);
    const snapshot = this.#snapshot(server);
    if (isFailedProbe(server)) {
      // `#served` stays: a server that does not answer a probe may still answer a task.
      const lastAnswered = this.#lastAnswered;
      return lastAnswered !== null && isBusyWithJob(server, this.#jobBytesAgoMs()) ? recheckedAt(lastAnswered, snapshot) : snapshot;
    }
    this.#served = new Map(server.models.map((model) => [model.modelId, model]));
    this.#cold = new Set(server.models.filter(({ reasonCode }) => LOADS_FIRST.has(reasonCode)).map(({ modelId }) => modelId));
    this.#lastAnswered = snapshot;
    return snapshot;
  }

  serves(task: Task): boolean {
    return task.kind === 'openai' && this.#served.get(task.body.model)?.tasks.includes(task.path) === true;
  }

  async run(task: Task, context: RunContext): Promise<RunOutcome> {
    if (task.kind !== 'openai') return failed('bad_request', 'this model server runs tasks of kind openai', false);
    const headers = await this.#headers();
    if (!headers.ok) return failed('runtime_unauthorized', `the key of the model server cannot be used: ${headers.error}`, true);
    const { clock, maxOutputBytes } = this.#options;
    const { runtimeType } = this.#recogniser;
    const onBytes = () => {
      this.#jobBytesAtMonotonicMs = clock.monotonicMs();
    };
    const { model } = task.body;
    const isCold = this.#cold.has(model);
    const options = { target: this.#target, clock, headers: headers.value, maxOutputBytes, runtimeType, isCold, onBytes };
    const outcome = await runOpenAi(options, task, context);
    if (outcome.success && this.#cold.has(model)) this.#cold = new Set([...this.#cold].filter((one) => one !== model));
    return outcome;
  }

  /** Defined if the last probe found a server that can load or unload models. */
  get control(): Control | undefined {
    return this.#recogniser.serverType?.control === undefined ? undefined : this.#control;
  }

  readonly #control: Control = (modelId, action, signal) =>
    this.#change(modelId, signal, (model, type) => type.control?.(model, action) ?? null);

  /** Defined if the last probe found a server that can delete models. */
  get remove(): Remove | undefined {
    return this.#recogniser.serverType?.removal === undefined ? undefined : this.#remove;
  }

  readonly #remove: Remove = (modelId, signal) =>
    this.#change(modelId, signal, (model, type) => (type.removal === undefined ? null : [type.removal(model)]));

  async #change(
    modelId: string,
    signal: AbortSignal,
    requestsOf: (model: ServedModel, type: ServerType) => readonly ControlRequest[] | null,
  ): Promise<ControlEnd> {
    const headers = await this.#headers();
    if (!headers.ok) return { ok: false, message: headers.error };
    const model = this.#served.get(modelId);
    const type = this.#recogniser.serverType;
    const requests = model === undefined || type == null ? null : requestsOf(model, type);
    if (requests === null) return { ok: false, message: 'the server changed' };
    return controlModel({ target: this.#target, clock: this.#options.clock, headers: headers.value }, requests, signal);
  }

  /** Defined if the last probe found an Ollama. */
  get pull(): Pull | undefined {
    return this.#recogniser.runtimeType === 'ollama' ? this.#pullFromOllama : undefined;
  }

  /** Probes the server first, because another program that imitates Ollama's paths may have replaced it. */
  readonly #pullFromOllama: Pull = async (model, onProgress, signal) => {
    const headers = await this.#headers();
    if (!headers.ok) return { end: 'failed', code: 'pull_refused', message: headers.error };
    const { type, state, reasonCode } = await this.#recogniser.probe(headers.value);
    if (state === 'not_running') return { end: 'failed', code: 'pull_broken', message: reasonCode };
    if (type?.name !== 'ollama') return { end: 'failed', code: 'pull_refused', message: 'no Ollama answers at this address' };
    return pullModel({ target: this.#target, clock: this.#options.clock, headers: headers.value }, model, onProgress, signal);
  };

  #jobBytesAgoMs(): number {
    return this.#options.clock.monotonicMs() - this.#jobBytesAtMonotonicMs;
  }

  async #headers(): Promise<Result<Readonly<Record<string, string>>, KeyFileFault>> {
    const { apiKeyFile } = this.#options;
    if (apiKeyFile === null) return ok({});
    const key = await readApiKey(apiKeyFile);
    return key.ok ? ok({ authorization: `Bearer ${key.value}` }) : key;
  }

  #snapshot({ type, models: listed, ...state }: RecognisedServer): RuntimeSnapshot {
    const checkedAtWallMs = this.#options.clock.wallMs();
    const name: RuntimeStatus['type'] = type?.name ?? 'openai-compatible';
    const runtime: RuntimeStatus = { id: this.id, type: name, url: this.id, ...state, checkedAtWallMs };
    const ids = new Set<string>();
    const models = listed.filter(({ modelId }) => !ids.has(modelId) && ids.add(modelId)).map((model) => this.#withVram(model));
    if (models.length > 0) this.#vramBytes = new Map(models.flatMap((model) => vramEntry(model)));
    return { runtime, models: models.map((model) => this.#model(model, checkedAtWallMs)) };
  }

  #withVram(model: ServedModel): ServedModel {
    const vramBytes = model.vramBytes ?? this.#vramBytes.get(vramKey(model));
    return vramBytes === undefined ? model : { ...model, vramBytes };
  }

  #model(served: ServedModel, checkedAtWallMs: number): RuntimeModel {
    const { modelId, kind, version, tasks, vramBytes, actions, abilities, instances: _, ...rest } = served;
    const residency = residencyOfServed(rest);
    const loaded = loadedOf(residency);
    const memory = {
      ...(vramBytes === undefined ? {} : { vram_gb: Math.round((vramBytes / BYTES_PER_GB) * 10) / 10 }),
      ...(loaded === null ? {} : { loaded }),
      ...(actions === undefined ? {} : { actions: [...actions] }),
      ...(abilities === undefined ? {} : { abilities }),
      ...contextOfServed(served),
    };
    const model = { model_id: modelId, kind, version, enabled: true, tasks: [...tasks], ...memory };
    return {
      runtimeId: this.id,
      model,
      progress: null,
      ...rest,
      ...(residency === null ? {} : { residency }),
      ...(this.remove === undefined ? {} : { isRemovable: true }),
      checkedAtWallMs,
    };
  }
}

/** The states of a model that is not in memory, where the server loads the model when a request comes. */
const LOADS_FIRST: ReadonlySet<ServedModel['reasonCode']> = new Set(['cold', 'loading']);

/** As the server runs the model now, else as the model can. */
function contextOfServed({ details }: ServedModel): Pick<RuntimeModel['model'], 'context_tokens'> {
  const tokens = details['context_tokens'] ?? details['max_context_tokens'];
  return typeof tokens === 'number' ? { context_tokens: tokens } : {};
}

const vramKey = ({ modelId, version }: ServedModel): string => `${modelId} ${version}`;
const vramEntry = (model: ServedModel): readonly (readonly [string, number])[] =>
  model.vramBytes === undefined ? [] : [[vramKey(model), model.vramBytes]];

const recheckedAt = ({ runtime, models }: RuntimeSnapshot, now: RuntimeSnapshot): RuntimeSnapshot => ({
  runtime: { ...runtime, checkedAtWallMs: now.runtime.checkedAtWallMs },
  models,
});

const toUnauthorized = (reasonCode: KeyFileFault): RecognisedServer => ({
  type: null,
  version: null,
  state: 'unauthorized',
  reasonCode,
  details: {},
  models: [],
});
