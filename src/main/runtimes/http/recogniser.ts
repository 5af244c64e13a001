// Recognises the server at one address and keeps the result while the answers match it. When they do not match any more, the server is
// recognised again. The types in core/servers define the answers.
import type { Clock } from '../../platform/clock';
import type { RuntimeStatus } from '../core/runtime-snapshot';
import { anyServer } from '../core/servers/any-server';
import type { Answers } from '../core/servers/answers';
import { FollowUpProber } from './follow-up-prober';
import type { RuntimeTarget } from './exchange';
import type { ServerType, ServerState } from '../core/servers/server-type';
import { sendAll, type ProbeContext } from './probe';
import { FIRST_PATHS, nextPaths, recognise, faultIn } from '../core/servers/recognise';

/** A server of unknown type is recognised again after this time: some requests may have failed the last time. */
const RECOGNISE_INTERVAL_MS = 5 * 60 * 1000;
/** After this many doubtful probes in a row a server counts as `anyServer`. Before, it may be a known server with a fault. */
const MAX_DOUBTFUL_PROBES = 3;

export interface RecognisedServer extends ServerState {
  /** Null: not recognised. */
  readonly type: ServerType | null;
}

export interface ServerRecogniserOptions {
  readonly target: RuntimeTarget;
  readonly clock: Clock;
  /** The owner configured this address as a runtime. */
  readonly named: boolean;
}

export class ServerRecogniser {
  readonly #options: ServerRecogniserOptions;
  readonly #followUps = new FollowUpProber();
  #known: ServerType | null = null;
  #knownSinceMonotonicMs = 0;
  /** Probes in a row in which a server of unknown type left a request unanswered. */
  #doubtfulProbes = 0;
  /** A runtime answered at this address, and no other program since. */
  #wasRuntime = false;

  constructor(options: ServerRecogniserOptions) {
    this.#options = options;
  }

  /** By the last probe. */
  get runtimeType(): RuntimeStatus['type'] {
    return this.#known?.name ?? 'openai-compatible';
  }

  /** By the last probe. Null: not recognised. */
  get serverType(): ServerType | null {
    return this.#known;
  }

  /** `headers`: with the API key, if there is one. It is never sent to a program that is not recognised as a runtime. */
  async probe(headers: Readonly<Record<string, string>>): Promise<RecognisedServer> {
    const { target, clock, named } = this.#options;
    const context = { target, clock, headers, isRuntime: named || this.#wasRuntime };
    const server = (await this.#probeKnown(context)) ?? (await this.#recognise(context));
    // When nothing listens any more, the next program at this address must be recognised.
    const isRefused = server.reasonCode === 'refused';
    if (isRefused) this.#known = null;
    if (isRefused || server.state === 'wrong_service') this.#wasRuntime = false;
    else if (server.type !== null) this.#wasRuntime = true;
    return server;
  }

  /** Probes the known server. Null: the server must be recognised again. */
  async #probeKnown(context: ProbeContext): Promise<RecognisedServer | null> {
    const known = this.#known;
    const ageMs = this.#options.clock.monotonicMs() - this.#knownSinceMonotonicMs;
    if (known === null || (known === anyServer && ageMs >= RECOGNISE_INTERVAL_MS)) return null;
    const answers = await sendAll(context, known.paths);
    if (known.matches(answers)) return this.#read(known, answers, context);
    const fault = faultIn(answers);
    return fault === null ? null : { ...stateWithoutModels('not_running', fault), type: known };
  }

  async #recognise(context: ProbeContext): Promise<RecognisedServer> {
    const withoutKey = await this.#recogniseWith({ ...context, headers: {} });
    const hasKey = Object.keys(context.headers).length > 0;
    const server = hasKey && withoutKey.type !== null ? await this.#recogniseWith(context) : withoutKey;
    // Readiness depends on the type: a known server with a fault may list models that are not loaded.
    const isDoubtful = server.type === anyServer && server.state === 'running' && this.#known === null;
    this.#doubtfulProbes = isDoubtful ? this.#doubtfulProbes + 1 : 0;
    if (!isDoubtful || this.#doubtfulProbes >= MAX_DOUBTFUL_PROBES) return server;
    return { ...stateWithoutModels('starting', 'list_not_answered'), type: server.type };
  }

  async #recogniseWith(context: ProbeContext): Promise<RecognisedServer> {
    const first = await sendAll(context, FIRST_PATHS);
    const answers = { ...first, ...(await sendAll(context, nextPaths(first, this.#options.named))) };
    const type = recognise(answers);
    const fault = faultIn(answers);
    if (type === null) {
      this.#known = null;
      const state = fault === null ? stateWithoutModels('wrong_service', 'not_recognised') : stateWithoutModels('not_running', fault);
      return { ...state, type };
    }
    const server = await this.#read(type, answers, context);
    // A server of unknown type may turn out to be a known one when all its requests are answered.
    const isUncertain = type === anyServer && (fault !== null || server.state === 'unauthorized');
    this.#known = isUncertain ? null : type;
    this.#knownSinceMonotonicMs = this.#options.clock.monotonicMs();
    return server;
  }

  async #read(type: ServerType, answers: Answers, context: ProbeContext): Promise<RecognisedServer> {
    const further = await this.#followUps.probe(context, type.followUps?.(answers) ?? []);
    return { ...type.read({ ...answers, ...further }), type };
  }
}

const stateWithoutModels = (state: RuntimeStatus['state'], reasonCode: RuntimeStatus['reasonCode']): ServerState => ({
  version: null,
  state,
  reasonCode,
  details: {},
  models: [],
});
