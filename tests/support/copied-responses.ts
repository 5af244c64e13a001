// Members of a cluster with the responses that each has in memory, over a bus in this process. The first one leads.
import { systemClock } from '../../src/main/platform/clock';
import type { AnswerFacts } from '../../src/main/scheduler/api/client-apis/core/client-api';
import type { KeptResponse } from '../../src/main/scheduler/api/client-apis/core/responses/kept-responses';
import { responsesBodySchema } from '../../src/main/scheduler/api/client-apis/core/responses/request';
import type { RunningRequest } from '../../src/main/scheduler/api/client-apis/core/responses/stored-request';
import { ResponseMemory } from '../../src/main/scheduler/api/client-apis/response-memory';
import { InProcessNetwork } from '../../src/main/scheduler/cluster/bus/in-process-network';
import type { Channel } from '../../src/main/scheduler/cluster/channel/channel';
import { LeaderLink } from '../../src/main/scheduler/cluster/channel/leader-link';
import { ReplicaLinks } from '../../src/main/scheduler/cluster/channel/replica-links';
import { ResponseCopies } from '../../src/main/scheduler/response-copies/response-copies';
import { ManualClock } from './manual-clock';
import { until } from './until';

const POOL = 'pool-1';

export const keptOf = (id: string, text = 'hi', before: readonly string[] = []): KeptResponse => {
  const item = (content: string) => ({ type: 'message', role: 'assistant', content });
  const [input, output] = [[item(`${text}?`)], [item(text)]];
  return { response: { id, output }, input, output, conversation: [...before.map(item), ...input, ...output] };
};

export const factsOf = (id: string): AnswerFacts => ({ id, requestId: 'req_1', model: 'm', atWallMs: 5 });

export const runningOf = (id: string, change: Partial<RunningRequest> = {}): RunningRequest => {
  const body = responsesBodySchema.parse({ model: 'm', input: 'hello', background: true, tools: [] });
  return {
    ...{ holder: 'key_1', body, context: [{ type: 'message' }], jobId: 'job-1', facts: factsOf(id), language: 'zh', sessionKey: 's' },
    ...{ translation: { name: 'responses', body: { ...body, input: '' } }, headers: { 'anthropic-beta': 'b' }, onlyNode: 'n' },
    ...change,
  };
};

export class CopyMember {
  readonly clock = new ManualClock();
  readonly memory = new ResponseMemory(this.clock);
  readonly copies: ResponseCopies;
  readonly link: LeaderLink;
  readonly close: () => Promise<void>;

  constructor(network: InProcessNetwork) {
    const { bus } = network.join(POOL, systemClock);
    this.link = new LeaderLink(bus, systemClock);
    this.copies = new ResponseCopies(this.memory, this.clock, this.link.replica);
    this.close = async () => {
      this.link.stop();
      this.memory.stop();
      await bus.close();
    };
  }

  /** Its records are those of its copies. */
  async follow(): Promise<this> {
    this.link.onChannel((channel) => this.copies.attach(channel, 'member'));
    await this.connect();
    return this;
  }

  /** Its records are those of the test. `prepare`: sets handlers. */
  async connect(prepare: (channel: Channel) => void = () => undefined): Promise<Channel> {
    this.link.onChannel(prepare);
    this.link.start();
    return until('a channel', () => this.link.channel);
  }

  /** The state of each response that it has, by id. */
  states(): Readonly<Record<string, string>> {
    const { kept, runs, deleted } = this.memory.known();
    const firstOf = (pairs: Iterable<readonly [string, unknown]>) => [...pairs].map(([id]) => id);
    const named = (ids: Iterable<string>, state: string) => [...ids].map((id) => [id, state] as const);
    return Object.fromEntries([...named(kept, 'kept'), ...named(firstOf(runs), 'runs'), ...named(firstOf(deleted), 'deleted')]);
  }
}

export class CopyCluster {
  readonly network = new InProcessNetwork();
  readonly leader: CopyMember;
  readonly links: ReplicaLinks;
  readonly #members: CopyMember[] = [];

  constructor() {
    this.leader = this.member();
    const { bus } = this.network.join(POOL, systemClock);
    this.links = new ReplicaLinks({
      ...{ bus, clock: systemClock, epoch: 1, leads: () => true },
      onChannel: (channel) => this.leader.copies.attach(channel, 'leader'),
    });
    this.links.start();
  }

  member(): CopyMember {
    const member = new CopyMember(this.network);
    this.#members.push(member);
    return member;
  }

  async close(): Promise<void> {
    this.links.stop();
    for (const member of this.#members) await member.close();
  }
}
