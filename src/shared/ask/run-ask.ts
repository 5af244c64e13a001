// Sends one question to the OpenAI API of a pool, and its answer to a listener. The main process and a browser both use this file, each with
// its own HTTP. While no answer has begun, the job is found by its trace id, so that the listener learns why the job waits.
import type { AppError } from '../api/app-error';
import { ASK_LIMITS, type AskEvent, type AskListener, type AskParams, MAX_WAITING_NODES } from '../api/ask';
import { isLast, LISTENER_FAILED } from '../api/ask-end';
import { jobListSchema, jobViewSchema } from '../api/job';
import { SseParser } from '../sse-parser';
import { askJobOf, beginOf, failureOf, joined, stepOf, transcriptOf } from './ask-answer';
import { type AskRequest, requestOf } from './ask-request';

/** The first look at the job. Most answers begin before it. */
const FIRST_LOOK_MS = 600;
const LOOK_MS = 1000;
/** The newest jobs that the key may see, among which the job is searched. The owner key sees all jobs of the pool. */
const JOBS_READ = 50;
/** The scheduler sends a comment every 15 s. */
const MAX_SILENCE_MS = 60_000;
const MAX_EVENT_CHARACTERS = 4 * 1024 * 1024;
const MAX_STREAM_CHARACTERS = 64 * 1024 * 1024;
const MAX_ERROR_CHARACTERS = 256 * 1024;
/** The node reports its timings with the result, right after the last token. */
const LAST_LOOK_LIMIT_MS = 2000;

export interface AskResponse {
  readonly status: number;
  header(name: string): string | null;
  /** The body, once: as text or as bytes. */
  text(): AsyncIterable<string>;
  bytes(): AsyncIterable<Uint8Array>;
}

export interface AskConnection {
  /** Rejects when the scheduler cannot be reached. */
  readonly response: Promise<AskResponse>;
  /** Ends the connection: the scheduler then cancels the job. */
  close(): void;
}

export interface AskHttp {
  send(request: AskRequest): AskConnection;
  /** The JSON at a path of the scheduler. Never rejects: undefined when there is none. */
  get(path: string): Promise<unknown>;
  /** The failure of a connection. */
  failure(cause: unknown): AppError;
  setTimer(delayMs: number, callback: () => void): { cancel(): void };
}

export interface AskRun {
  readonly params: AskParams;
  /** New for each request: 8 to 64 characters of `A-Za-z0-9_-`. */
  readonly requestId: string;
  readonly listener: AskListener;
}

/** Returns the function that cancels. */
export function runAsk(http: AskHttp, { params, requestId, listener }: AskRun): () => void {
  const run = new Run(http, params, requestId, listener);
  void run.start();
  return () => {
    run.cancel();
  };
}

const silent = Symbol('silent');
const cancelled = Symbol('cancelled');

class Run {
  readonly #http: AskHttp;
  readonly #params: AskParams;
  readonly #requestId: string;
  readonly #listener: AskListener;
  readonly #connection: AskConnection;
  #hasEnded = false;
  #looks: { cancel(): void } | null = null;
  /** Deliveries follow each other. */
  #delivery: Promise<void> = Promise.resolve();
  #undelivered = 0;
  #stop: (reason: typeof cancelled) => void = () => undefined;

  constructor(http: AskHttp, params: AskParams, requestId: string, listener: AskListener) {
    this.#http = http;
    this.#params = params;
    this.#requestId = requestId;
    this.#listener = listener;
    this.#connection = http.send(requestOf(params, requestId));
  }

  async start(): Promise<void> {
    this.#lookAfter(FIRST_LOOK_MS, null);
    try {
      const response = await this.#connection.response;
      this.#looks?.cancel();
      this.#looks = null;
      if (this.#hasEnded) return;
      await this.#read(response);
    } catch (cause) {
      this.#end({ type: 'failed', error: this.#http.failure(cause === silent ? 'silent' : cause) });
    }
  }

  cancel(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#looks?.cancel();
    this.#connection.close();
    this.#stop(cancelled);
  }

  async #read(response: AskResponse): Promise<void> {
    if (response.status >= 300) {
      const body = await this.#wholeText(response, MAX_ERROR_CHARACTERS);
      this.#end({ type: 'failed', error: failureOf(response.status, body ?? '') });
      return;
    }
    const begin = beginOf((name) => response.header(name));
    void this.#deliver([begin]);
    switch (this.#params.task) {
      case 'chat':
        if (begin.job_id !== null) void this.#look(begin.job_id);
        await this.#readChat(response, begin.job_id);
        return;
      case 'transcribe':
        await this.#readTranscript(response);
        return;
      case 'speak':
        await this.#readSpeech(response);
        return;
    }
  }

  async #readChat(response: AskResponse, jobId: string | null): Promise<void> {
    const parser = new SseParser(MAX_EVENT_CHARACTERS);
    let characters = 0;
    let finishReason: string | null = null;
    for await (const piece of this.#pieces(response.text())) {
      characters += piece.length;
      if (characters > MAX_STREAM_CHARACTERS) throw new Error('answer_too_large');
      const steps = parser.push(piece).map(({ data }) => stepOf(data));
      for (const step of steps) finishReason = step.finishReason ?? finishReason;
      const events = joined(steps.flatMap((step) => step.events));
      const failed = events.findIndex(isLast);
      await this.#deliver(failed < 0 ? events : events.slice(0, failed));
      const last = events[failed];
      if (last !== undefined) this.#end(last);
      if (this.#hasEnded) return;
      if (!steps.some(({ isDone }) => isDone)) continue;
      if (jobId !== null) await this.#within(LAST_LOOK_LIMIT_MS, this.#look(jobId));
      this.#end({ type: 'end', finish_reason: finishReason });
      return;
    }
    this.#end({ type: 'failed', error: { code: 'stream_broken', message: 'the stream ended early', details: null } });
  }

