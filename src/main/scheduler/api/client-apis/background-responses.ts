// The responses that run in the background: the job of each is followed to its end, whether or not the client is there. In a cluster with a bus
// the next leader goes on with them: it follows the job on its node, or sends the request to a node again.
import { assertNever } from '../../../../shared/assert-never';
import type { CancelReason, JobEvent } from '../../../../shared/api/job';
import type { OpenAiOutput } from '../../../../shared/protocol/tasks';
import type { Result } from '../../../../shared/result';
import { ownTurn } from '../../../platform/own-turn';
import type { Clock } from '../../../platform/clock';
import type { JobsPort } from '../../jobs/jobs-port';
import { AccessChecks } from '../openai/access-checks';
import { jobFailure, LOST_WITH_NODE } from '../openai/core/job-failure';
import { openAiBody, type OpenAiFailure, poolFailure } from '../openai/core/openai-error';
import { BREAK_REASONS, onJobEvent, startResponse } from '../openai/core/response-state';
import { bodyOf, refusalFailure } from '../openai/core/whole-answer';
import { followToEnd } from '../openai/follow-to-end';
import type { OpenAiPool } from '../openai/openai-requests';
import type { AccessCheck } from '../route';
import type { AnswerTranslation } from './core/client-api';
import { noOutcome, responseIdOf, responseOf, type ResponseStatus } from './core/responses/response-object';
import type { RunningRequest } from './core/responses/stored-request';
import type { Json } from './core/responses/tools';
import { translationOf } from './core/translation-of';
import type { ResponseMemory } from './response-memory';

/** In one turn of the event loop. */
const RESUMED_AT_ONCE = 100;

export interface BackgroundOptions {
  readonly jobs: Pick<JobsPort, 'follow' | 'get' | 'cancel'>;
  readonly pool: Pick<OpenAiPool, 'explain'>;
  readonly clock: Clock;
  readonly memory: ResponseMemory;
  /** Of a cluster with a bus: whether this scheduler leads. Then the responses outlive it. Null: they end with it. */
  readonly leads: (() => boolean) | null;
  readonly onEnded: (request: RunningRequest, response: Json) => void;
}

export interface BackgroundRequest extends RunningRequest {
  readonly answer: AnswerTranslation['answer'];
  /** Whether the credential of the client has ended since. */
  readonly accessFailure: AccessCheck;
  /** Ends the count of its memory. */
  readonly release: () => void;
}

/** What the next leader needs to go on. */
export interface Resuming {
  /** The job still runs on a node. */
  readonly claim: (jobId: string) => boolean;
  readonly accessOf: (request: RunningRequest) => AccessCheck;
  /** Sends the request to a node, with a new job. */
  readonly submit: (request: RunningRequest) => Promise<Result<RunningRequest, OpenAiFailure>>;
}

interface Running {
  request: RunningRequest;
  /** Null: of the data of the request. */
  answer: AnswerTranslation['answer'] | null;
  status: ResponseStatus;
  readonly accessFailure: AccessCheck;
  /** After the loss of its node. Null: the job has tried other nodes itself. */
  readonly submit: Resuming['submit'] | null;
  unfollow: (() => void) | null;
  endChecks: (() => void) | null;
}

export class BackgroundResponses {
  readonly #options: BackgroundOptions;
  readonly #running = new Map<string, Running>();
  readonly #access: AccessChecks;
  #unlisten: (() => void) | null = null;

  constructor(options: BackgroundOptions) {
    this.#options = options;
    this.#access = new AccessChecks(options.clock);
  }

  /** Null: the key has no such response in the background. */
  find(holder: string | null, id: string): { readonly response: Json; readonly input: string | readonly Json[] } | null {
    const running = this.#of(holder, id);
    return running === null ? null : { response: stateOf(running), input: running.request.body.input };
  }

  /** Follows the job of a request. */
  run({ answer, accessFailure, release, ...request }: BackgroundRequest): Json {
    this.#options.memory.runs(request, release);
    const running = this.#add(request, { answer, accessFailure, submit: null });
    this.#follow(running);
    return stateOf(running);
  }

