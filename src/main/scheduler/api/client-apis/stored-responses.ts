// The responses of the Responses API that clients may retrieve, continue, cancel and delete: those that are complete, and those that run in
// the background. In memory only: a restart forgets them.
import { assertNever } from '../../../../shared/assert-never';
import type { CancelReason, JobEvent } from '../../../../shared/api/job';
import type { Language } from '../../../../shared/language';
import type { OpenAiOutput } from '../../../../shared/protocol/tasks';
import type { Clock, Timer } from '../../../platform/clock';
import type { JobsPort } from '../../jobs/jobs-port';
import { AccessChecks } from '../openai/access-checks';
import { jobFailure } from '../openai/core/job-failure';
import { openAiBody, type OpenAiFailure, poolFailure } from '../openai/core/openai-error';
import { BREAK_REASONS, onJobEvent, startResponse } from '../openai/core/response-state';
import { bodyOf, refusalFailure } from '../openai/core/whole-answer';
import { followToEnd } from '../openai/follow-to-end';
import type { OpenAiPool } from '../openai/openai-requests';
import type { AccessCheck } from '../route';
import type { AnswerFacts, AnswerTranslation } from './core/client-api';
import { KeptResponses } from './core/responses/kept-responses';
import { itemsOf } from './core/responses/messages';
import type { ResponsesBody } from './core/responses/request';
import { noOutcome, responseIdOf, responseOf, type ResponseStatus } from './core/responses/response-object';
import type { Json } from './core/responses/tools';

export interface StoredResponsesOptions {
  readonly jobs: Pick<JobsPort, 'follow' | 'get' | 'cancel'>;
  readonly pool: Pick<OpenAiPool, 'explain'>;
  readonly clock: Clock;
}

/** A request whose response is stored. */
export interface StoredRequest {
  /** The id of the key. Null: a caller on loopback without one. */
  readonly holder: string | null;
  readonly body: ResponsesBody;
  /** The conversation before the input. */
  readonly context: readonly Json[];
}

export interface BackgroundRequest extends StoredRequest {
  readonly jobId: string;
  readonly facts: AnswerFacts;
  readonly answer: AnswerTranslation['answer'];
  readonly language: Language;
  /** Whether the credential of the client has ended since. */
  readonly accessFailure: AccessCheck;
  /** Ends the count of its memory. */
  readonly release: () => void;
}

interface Running extends BackgroundRequest {
  status: ResponseStatus;
  unfollow: (() => void) | null;
  endChecks: (() => void) | null;
}

export interface FoundResponse {
  readonly response: Json;
  readonly input: string | readonly Json[];
}

export class StoredResponses {
  readonly #options: StoredResponsesOptions;
  readonly #kept = new KeptResponses();
  readonly #running = new Map<string, Running>();
  readonly #access: AccessChecks;
  #expiry: Timer | null = null;

  constructor(options: StoredResponsesOptions) {
    this.#options = options;
    this.#access = new AccessChecks(options.clock);
  }

  /** Null: the key has no such response. */
  find(holder: string | null, id: string): FoundResponse | null {
    const running = this.#runningOf(holder, id);
    if (running !== null) return { response: stateOf(running), input: running.body.input };
    this.#expire();
    return this.#kept.get(holder, id);
  }

  /** All items of a complete response and of those before it. Null: there is none. */
  conversation(holder: string | null, id: string): readonly Json[] | null {
    this.#expire();
    return this.#kept.get(holder, id)?.conversation ?? null;
  }

  items(holder: string | null): ReadonlyMap<string, Json> {
    this.#expire();
    return this.#kept.items(holder);
  }

  keep({ holder, body, context }: StoredRequest, response: Json, facts: AnswerFacts): void {
    const input = itemsOf(body.input);
    const output = Array.isArray(response['output']) ? itemsOf(response['output']) : [];
    const conversation = [...context, ...input, ...output];
    this.#kept.keep(holder, responseIdOf(facts), { response, input, output, conversation }, this.#options.clock.monotonicMs());
    this.#expireLater();
  }

  /** Counts the memory of a request that will run. The function ends it. Null: the key, or all keys, have too much that runs. */
  reserve({ holder, body, context }: StoredRequest): ReturnType<KeptResponses['reserve']> {
    return this.#kept.reserve(holder, [body, context]);
  }

