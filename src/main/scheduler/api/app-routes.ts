// The AppApi of the renderer over HTTP: its operations by name, and its events. Only a program that has an app mounts these routes.
import { z } from 'zod';
import { type AppApi, OPERATIONS, type OperationName } from '../../../shared/api/app-api';
import { type AppEvent, appEventsSchema } from '../../../shared/api/app-state';
import { recordOf } from '../../../shared/protocol/bounded';
import { validate } from '../../../shared/protocol/decode';
import type { EventStreams } from './event-streams';
import { errorAnswer } from './responses';
import { errorCodeAnswer, json, route, type Route } from './route';

const isOperation = (name: string): name is OperationName => Object.hasOwn(OPERATIONS, name);

const MAX_PARAMS = 64;
const operationBody = { name: 'OperationParams', schema: recordOf(z.string(), z.unknown(), MAX_PARAMS) };
const operationAnswer = { name: 'OperationResult', schema: z.object({ ok: z.literal(true), value: z.json() }) };

/** A message in pieces: the state can have ten thousand nodes, and many nodes can change at once. */
function* piecesOf(events: readonly AppEvent[]): IterableIterator<string> {
  let separator = '[';
  for (const event of events) {
    if (event.type === 'snapshot') {
      const { nodes, ...rest } = event.state;
      yield `${separator}{"type":"snapshot","state":${JSON.stringify(rest).slice(0, -1)},"nodes":[`;
      for (const [at, node] of nodes.entries()) yield `${at === 0 ? '' : ','}${JSON.stringify(node)}`;
      yield ']}}';
    } else yield `${separator}${JSON.stringify(event)}`;
    separator = ',';
  }
  yield ']';
}

export function appRoutes(app: AppApi, streams: EventStreams): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/api/v1/app/{operation}',
      summary: 'Runs one operation of the app, by name (`pool.drain`, ...). The body is its params, `value` its result.',
      params: z.object({ operation: z.string().max(64) }),
      body: operationBody,
      answers: { schema: operationAnswer },
      errors: ['NOT_FOUND', 'INVALID_STATE'],
      async handle({ params: { operation }, body }) {
        if (!isOperation(operation)) return errorCodeAnswer('NOT_FOUND', { operation: operation.slice(0, 64) });
        const params = validate(body, OPERATIONS[operation].params);
        if (!params.ok) return errorCodeAnswer('INVALID_REQUEST', { ...params.error });
        const outcome = await app.call(operation, params.value);
        return outcome.ok ? json(outcome) : errorAnswer(outcome.error);
      },
    }),
    route({
      method: 'GET',
      path: '/api/v1/app/events',
      summary: 'Server-sent events of the app, each a list of changes. Not resumable: every stream starts with a snapshot.',
      answers: { contentType: 'text/event-stream', schema: { name: 'AppEvents', schema: appEventsSchema } },
      errors: ['OVERLOADED'],
      handle: () => ({
        kind: 'stream',
        open: (response) =>
          streams.open(response, (send) =>
            app.subscribe({
              onEvents: (events) => {
                send(null, piecesOf(events));
              },
              // The app is in this process, so it is always connected. The client derives the connection to the server from its stream.
              onConnection: () => undefined,
            }),
          ),
      }),
    }),
  ];
}
