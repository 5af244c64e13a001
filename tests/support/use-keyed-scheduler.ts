// A scheduler that needs keys also on loopback, new for each test, and its members. A test can restart it with its database.
import type { MemberView } from '../../src/shared/api/members';
import type { NodeRegisterAck } from '../../src/shared/protocol/scheduler-messages';
import { bearer, sendRequest } from './http-api';
import { type RegisterInput, registration, TestNode } from './test-node';
import { useKeptScheduler } from './use-kept-scheduler';

export interface JoinedNode {
  readonly node: TestNode;
  readonly ack: NodeRegisterAck;
}

export function useKeyedScheduler() {
  const kept = useKeptScheduler({ loopback: 'keys' });

  const get = async <Answer>(path: string): Promise<Answer> => (await sendRequest(kept.scheduler.port, { path })).json() as Answer;
  const post = async <Answer>(path: string, body: unknown = {}): Promise<Answer> =>
    (await sendRequest(kept.scheduler.port, { method: 'POST', path, body })).json() as Answer;
  const members = async () => (await get<{ members: MemberView[] }>('/api/v1/members')).members;
  return {
    get scheduler() {
      return kept.scheduler;
    },
    databaseFile: kept.databaseFile,
    start: kept.start,
    get,
    post,
    members,
    invite: (body: object = {}) => post<{ id: string; key: string }>('/api/v1/invites', body),
    async join(secret: string, change: Partial<RegisterInput> = {}, headers: Readonly<Record<string, string>> = {}): Promise<JoinedNode> {
      const node = await TestNode.connect(kept.scheduler.url, { ...bearer(secret), ...headers });
      node.send(registration(change));
      return { node, ack: await node.next('node_register_ack') };
    },
    async leave(node: TestNode): Promise<void> {
      node.close();
      await node.closed;
      // The scheduler handles the close after the answer to it.
      await members();
    },
  };
}
