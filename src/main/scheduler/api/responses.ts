// The answers of the HTTP API: converts the outcome of an operation to an answer, writes an answer as a response, and waits for the end
// of all responses when the scheduler stops.
import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AppError, Outcome } from '../../../shared/api/app-api';
import { preferredLanguage } from '../../../shared/language';
import { type ErrorCode, httpStatusOfError, isSchedulerErrorCode, messageIn } from '../../../shared/protocol/codes';
import { APP_ERROR_TEXTS, isAppErrorCode } from '../../../shared/reasons/errors';
import type { Clock } from '../../platform/clock';
import { type ErrorDetails, errorHeaders, VARY } from '../access/error-response';
import { failureAnswer } from './client-apis/failure-answer';
import { formatOfPath } from './client-apis/formats';
import { serverFailure } from './openai/core/openai-error';
import { type Answer, errorCodeAnswer, json } from './route';
import { SECURITY_HEADERS } from './security-headers';
import type { StaticFiles } from './static-files';

/** For codes outside the error catalogue (`NOT_AVAILABLE_HERE`, `NOT_CONNECTED`, ...): the operation conflicts with the current state. */
const STATUS_OF_OTHER_CODES = 409;

export function answerOf<Value>(outcome: Outcome<Value>): Answer {
  return outcome.ok ? json(outcome.value ?? {}) : errorAnswer(outcome.error);
}

export function errorAnswer(error: AppError): Answer {
  const { code, details } = error;
  return {
    kind: 'error',
    status: isSchedulerErrorCode(code) ? httpStatusOfError(code) : STATUS_OF_OTHER_CODES,
    // The messages of outcomes are English.
    bodyIn: (language) => ({ error: language === 'en' ? error : { ...error, message: chineseMessageOf(error) } }),
    headers: isSchedulerErrorCode(code) ? errorHeaders(code, details) : {},
  };
}

/** By the code. An unknown code keeps its message. */
function chineseMessageOf({ code, message, details }: AppError): string {
  if (isSchedulerErrorCode(code)) return messageIn(code, 'zh', details);
  return isAppErrorCode(code) ? APP_ERROR_TEXTS[code].zh : message;
}

export const pathOf = (request: FastifyRequest): string => request.url.split('?', 1)[0] ?? '/';

/** An error of the server itself, in the shape that clients of this path expect. */
export function refusal(request: FastifyRequest, code: ErrorCode, details: ErrorDetails = null): Answer {
  const answer = errorCodeAnswer(code, details);
  const format = formatOfPath(pathOf(request));
  if (format === null) return answer;
  const own = failureAnswer(serverFailure(code, details), format, request.id);
  return { ...own, headers: { ...answer.headers, ...own.headers } };
}

/** Fastify writes objects as JSON, with its content type and length. */
export function send(request: FastifyRequest, reply: FastifyReply, files: StaticFiles, answer: Answer): FastifyReply {
  switch (answer.kind) {
    case 'json':
      return reply
        .code(answer.status)
        .headers({ 'cache-control': 'no-store', ...answer.headers })
        .send(answer.body);
    case 'error':
      return reply
        .code(answer.status)
        .headers({ 'cache-control': 'no-store', ...VARY, ...answer.headers })
        .send(answer.bodyIn(preferredLanguage(request.headers['accept-language'])));
    case 'text':
      return sendText(
        reply
          .code(answer.status)
          .headers({ 'cache-control': 'no-store', ...answer.headers })
          .type(answer.contentType),
        answer.text,
      );
    case 'file':
      return sendFile(request, reply, files, answer.path);
    case 'stream':
      return sendStream(request, reply, answer.open);
  }
}

/** Texts that are made while they are read go out no faster than the client reads. */
function sendText(reply: FastifyReply, text: string | readonly Buffer[] | AsyncIterable<string>): FastifyReply {
  if (typeof text === 'string') return reply.send(text);
  if (Symbol.asyncIterator in text) return reply.send(Readable.from(text, { objectMode: false }));
  const length = text.reduce((sum, piece) => sum + piece.length, 0);
  return reply.header('content-length', length).send(Readable.from(text, { objectMode: false }));
}

function sendFile(request: FastifyRequest, reply: FastifyReply, files: StaticFiles, path: string): FastifyReply {
  const file = files.find(path);
  if (file === null) throw new Error(`no file at ${path}`);
  reply.header('etag', file.etag).header('cache-control', file.cacheControl).type(file.contentType);
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  return reply.code(200).send(file.body);
}

function sendStream(request: FastifyRequest, reply: FastifyReply, open: (response: ServerResponse) => boolean): FastifyReply {
  reply.hijack();
  // A stream may last for hours. Its request body may be megabytes, and is not needed any more.
  request.body = null;
  if (open(reply.raw)) return reply;
  const { status, bodyIn, headers } = errorCodeAnswer('OVERLOADED');
  reply.raw.writeHead(status, { ...SECURITY_HEADERS, 'content-type': 'application/json; charset=utf-8', ...VARY, ...headers });
  reply.raw.end(JSON.stringify(bodyIn(preferredLanguage(request.headers['accept-language']))));
  return reply;
}

const MAX_FLUSH_MS = 1000;

/** Resolves when every response is sent or its client has disconnected. Slow consumers are disconnected after one second. */
export async function flushed(responses: Iterable<ServerResponse>, clock: Clock): Promise<void> {
  const open = [...responses].filter((response) => !response.writableFinished && !response.destroyed);
  if (open.length === 0) return;
  await new Promise<void>((resolve) => {
    let left = open.length;
    const timer = clock.setTimer(MAX_FLUSH_MS, resolve);
    for (const response of open) {
      // `finish` and `close` may both come: each response counts once.
      const done = (): void => {
        response.off('finish', done).off('close', done);
        if (--left > 0) return;
        timer.cancel();
        resolve();
      };
      response.on('finish', done).on('close', done);
    }
  });
}
