// Members, invitations, keys, the audit log and join requests of a pool over the HTTP API of its scheduler.
import { z } from 'zod';
import type { Outcome } from '../../shared/api/app-api';
import { type JoinRequestView, joinRequestViewSchema, type NewcomerRoles } from '../../shared/api/join-requests';
import {
  type AuditList,
  auditListSchema,
  type AuditPage,
  type CreatedInvite,
  createdInviteSchema,
  type CreatedKey,
  createdKeySchema,
  type CreateInviteBody,
  type CreateKeyBody,
  inviteListSchema,
  type InviteView,
  inviteViewSchema,
  keyListSchema,
  type KeyView,
  keyViewSchema,
  memberListSchema,
  type MemberView,
  memberViewSchema,
  type UpdateKeyBody,
  type UpdateMemberBody,
} from '../../shared/api/members';
import { ok } from '../../shared/result';
import type { Done, TrustPort } from '../contracts/ports';
import { HttpClient, type HttpClientOptions } from './http-client';

const done = z.looseObject({}).transform(() => undefined);

export class TrustClient implements TrustPort {
  readonly #client: HttpClient;

  constructor(options: HttpClientOptions) {
    this.#client = new HttpClient(options);
  }

  async members(): Promise<Outcome<readonly MemberView[]>> {
    const answer = await this.#list('/api/v1/members', memberListSchema);
    return answer.ok ? ok(answer.value.members) : answer;
  }

  updateMember(id: string, body: UpdateMemberBody): Promise<Outcome<MemberView>> {
    return this.#client.ask({ method: 'PUT', path: `/api/v1/members/${encodeURIComponent(id)}`, body }, memberViewSchema);
  }

  revokeMember(id: string): Promise<Outcome<MemberView>> {
    return this.#client.ask({ method: 'DELETE', path: `/api/v1/members/${encodeURIComponent(id)}` }, memberViewSchema);
  }

  async invites(): Promise<Outcome<readonly InviteView[]>> {
    const answer = await this.#list('/api/v1/invites', inviteListSchema);
    return answer.ok ? ok(answer.value.invites) : answer;
  }

  createInvite(body: CreateInviteBody): Promise<Outcome<CreatedInvite>> {
    return this.#client.ask({ method: 'POST', path: '/api/v1/invites', body }, createdInviteSchema);
  }

  revokeInvite(id: string): Promise<Outcome<InviteView>> {
    return this.#client.ask({ method: 'DELETE', path: `/api/v1/invites/${encodeURIComponent(id)}` }, inviteViewSchema);
  }

  async keys(): Promise<Outcome<readonly KeyView[]>> {
    const answer = await this.#list('/api/v1/keys', keyListSchema);
    return answer.ok ? ok(answer.value.keys) : answer;
  }

  createKey(body: CreateKeyBody): Promise<Outcome<CreatedKey>> {
    return this.#client.ask({ method: 'POST', path: '/api/v1/keys', body }, createdKeySchema);
  }

  updateKey(id: string, body: UpdateKeyBody): Promise<Outcome<KeyView>> {
    return this.#client.ask({ method: 'PUT', path: `/api/v1/keys/${encodeURIComponent(id)}`, body }, keyViewSchema);
  }

  revokeKey(id: string): Promise<Outcome<KeyView>> {
    return this.#client.ask({ method: 'DELETE', path: `/api/v1/keys/${encodeURIComponent(id)}` }, keyViewSchema);
  }

  audit({ limit, before }: AuditPage): Promise<Outcome<AuditList>> {
    const query = new URLSearchParams({ limit: String(limit), ...(before === undefined ? {} : { before: String(before) }) });
    return this.#list(`/api/v1/audit?${query.toString()}`, auditListSchema);
  }

  approveJoin(id: string, roles: NewcomerRoles): Promise<Outcome<JoinRequestView>> {
    return this.#client.ask({ method: 'POST', path: `${requestPath(id)}/approve`, body: { roles } }, joinRequestViewSchema);
  }

  denyJoin(id: string): Promise<Done> {
    return this.#client.ask({ method: 'POST', path: `${requestPath(id)}/deny`, body: {} }, done);
  }

  #list<Schema extends z.ZodType>(path: string, schema: Schema): Promise<Outcome<z.output<Schema>>> {
    return this.#client.ask({ method: 'GET', path, answer: 'list' }, schema);
  }
}

const requestPath = (id: string): string => `/api/v1/join-requests/${encodeURIComponent(id)}`;
