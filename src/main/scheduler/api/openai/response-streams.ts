// All requests to client APIs that wait for their jobs, and the stored responses. When the scheduler stops, each open request gets an error
// first.
import type { ServerResponse } from 'node:http';
import type { SchedulerConfig } from '../../../platform/config/config';
import { StoredResponses } from '../client-apis/stored-responses';
import { flushed } from '../responses';
import { AccessChecks } from './access-checks';
import { BusyChecks } from './busy-checks';
import { ResponseStream, type ResponseStreamOptions, type StreamedRequest } from './response-stream';

type OpenAiSettings = SchedulerConfig['openai'];

export interface ResponseStreamsOptions extends Omit<ResponseStreamOptions, 'busyChecks' | 'busyTimeoutMs'> {
  readonly settings: OpenAiSettings;
}

interface OpenStream {
  readonly stream: ResponseStream;
  readonly holder: string | null;
}

export class ResponseStreams {
  /** Of the Responses API. */
  readonly stored: StoredResponses;
  readonly #options: Omit<ResponseStreamOptions, 'busyTimeoutMs'>;
  #settings: OpenAiSettings;
  readonly #open = new Map<ServerResponse, OpenStream>();
  readonly #access: AccessChecks;
  #isStopping = false;

  constructor(options: ResponseStreamsOptions) {
    this.#settings = options.settings;
    this.stored = new StoredResponses(options);
    this.#access = new AccessChecks(options.clock);
    this.#options = { ...options, busyChecks: new BusyChecks(options.pool, options.clock) };
  }

  /** How long a request waits for a node. */
  get queueTimeoutSeconds(): number {
    return this.#settings.queueTimeoutSeconds;
  }

  /** For requests that arrive from now on. */
  configure(settings: OpenAiSettings): void {
    this.#settings = settings;
  }

  /** Writes the response from now on, and ends it. */
  open(request: StreamedRequest, response: ServerResponse): void {
    const busyTimeoutMs = this.#settings.busyTimeoutSeconds * 1000;
    const stream = new ResponseStream({ ...this.#options, busyTimeoutMs }, request, response);
    if (!response.destroyed) this.#track(response, { stream, holder: request.holder });
    stream.start();
    if (this.#isStopping) stream.stop();
  }

  #track(response: ServerResponse, open: OpenStream): void {
    this.#open.set(response, open);
    const endChecks = this.#access.add(() => {
      open.stream.checkAccess();
    });
    response.on('close', () => {
      this.#open.delete(response);
      endChecks();
    });
  }

  /** Ends the answers to a credential that was revoked, with an error, and forgets its stored responses. */
  closeOf(holder: string): void {
    for (const open of [...this.#open.values()]) if (open.holder === holder) open.stream.revoke();
    this.stored.closeOf(holder);
  }

  /** Called before the nodes of this program disconnect, which would otherwise count as lost nodes. */
  stopSoon(): void {
    this.#isStopping = true;
    for (const { stream } of [...this.#open.values()]) stream.stopSoon();
  }

  /** Resolves when all clients have received their errors. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.stored.stop();
    for (const { stream } of [...this.#open.values()]) stream.stop();
    await flushed(this.#open.keys(), this.#options.clock);
  }
}
