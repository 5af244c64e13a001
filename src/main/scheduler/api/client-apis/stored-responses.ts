// The responses of the Responses API that clients may retrieve, continue, cancel and delete: those that are complete, and those that run in
// the background.
import { parseJson } from '../../../../shared/json';
import type { Clock } from '../../../platform/clock';
import type { AnswerFacts } from './core/client-api';
import type { BackgroundLimit } from './core/responses/kept-responses';
import { itemsOf } from './core/responses/messages';
import { responsesBodySchema } from './core/responses/request';
import { withItems } from './core/responses/resolve-references';
import { responseIdOf } from './core/responses/response-object';
import type { StoredRequest } from './core/responses/stored-request';
import type { Json } from './core/responses/tools';
import { type BackgroundOptions, type BackgroundRequest, BackgroundResponses, type Resuming } from './background-responses';
import { ResponseMemory } from './response-memory';

export interface StoredResponsesOptions extends Pick<BackgroundOptions, 'jobs' | 'pool'> {
  readonly clock: Clock;
  /** Of the member of a cluster with a bus. Null: this scheduler is alone, and a restart forgets all. */
  readonly shared: SharedResponses | null;
}

/** What outlives the term of a leader. */
export interface SharedResponses {
  readonly memory: ResponseMemory;
  readonly leads: () => boolean;
  /** Resolves when another member has the copy of the request, or none has it soon. */
  readonly whenCopied: (id: string) => Promise<void>;
}

export interface FoundResponse {
  readonly response: Json;
  readonly input: string | readonly Json[];
}

export class StoredResponses {
  readonly #memory: ResponseMemory;
  readonly #shared: SharedResponses | null;
  readonly #background: BackgroundResponses;

  constructor({ clock, shared, ...options }: StoredResponsesOptions) {
    this.#memory = shared?.memory ?? new ResponseMemory(clock);
    this.#shared = shared;
    this.#background = new BackgroundResponses({
      ...{ ...options, clock, memory: this.#memory, leads: shared?.leads ?? null },
      onEnded: (request, response) => {
        this.keep(request, response, request.facts);
      },
    });
  }

  /** Null: the key has no such response. */
  find(holder: string | null, id: string): FoundResponse | null {
    return this.#background.find(holder, id) ?? this.#memory.get(holder, id);
  }

  /** All items of a complete response and of those before it. Null: there is none. */
  conversation(holder: string | null, id: string): readonly Json[] | null {
    return this.#memory.get(holder, id)?.conversation ?? null;
  }

  items(holder: string | null): ReadonlyMap<string, Json> {
    return this.#memory.items(holder);
  }

  keep({ holder, body, context }: StoredRequest, response: Json, facts: AnswerFacts): void {
    const input = itemsOf(body.input);
    const output = Array.isArray(response['output']) ? itemsOf(response['output']) : [];
    const conversation = [...context, ...input, ...output];
    this.#memory.keep(holder, responseIdOf(facts), { response, input, output, conversation });
  }

  /** Keeps a response whose request an earlier leader has read, unless a part of its conversation is gone. `request`: its body. */
  keepRead(holder: string | null, facts: AnswerFacts, request: string, response: Json): void {
    const asked = responsesBodySchema.safeParse(parseJson(request)).data;
    if (asked === undefined || asked.store === false || asked.background === true) return;
    const { previous_response_id: previous } = asked;
    const context = previous == null ? [] : this.conversation(holder, previous);
    const whole = withItems(asked, () => this.items(holder));
    if (context !== null && whole.ok) this.keep({ holder, body: whole.value.body, context }, response, facts);
  }

  /** Counts the memory of a request that will run. The function ends it. Else the key, or all keys, have too much that runs. */
  reserve(request: StoredRequest): (() => void) | BackgroundLimit {
    return this.#memory.reserve(request);
  }

  /** Follows the job of a request to its end, whether or not the client is there. The response as it is now. */
  run(request: BackgroundRequest): Json {
    const response = this.#background.run(request);
    return this.find(request.holder, responseIdOf(request.facts))?.response ?? response;
  }

  /** Another member can go on with the request, where there is one. */
  async whenCopied(facts: Pick<AnswerFacts, 'id'>): Promise<void> {
    await this.#shared?.whenCopied(responseIdOf(facts));
  }

  /** Goes on with the responses in the background of an earlier leader. */
  resume(resuming: Resuming): Promise<void> {
    return this.#background.resume(resuming);
  }

  /** Null: it does not run in the background. */
  cancel(holder: string | null, id: string): Promise<Json | null> {
    return this.#background.cancel(holder, id);
  }

  delete(holder: string | null, id: string): boolean {
    if (this.#background.delete(holder, id)) return true;
    const isKept = this.#memory.get(holder, id) !== null;
    if (isKept) this.#memory.delete(id);
    return isKept;
  }

  /** The key was revoked. */
  closeOf(holder: string): void {
    this.#memory.forget(holder);
    this.#background.closeOf(holder);
  }

  /** Called while the nodes are still connected. */
  stop(): void {
    this.#background.stop();
    if (this.#shared === null) this.#memory.stop();
  }
}
