// What answers at one address: found out once, taken for that while it answers so, and found out anew when it answers as something
// else. Which program answers what is the flavours'.
import type { Clock } from '../../platform/clock';
import type { RuntimeStatus } from '../core/runtime-snapshot';
import { anyServer } from '../core/servers/any-server';
import type { Answers } from '../core/servers/answers';
import { AskedOnce } from './asked-once';
import type { RuntimeTarget } from './exchange';
import type { Flavour, Look } from '../core/servers/server-type';
import { ask, type LookContext } from './probe';
import { FIRST_PATHS, morePaths, recognise, troubleIn } from '../core/servers/recognise';

/** A server about which nothing is known may be one that did not tell all at the time. */
const ASK_ANEW_MS = 5 * 60 * 1000;
/** So many looks in a row it may be one that is in trouble; then it is taken for what it does answer. */
const LOOKS_IN_DOUBT = 3;

export interface Seen extends Look {
  /** Null: none that is known. */
  readonly flavour: Flavour | null;
}

export interface RecogniserOptions {
  readonly target: RuntimeTarget;
  readonly clock: Clock;
  /** By its owner, in the configuration: it is meant to be a runtime. */
  readonly named: boolean;
}

export class Recogniser {
  private readonly askedOnce = new AskedOnce();
  private known: Flavour | null = null;
  private knownSinceMs = 0;
  /** Looks in a row at which a server without anything of its own left a question unanswered. */
  private doubts = 0;
  /** A runtime answered here, and nothing else has since. */
  private wasRuntime = false;

  constructor(private readonly options: RecogniserOptions) {}

  /** As far as the last look knows. */
  get flavour(): RuntimeStatus['flavour'] {
    return this.known?.name ?? 'openai-compatible';
  }

  /** `headers`: the key, where there is one. What is not known to be a runtime never sees it. */
  async look(headers: Readonly<Record<string, string>>): Promise<Seen> {
    const { target, clock, named } = this.options;
    const context = { target, clock, headers, isRuntime: named || this.wasRuntime };
    const seen = (await this.lookAgain(context)) ?? (await this.recognise(context));
    // Where nothing listens any more, who comes next is asked what it is.
    const isGone = seen.reasonCode === 'refused';
    if (isGone) this.known = null;
    if (isGone || seen.state === 'wrong_service') this.wasRuntime = false;
    else if (seen.flavour !== null) this.wasRuntime = true;
    return seen;
  }

  /** As what it was recognised by last time. Null: it must be found out anew. */
  private async lookAgain(context: LookContext): Promise<Seen | null> {
    const { known } = this;
    const age = this.options.clock.monotonicMs() - this.knownSinceMs;
    if (known === null || (known === anyServer && age >= ASK_ANEW_MS)) return null;
    const answers = await ask(context, known.paths);
    if (known.matches(answers)) return this.read(known, answers, context);
    const trouble = troubleIn(answers);
    return trouble === null ? null : { ...nothing('not_running', trouble), flavour: known };
  }

  private async recognise(context: LookContext): Promise<Seen> {
    const bare = await this.recogniseWith({ ...context, headers: {} });
    const hasKey = Object.keys(context.headers).length > 0;
    const seen = hasKey && bare.flavour !== null ? await this.recogniseWith(context) : bare;
    // Its models are ready by the rules of what it is: another program may list what it has not loaded.
    const isInDoubt = seen.flavour === anyServer && seen.state === 'running' && this.known === null;
    this.doubts = isInDoubt ? this.doubts + 1 : 0;
    return isInDoubt && this.doubts < LOOKS_IN_DOUBT ? { ...nothing('starting', 'list_not_answered'), flavour: seen.flavour } : seen;
  }

  private async recogniseWith(context: LookContext): Promise<Seen> {
    const first = await ask(context, FIRST_PATHS);
    const answers = { ...first, ...(await ask(context, morePaths(first, this.options.named))) };
    const flavour = recognise(answers);
    const trouble = troubleIn(answers);
    if (flavour === null) {
      this.known = null;
      return { ...(trouble === null ? nothing('wrong_service', 'not_recognised') : nothing('not_running', trouble)), flavour };
    }
    const seen = await this.read(flavour, answers, context);
    // What is known by nothing of its own may be something else, once every question is answered.
    const isUnsure = flavour === anyServer && (trouble !== null || seen.state === 'unauthorized');
    this.known = isUnsure ? null : flavour;
    this.knownSinceMs = this.options.clock.monotonicMs();
    return seen;
  }

  private async read(flavour: Flavour, answers: Answers, context: LookContext): Promise<Seen> {
    const later = await this.askedOnce.ask(context, flavour.later?.(answers) ?? []);
    return { ...flavour.read({ ...answers, ...later }), flavour };
  }
}

const nothing = (state: RuntimeStatus['state'], reasonCode: RuntimeStatus['reasonCode']): Look => ({
  version: null,
  state,
  reasonCode,
  details: {},
  models: [],
});