  /** Goes on with those of an earlier leader, in turns of the event loop, and with those that other members name from now on. */
  async resume(resuming: Resuming): Promise<void> {
    const { memory } = this.#options;
    const all = memory.runningAll();
    // First: copies of a former leader may arrive meanwhile.
    this.#unlisten = memory.onChange(({ type, id, from }) => {
      if (from === null) return;
      const request = type === 'runs' && !this.#running.has(id) ? memory.running(id) : null;
      if (request !== null) this.#resume(request, resuming);
      const running = type === 'runs' ? undefined : this.#running.get(id);
      if (running !== undefined) this.#drop(running, 'requested');
    });
    for (const [index, request] of all.entries()) {
      if (index % RESUMED_AT_ONCE === 0) await ownTurn();
      const id = responseIdOf(request.facts);
      if (memory.running(id) !== null && !this.#running.has(id)) this.#resume(request, resuming);
    }
  }

  /** Null: it does not run in the background. */
  async cancel(holder: string | null, id: string): Promise<Json | null> {
    const running = this.#of(holder, id);
    if (running === null) return null;
    const response = stateOf({ ...running, status: 'cancelled' });
    const { jobId } = running.request;
    this.#complete(running, response);
    await this.#options.jobs.cancel(jobId, 'requested');
    return response;
  }

  /** False: it does not run in the background. */
  delete(holder: string | null, id: string): boolean {
    const running = this.#of(holder, id);
    if (running !== null) this.#end(running, 'requested');
    return running !== null;
  }

  /** The key was revoked. */
  closeOf(holder: string): void {
    for (const running of [...this.#running.values()]) if (running.request.holder === holder) this.#end(running, 'revoked');
  }

  /** Called while the nodes are still connected. */
  stop(): void {
    this.#unlisten?.();
    for (const running of [...this.#running.values()]) {
      if (this.#options.leads === null) this.#end(running, 'scheduler_stopping');
      else this.#forget(running);
    }
  }

  #of(holder: string | null, id: string): Running | null {
    const running = this.#running.get(id);
    return running?.request.holder === holder ? running : null;
  }

  #add(request: RunningRequest, parts: Pick<Running, 'answer' | 'accessFailure' | 'submit'>): Running {
    const running: Running = { request, ...parts, status: 'queued', unfollow: null, endChecks: null };
    this.#running.set(responseIdOf(request.facts), running);
    running.endChecks = this.#access.add(() => {
      this.#checkAccess(running);
    });
    return running;
  }

  #follow(running: Running): void {
    const onEvent = (event: JobEvent): void => {
      this.#take(running, event);
    };
    const unfollow = followToEnd(this.#options.jobs, running.request.jobId, onEvent, () => {
      this.#fail(running, poolFailure('job_failed'));
    });
    if (this.#isOpen(running)) running.unfollow = unfollow;
    else unfollow();
  }

  #resume(request: RunningRequest, { claim, accessOf, submit }: Resuming): void {
    const running = this.#add(request, { answer: null, accessFailure: accessOf(request), submit });
    if (claim(request.jobId)) this.#follow(running);
    else void this.#again(running, submit);
  }

  /** Its job is lost: no other scheduler can read the task (ADR 0050). */
  async #again(running: Running, submit: Resuming['submit']): Promise<void> {
    running.unfollow?.();
    running.unfollow = null;
    running.status = 'queued';
    this.#checkAccess(running);
    // Each in a turn of its own: it is translated again.
    await ownTurn();
    if (!this.#isOpen(running)) return;
    const submitted = await submit(running.request);
    if (!this.#isOpen(running)) {
      if (submitted.ok) void this.#options.jobs.cancel(submitted.value.jobId, 'requested');
      return;
    }
    if (!submitted.ok) {
      this.#fail(running, submitted.error);
      return;
    }
    running.request = submitted.value;
    running.answer = null;
    this.#options.memory.runsAs(submitted.value);
    this.#follow(running);
  }

  #take(running: Running, event: JobEvent): void {
    // What happens to the jobs of a leader that was replaced is of no account.
    if (this.#options.leads?.() === false) return;
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
        this.#complete(running, this.#answer(running, act.output));
        return;
      case 'fail': {
        const { job } = act;
        if (job.status === 'cancelled') this.#complete(running, stateOf({ ...running, status: 'cancelled' }));
        else if (running.submit !== null && LOST_WITH_NODE.has(job.error?.code)) void this.#again(running, running.submit);
        else
          this.#fail(
            running,
            jobFailure(job, (limit) => this.#options.pool.explain(job.requirements, limit)),
          );
        return;
      }
      case 'broken':
        this.#fail(running, poolFailure('stream_broken', { reason: BREAK_REASONS[act.reason] }));
        return;
      default:
        assertNever(act);
    }
  }

  #answer({ request, answer }: Running, output: OpenAiOutput): Json {
    if (output.status >= 400) return failedOf(request, refusalFailure(output));
    const response = (answer ?? answerOf(request))(bodyOf(output), request.facts);
    if (response === null) return failedOf(request, poolFailure('stream_broken', { reason: BREAK_REASONS.unreadable_output }));
    return { ...response };
  }

  /** The client cannot retrieve the response any more. */
  #checkAccess(running: Running): void {
    const failure = running.accessFailure();
    if (failure !== null) this.#end(running, failure.code === 'REVOKED' ? 'revoked' : 'expired');
  }

  #fail(running: Running, failure: OpenAiFailure): void {
    if (this.#isOpen(running)) this.#complete(running, failedOf(running.request, failure));
  }

  #complete(running: Running, response: Json): void {
    this.#forget(running);
    this.#options.onEnded(running.request, response);
  }

  #end(running: Running, reason: CancelReason): void {
    this.#drop(running, reason);
    this.#options.memory.delete(responseIdOf(running.request.facts));
  }

  #drop(running: Running, reason: CancelReason): void {
    this.#forget(running);
    void this.#options.jobs.cancel(running.request.jobId, reason);
  }

  #forget(running: Running): void {
    this.#running.delete(responseIdOf(running.request.facts));
    running.unfollow?.();
    running.endChecks?.();
  }

  #isOpen(running: Running): boolean {
    return this.#running.get(responseIdOf(running.request.facts)) === running;
  }
}

function answerOf({ translation }: RunningRequest): AnswerTranslation['answer'] {
  // A response has no times of its answer.
  const made = translation === null ? null : translationOf(translation, () => ({ atWallMs: 0, sinceRequestMs: 0 }));
  return made?.answer ?? (() => null);
}

const stateOf = ({ request: { body, facts }, status }: Pick<Running, 'request' | 'status'>): Json =>
  responseOf(body, facts, noOutcome(status));

function failedOf({ body, facts, language }: RunningRequest, failure: OpenAiFailure): Json {
  const { message } = openAiBody(failure, language).error;
  const code = failure.status === 429 ? 'rate_limit_exceeded' : 'server_error';
  return responseOf(body, facts, { ...noOutcome('failed'), error: { code, message } });
}
