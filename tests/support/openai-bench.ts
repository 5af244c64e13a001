// The OpenAI paths on a real server with OpenAI's client library, and jobs in memory whose state the test sets.
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import OpenAI, { APIError } from 'openai';
import type { Explanation } from '../../src/shared/api/dispatch';
import { accessPolicyOf } from '../../src/main/scheduler/access/access-policy';
import { PoolModels } from '../../src/main/scheduler/dispatch/pool-models';
import { ModelOffers } from '../../src/main/scheduler/dispatch/model-offers';
import { ModelNames } from '../../src/main/scheduler/api/client-apis/model-names';
import { createHttpServer } from '../../src/main/scheduler/api/http-server';
import { ResponseStreams } from '../../src/main/scheduler/api/openai/response-streams';
import { openAiRoutes } from '../../src/main/scheduler/api/openai/openai-routes';
import { StaticFiles } from '../../src/main/scheduler/api/static-files';
import { aModel, aProfile, aRecord } from '../unit/scheduler/lifecycle/records';
import { ManualClock } from './manual-clock';
import { keyUsage, openAccess } from './open-access';
import { type MemoryJob, MemoryJobs } from './memory-jobs';
import { KeptLog } from './test-scheduler';
import { until } from './until';
import { WAIT_LIMIT_MS } from './within';
import { openHttpLimits } from './open-limits';

/** The default of `scheduler.openai.busy_timeout_seconds`. */
export const BUSY_TIMEOUT_MS = 8000;
export const MAX_BODY_BYTES = 200_000;
export const CHAT = { model: 'llm-a', messages: [{ role: 'user' as const, content: 'hello' }] };
export const chunkOf = (content: string) => ({ id: 'c', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content } }] });

/** One ready node. It has `llm-a` and downloads `llm-b`. Its model `voice` takes only commands, and its model `mute` takes no tasks. */
const records = [
  aRecord({
    profile: aProfile({
      installedModels: [
        aModel({ modelId: 'llm-a', kind: 'llm' }),
        aModel({ modelId: 'llm-b', kind: 'llm' }),
        aModel({ modelId: 'voice', kind: 'tts', tasks: ['command'] }),
        aModel({ modelId: 'mute', kind: 'tts', tasks: [] }),
      ],
      capabilityState: { 'llm-a': 'ready', 'llm-b': 'downloading', voice: 'error', mute: 'error' },
    }),
  }),
];

const CLIENT = { kind: 'key', id: 'key-1', name: 'client', roles: ['client'], models: null, limits: null } as const;

export class OpenAiBench {
  readonly jobs = new MemoryJobs();
  readonly clock = new ManualClock();
  readonly relays: ResponseStreams;
  readonly #server: FastifyInstance;
  /** Why no node runs a job, after a queue timeout. */
  explanation: Explanation['nodes'] = [];

  private constructor(host: string, clientKey: string | null) {
    const explain = (): Explanation => {
      const nodes = this.explanation;
      const reasons: Explanation['reasons'] = {};
      for (const { node_id: nodeId, excluded } of nodes) {
        const [first] = excluded;
        if (first !== undefined) reasons[first.code] = { count: 1 + (reasons[first.code]?.count ?? 0), examples: [nodeId] };
      }
      return { chosen: null, nodes_total: nodes.length, reasons, nodes };
    };
    const offers = new ModelOffers();
    for (const record of records) offers.update(null, record);
    const models = new PoolModels();
    for (const record of records) models.add(record);
    const pool = {
      readyModels: () => Promise.resolve(models.list({ isReadyOnly: true })),
      model: (modelId: string) => Promise.resolve(models.get(modelId)),
      offerOf: offers.offerOf.bind(offers),
      allReport: offers.allReport.bind(offers),
      explain,
      nodeName: () => null,
    };
    const { jobs, clock } = this;
    this.relays = new ResponseStreams({
      jobs,
      pool,
      clock,
      settings: { queueTimeoutSeconds: 60, busyTimeoutSeconds: BUSY_TIMEOUT_MS / 1000, modelAliases: [] },
    });
    const routes = openAiRoutes({
      responses: this.relays,
      names: new ModelNames({ pool, clock, modelAliases: [] }),
      usage: keyUsage(),
      jobs,
      pool,
      dispatcher: { noteAsked: () => undefined },
      clock,
      maxBodyBytes: MAX_BODY_BYTES,
    });
    const files = new StaticFiles(new Map());
    this.#server = createHttpServer({
      accessPolicy: accessPolicyOf(host, 'box', []),
      ...openAccess(host, new Map(clientKey === null ? [] : [[clientKey, CLIENT]])),
      routes,
      files,
      logger: new KeptLog(),
      ...openHttpLimits(),
    });
  }

  static async open(host = '127.0.0.1', clientKey: string | null = null): Promise<OpenAiBench> {
    const bench = new OpenAiBench(host, clientKey);
    await bench.#server.listen({ host, port: 0 });
    return bench;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  /** The client library does not retry. */
  get client(): OpenAI {
    return new OpenAI({ baseURL: `http://127.0.0.1:${String(this.port)}/v1`, apiKey: 'any', maxRetries: 0, timeout: WAIT_LIMIT_MS });
  }

  /** The job of a request. */
  theJob(): Promise<MemoryJob> {
    return until('the job', () => this.jobs.all.at(-1));
  }

  async close(): Promise<void> {
    await this.#server.close();
  }
}

/** The error of a request. */
export const errorOf = (request: Promise<unknown>): Promise<APIError> =>
  request.then(
    () => {
      throw new Error('the request succeeded');
    },
    (error: unknown) => {
      if (error instanceof APIError) return error as APIError;
      throw error;
    },
  );