  async #readTranscript(response: AskResponse): Promise<void> {
    const body = await this.#wholeText(response, MAX_STREAM_CHARACTERS);
    const text = body === null ? null : transcriptOf(response.header('content-type') ?? '', body);
    if (text === null) {
      this.#end({ type: 'failed', error: { code: 'stream_broken', message: 'the answer has no text', details: null } });
      return;
    }
    await this.#deliver([{ type: 'text', text, pieces: 1 }]);
    this.#end({ type: 'end', finish_reason: 'stop' });
  }

  async #readSpeech(response: AskResponse): Promise<void> {
    const pieces: Uint8Array[] = [];
    let length = 0;
    for await (const piece of this.#pieces(response.bytes())) {
      length += piece.length;
      if (length > ASK_LIMITS.answerBytes) throw new Error('answer_too_large');
      pieces.push(piece);
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    await this.#deliver([{ type: 'audio', content_type: response.header('content-type') ?? '', bytes }]);
    this.#end({ type: 'end', finish_reason: 'stop' });
  }

  /** Null: longer than the limit. */
  async #wholeText(response: AskResponse, maxCharacters: number): Promise<string | null> {
    let text = '';
    for await (const piece of this.#pieces(response.text())) {
      text += piece;
      if (text.length > maxCharacters) return null;
    }
    return text;
  }

  /** Ends at once when the run is cancelled. Throws after a silence; the time that the listener takes does not count. */
  async *#pieces<Piece>(body: AsyncIterable<Piece>): AsyncGenerator<Piece> {
    const iterator = body[Symbol.asyncIterator]();
    const stopped = new Promise<typeof cancelled>((resolve) => {
      this.#stop = resolve;
    });
    while (!this.#hasEnded) {
      let timer: { cancel(): void } | null = null;
      const silence = new Promise<typeof silent>((resolve) => {
        timer = this.#http.setTimer(MAX_SILENCE_MS, () => {
          resolve(silent);
        });
      });
      const next = iterator.next();
      // The connection is closed then, so that the rejection of the abandoned read means nothing.
      next.catch(() => undefined);
      const step = await Promise.race([next, silence, stopped]).finally(() => timer?.cancel());
      if (step === cancelled) return;
      // oxlint-disable-next-line typescript/only-throw-error -- converted to a failure by the caller
      if (step === silent) throw silent;
      if (step.done === true) return;
      yield step.value;
    }
  }

  #lookAfter(delayMs: number, jobId: string | null): void {
    this.#looks = this.#http.setTimer(delayMs, () => {
      void this.#lookAgain(jobId);
    });
  }

  async #lookAgain(knownId: string | null): Promise<void> {
    const turn = this.#looks;
    const jobId = knownId ?? (await this.#findJob());
    // A listener that is still busy with the last look needs no newer one.
    if (jobId !== null && this.#undelivered === 0) await this.#look(jobId, () => this.#looks === turn);
    if (this.#looks === turn && !this.#hasEnded) this.#lookAfter(LOOK_MS, jobId);
  }

  async #findJob(): Promise<string | null> {
    const list = jobListSchema.safeParse(await this.#http.get(`/api/v1/jobs?limit=${String(JOBS_READ)}`));
    return list.data?.jobs.find(({ trace_id: traceId }) => traceId === this.#requestId)?.job_id ?? null;
  }

  async #look(jobId: string, isWanted: () => boolean = () => true): Promise<void> {
    const path = `/api/v1/jobs/${encodeURIComponent(jobId)}?node_limit=${String(MAX_WAITING_NODES)}`;
    const view = jobViewSchema.safeParse(await this.#http.get(path));
    if (view.success && isWanted()) await this.#deliver([{ type: 'job', job: askJobOf(view.data) }]);
  }

  /** Waits at most this long. */
  async #within(limitMs: number, work: Promise<void>): Promise<void> {
    let timer: { cancel(): void } | null = null;
    const limit = new Promise<void>((resolve) => {
      timer = this.#http.setTimer(limitMs, resolve);
    });
    await Promise.race([work, limit]).finally(() => timer?.cancel());
  }

  #deliver(events: readonly AskEvent[]): Promise<void> {
    if (events.length === 0) return Promise.resolve();
    this.#undelivered += 1;
    this.#delivery = this.#delivery
      .then(() => (this.#hasEnded ? undefined : this.#listener.onEvents(events)))
      .catch(() => {
        this.#end(LISTENER_FAILED);
      })
      .finally(() => {
        this.#undelivered -= 1;
      });
    return this.#delivery;
  }

  #end(last: AskEvent): void {
    if (this.#hasEnded) return;
    this.#looks?.cancel();
    this.#looks = null;
    this.#connection.close();
    void this.#delivery
      .then(() => {
        if (this.#hasEnded) return undefined;
        this.#hasEnded = true;
        return this.#listener.onEvents([last]);
      })
      // A listener that throws at the last event gets no other.
      .catch(() => undefined);
  }
}
