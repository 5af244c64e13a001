// The clients of the pool that the app shows: of the hosted scheduler with the owner key, or of a joined pool with the member credential.
import type { AgentPort } from '../contracts/ports';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { AskClient } from '../scheduler-client/ask-client';
import type { HttpClientOptions } from '../scheduler-client/http-client';
import { PoolClient } from '../scheduler-client/pool-client';
import { TrustClient } from '../scheduler-client/trust-client';
import type { ChosenPoolOptions } from './chosen-pool';
import type { PoolSource } from './shown-pool';

export interface PoolSourcesOptions {
  readonly agent: Pick<AgentPort, 'memberCredential'>;
  readonly readOwnerKey: () => Promise<string | null>;
  /** The pool reported its name. */
  readonly onName: (access: PoolSource['access'], name: string) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function poolSources({
  agent,
  readOwnerKey,
  onName,
  clock,
  logger,
}: PoolSourcesOptions): Pick<ChosenPoolOptions, 'connectHosted' | 'connectJoined'> {
  const sourceOf = (access: PoolSource['access'], key: string, client: HttpClientOptions): PoolSource => {
    const pool = new PoolClient({ ...client, clock, logger });
    const caller: PoolSource['caller'] = async () => {
      const answer = await pool.session();
      if (answer.ok && answer.value.pool_name !== undefined) onName(access, answer.value.pool_name);
      return answer;
    };
    return { pool, trust: new TrustClient(client), asker: new AskClient(client, clock), access, key, caller };
  };
  return {
    connectHosted: async (baseUrl) => sourceOf('host', 'host', { baseUrl, token: await readOwnerKey(), readToken: readOwnerKey }),
    connectJoined: ({ baseUrl, pin }) => {
      // The agent renews the credential with each registration.
      const readToken = (): Promise<string | null> => Promise.resolve(agent.memberCredential());
      return sourceOf('member', pin ?? baseUrl, { baseUrl, pin, token: agent.memberCredential(), readToken });
    },
  };
}
