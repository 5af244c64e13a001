// Routes for computers that ask to join the pool by digits, and the path of their socket.
import { z } from 'zod';
import {
  approveJoinBodySchema,
  joinRequestIdSchema,
  joinRequestListSchema,
  joinRequestViewSchema,
} from '../../../shared/api/join-requests';
import type { JoinRequests } from '../../contracts/ports';
import { JOIN_SOCKET_PATH } from '../../joining/core/join-messages';
import { answerOf } from './responses';
import { errorCodeAnswer, json, route, type Route } from './route';

const requestParams = z.object({ request_id: joinRequestIdSchema });

/** The name that a newcomer claims. A decision ends its request. */
export const newcomerName = (requests: Pick<JoinRequests, 'list'>, requestId: unknown): string | null =>
  requests.list().find(({ id }) => id === requestId)?.name ?? null;

export const joinRoutes = (requests: JoinRequests): readonly Route[] => [
  route({
    method: 'GET',
    path: '/api/v1/join-requests',
    access: 'manage',
    summary: 'Lists the computers that ask to join by digits, the oldest first.',
    answers: { schema: { name: 'JoinRequestList', schema: joinRequestListSchema } },
    handle: () => json({ join_requests: requests.list() }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/join-requests/{request_id}/approve',
    access: 'manage',
    act: 'join_request.approve',
    targetOf: ({ request_id: id }) => newcomerName(requests, id),
    summary: 'Approves a request whose digits you compared. The computer joins with these roles when its person confirms them, too.',
    params: requestParams,
    body: { name: 'ApproveJoin', schema: approveJoinBodySchema },
    answers: { schema: { name: 'JoinRequest', schema: joinRequestViewSchema } },
    errors: ['NOT_FOUND'],
    handle: ({ params, body }) => answerOf(requests.approve(params.request_id, body.roles)),
  }),
  route({
    method: 'POST',
    path: '/api/v1/join-requests/{request_id}/deny',
    access: 'manage',
    act: 'join_request.deny',
    targetOf: ({ request_id: id }) => newcomerName(requests, id),
    summary: 'Denies a request. The computer gets no credential.',
    params: requestParams,
    answers: { schema: { name: 'Done', schema: z.strictObject({}) } },
    errors: ['NOT_FOUND'],
    handle: ({ params }) => answerOf(requests.deny(params.request_id)),
  }),
  route({
    method: 'GET',
    path: JOIN_SOCKET_PATH,
    access: 'anyone',
    summary: 'The WebSocket for joining by digits (docs/protocol.md). Requires an upgrade over TLS.',
    answers: { status: 101 },
    handle: () => errorCodeAnswer('INVALID_REQUEST', { field: 'upgrade', reason: 'a WebSocket upgrade is required' }),
  }),
];