  /** Follows the job of a request to its end, whether or not the client is there. The response as it is now. */
  run(request: BackgroundRequest): Json {
    const id = responseIdOf(request.facts);
    const running: Running = { ...request, status: 'queued', unfollow: null, endChecks: null };
    this.#running.set(id, running);
    running.endChecks = this.#access.add(() => {
      this.#checkAccess(running);
    });
    const onEvent = (event: JobEvent): void => {
      this.#take(running, event);
    };
    running.unfollow = followToEnd(this.#options.jobs, request.jobId, onEvent, () => {
      this.#complete(running, failedOf(running, poolFailure('job_failed')));
    });
    if (!this.#running.has(id)) running.unfollow();
    return this.find(request.holder, id)?.response ?? stateOf(running);
  }

  /** Null: it does not run in the background. */
  async cancel(holder: string | null, id: string): Promise<Json | null> {
    const running = this.#runningOf(holder, id);
    if (running === null) return null;
    const response = stateOf({ ...running, status: 'cancelled' });
    this.#complete(running, response);
    await this.#options.jobs.cancel(running.jobId, 'requested');
    return response;
  }

  delete(holder: string | null, id: string): boolean {
    const running = this.#runningOf(holder, id);
    if (running === null) return this.#kept.delete(holder, id);
    this.#end(running, 'requested');
    return true;
  }

  /** The key was revoked. */
  closeOf(holder: string): void {
    this.#kept.forget(holder);
    for (const running of [...this.#running.values()]) if (running.holder === holder) this.#end(running, 'revoked');
  }

  /** Called while the nodes are still connected. */
  stop(): void {
    this.#expiry?.cancel();
    for (const running of [...this.#running.values()]) this.#end(running, 'scheduler_stopping');
  }

  #runningOf(holder: string | null, id: string): Running | null {
    const running = this.#running.get(id);
    return running?.holder === holder ? running : null;
  }

  #take(running: Running, event: JobEvent): void {
    const [, act] = onJobEvent(startResponse(false), event);
    switch (act.type) {
      case 'wait':
      case 'chunk':
      case 'finish':
        return;
      case 'queued':
        running.status = 'queued';
        return;
      case 'assigned':
        running.status = 'in_progress';
        return;
      case 'answer':
        this.#complete(running, this.#answerOf(running, act.output));
        return;
      case 'fail': {
        const { job } = act;
        if (job.status === 'cancelled') this.#complete(running, stateOf({ ...running, status: 'cancelled' }));
        else
          this.#complete(
            running,
            failedOf(
              running,
              jobFailure(job, (limit) => this.#options.pool.explain(job.requirements, limit)),
            ),
          );
        return;
      }
      case 'broken':
        this.#complete(running, failedOf(running, poolFailure('stream_broken', { reason: BREAK_REASONS[act.reason] })));
        return;
      default:
        assertNever(act);
    }
  }

  #answerOf(running: Running, output: OpenAiOutput): Json {
    if (output.status >= 400) return failedOf(running, refusalFailure(output));
    const answer = running.answer(bodyOf(output), running.facts);
    if (answer === null) return failedOf(running, poolFailure('stream_broken', { reason: BREAK_REASONS.unreadable_output }));
    return { ...answer };
  }

  /** The client cannot retrieve the response any more. */
  #checkAccess(running: Running): void {
    const failure = running.accessFailure();
    if (failure !== null) this.#end(running, failure.code === 'REVOKED' ? 'revoked' : 'expired');
  }

  #complete(running: Running, response: Json): void {
    this.#forgetRunning(running);
    this.keep(running, response, running.facts);
  }

  #end(running: Running, reason: CancelReason): void {
    this.#forgetRunning(running);
    void this.#options.jobs.cancel(running.jobId, reason);
  }

  #forgetRunning(running: Running): void {
    this.#running.delete(responseIdOf(running.facts));
    running.unfollow?.();
    running.endChecks?.();
    running.release();
  }

  #expire(): void {
    this.#kept.expire(this.#options.clock.monotonicMs());
  }

  /** So that memory is freed without another request. */
  #expireLater(): void {
    const { clock } = this.#options;
    const dueMonotonicMs = this.#kept.nextExpiryMonotonicMs();
    if (this.#expiry !== null || dueMonotonicMs === null) return;
    this.#expiry = clock.setTimer(Math.max(0, dueMonotonicMs - clock.monotonicMs()), () => {
      this.#expiry = null;
      this.#expire();
      this.#expireLater();
    });
  }
}

const stateOf = ({ body, facts, status }: Pick<Running, 'body' | 'facts' | 'status'>): Json => responseOf(body, facts, noOutcome(status));

function failedOf({ body, facts, language }: Running, failure: OpenAiFailure): Json {
  const { message } = openAiBody(failure, language).error;
  const code = failure.status === 429 ? 'rate_limit_exceeded' : 'server_error';
  return responseOf(body, facts, { ...noOutcome('failed'), error: { code, message } });
}
