// All requests to client APIs that wait for their jobs, and the stored responses.
import type { ServerResponse } from 'node:http';
import type { Clock } from '../../../platform/clock';
import type { SchedulerConfig } from '../../../platform/config/config';
import { notingEnd } from '../client-apis/core/responses/noted-end';
import { StoredResponses, type StoredResponsesOptions } from '../client-apis/stored-responses';
import type { AccessCheck, EndOfAccess } from '../route';
import { AccessChecks } from './access-checks';
import { OpenJob, type OpenJobOptions } from './answered-job';
import { BusyChecks } from './busy-checks';
import { serverFailure } from './core/openai-error';
import { OpenAnswers } from './open-answers';
import { ResponseStream, type StreamedRequest } from './response-stream';

type OpenAiSettings = SchedulerConfig['openai'];

export interface ResponseStreamsOptions extends Omit<OpenJobOptions, 'busyChecks' | 'busyTimeoutMs'> {
  readonly clock: Clock;
  readonly settings: OpenAiSettings;
  /** Default: this scheduler is alone. */
  readonly shared?: StoredResponsesOptions['shared'];
}

/** A request that became a job. */
export interface JobAnswer extends StreamedRequest {
  /** The credential of the client. Null: none. */
  readonly holder: string | null;
  /** Whether the credential has ended since. */
  readonly accessFailure: AccessCheck;
  /** The token of the replica that has the connection of the client. Null: this scheduler has it. */
  readonly replica: string | null;
  /** Called once, when the client has the answer or has disconnected. */
  readonly release: () => void;
}

/** The answer is written elsewhere. */
export type HandOver = (answer: JobAnswer, replica: string, response: ServerResponse) => void;

export class ResponseStreams {
  /** Of the Responses API. */
  readonly stored: StoredResponses;
  readonly #options: Omit<OpenJobOptions, 'busyTimeoutMs'>;
  readonly #answers: OpenAnswers;
  #settings: OpenAiSettings;
  readonly #holders = new Map<ResponseStream, string | null>();
  readonly #access: AccessChecks;
  #handOver: HandOver | null = null;

  constructor(options: ResponseStreamsOptions) {
    this.#settings = options.settings;
    this.stored = new StoredResponses({ shared: null, ...options });
    this.#access = new AccessChecks(options.clock);
    this.#answers = new OpenAnswers(options.clock);
    this.#options = { ...options, busyChecks: new BusyChecks(options.pool, options.clock) };
  }

  /** How long a request waits for a node. */
  get queueTimeoutSeconds(): number {
    return this.#settings.queueTimeoutSeconds;
  }

  /** How long a request waits for nodes that only their owners' load keeps from it. */
  get busyTimeoutMs(): number {
    return this.#settings.busyTimeoutSeconds * 1000;
  }

  /** Answers for clients of replicas are handed over from now on. */
  attachReplicas(handOver: HandOver): void {
    this.#handOver = handOver;
  }

  /** For requests that arrive from now on. */
  configure(settings: OpenAiSettings): void {
    this.#settings = settings;
  }

  /** Writes the response from now on, and ends it. */
  open(answer: JobAnswer, response: ServerResponse): void {
    if (answer.replica !== null && this.#handOver !== null) {
      this.#handOver(answer, answer.replica, response);
      return;
    }
    const { busyTimeoutMs } = this;
    const job = new OpenJob({ ...this.#options, busyTimeoutMs }, answer.jobId);
    const stream = new ResponseStream({ job, clock: this.#options.clock }, noted(answer), response);
    // The client may have disconnected already.
    if (response.destroyed) answer.release();
    else this.#track(answer, stream, response);
    this.#answers.start(stream, response);
  }

  #track({ holder, accessFailure, release }: JobAnswer, stream: ResponseStream, response: ServerResponse): void {
    this.#holders.set(stream, holder);
    const endChecks = this.#access.add(() => {
      const failure = accessFailure();
      if (failure !== null)
        stream.endWith(serverFailure(failure.code, failure.details), failure.code === 'REVOKED' ? 'revoked' : 'expired');
    });
    response.on('close', () => {
      this.#holders.delete(stream);
      endChecks();
      release();
    });
  }

  /** Ends the answers to a credential that may not send jobs any more, with an error, and forgets its stored responses. */
  closeOf(holder: string, why: EndOfAccess): void {
    for (const [stream, of] of [...this.#holders]) if (of === holder) stream.endWith(serverFailure(why, null), 'revoked');
    this.stored.closeOf(holder);
  }

  /** Called before the nodes of this program disconnect, which would otherwise count as lost nodes. */
  stopSoon(): void {
    this.#answers.stopSoon();
  }

  /** Resolves when all clients have received their errors. */
  async stop(): Promise<void> {
    this.stored.stop();
    await this.#answers.stop();
  }
}

/** Notes the response at the end of the answer, where it is kept. */
function noted(answer: JobAnswer): JobAnswer {
  const { translated, note } = answer;
  return translated === null || note === null ? answer : { ...answer, translated: notingEnd(translated, note) };
}
