// The requests of the routing benchmark. Traces are public and downloaded by the user; the default is generated.
//
// - Mooncake (kvcache-ai/Mooncake, `FAST25-release/traces/conversation_trace.jsonl`, Apache-2.0): arrival, tokens of the prompt and of the
//   answer, and one id for each block of 512 tokens. Equal ids are equal prefixes. The trace has one arrival time for all requests of
//   three seconds, about ten of them; they are spread evenly over these seconds, unless `bursts` is set.
// - Azure (Azure/AzurePublicDataset, `AzureLLMInferenceTrace_code.csv`, CC BY 4.0): arrival and tokens. All prompts differ.
// - Agents: sessions with a common system prompt. Each sends its next request some seconds after the answer, with the whole conversation.
import { readFileSync } from 'node:fs';

export const BLOCK_TOKENS = 512;

export interface BenchRequest {
  readonly id: number;
  /** Seconds since the start. Null: sent `thinkSeconds` after the end of the request before it. */
  readonly atSeconds: number | null;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** The blocks of the prompt, from its beginning. */
  readonly blocks: readonly number[];
  readonly session: number | null;
  readonly thinkSeconds: number;
  /** The next request of the session. */
  readonly next: BenchRequest | null;
}

const SECONDS_PER_MINUTE = 60;

/** Arrivals are stretched evenly to the given mean rate. */
function stretched(
  requests: readonly (Omit<BenchRequest, 'atSeconds'> & { readonly atSeconds: number })[],
  perMinute: number,
): BenchRequest[] {
  const spanMinutes = (requests.at(-1)?.atSeconds ?? 0) / SECONDS_PER_MINUTE;
  const factor = requests.length / spanMinutes / perMinute;
  return requests.map((request) => ({ ...request, atSeconds: request.atSeconds * factor }));
}

export function mooncake(file: string, perMinute: number, arrivals: 'spread' | 'bursts' = 'spread'): BenchRequest[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  const requests = lines.map((line, id) => {
    const { timestamp, input_length: promptTokens, output_length: output, hash_ids: blocks } = JSON.parse(line) as MooncakeLine;
    return {
      id,
      atSeconds: timestamp / 1000,
      promptTokens,
      outputTokens: Math.max(1, output),
      blocks,
      session: null,
      thinkSeconds: 0,
      next: null,
    };
  });
  return stretched(arrivals === 'bursts' ? requests : spread(requests), perMinute);
}

/** Requests with the same arrival are spread evenly until the next arrival. The last ones stay. */
function spread<Request extends { readonly atSeconds: number }>(requests: readonly Request[]): Request[] {
  return [...Map.groupBy(requests, ({ atSeconds }) => atSeconds)].flatMap(([atSeconds, together], i, groups) => {
    const stepSeconds = ((groups[i + 1]?.[0] ?? atSeconds) - atSeconds) / together.length;
    return together.map((request, j) => ({ ...request, atSeconds: atSeconds + j * stepSeconds }));
  });
}

interface MooncakeLine {
  readonly timestamp: number;
  readonly input_length: number;
  readonly output_length: number;
  readonly hash_ids: readonly number[];
}

export function azure(file: string, perMinute: number): BenchRequest[] {
  const rows = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  const start = Date.parse(rows[0]?.[0] ?? '');
  let nextBlock = 0;
  const requests = rows.map(([at = '', prompt = '', output = ''], id) => ({
    id,
    atSeconds: (Date.parse(at) - start) / 1000,
    promptTokens: Math.max(1, Number(prompt)),
    outputTokens: Math.max(1, Number(output)),
    blocks: Array.from({ length: Math.ceil(Number(prompt) / BLOCK_TOKENS) }, () => nextBlock++),
    session: null,
    thinkSeconds: 0,
    next: null,
  }));
  return stretched(requests, perMinute);
}

const SYSTEM_TOKENS = 20_000;
const TURN_TOKENS = 1500;
const ANSWER_TOKENS = 200;
/** A tool of an agent runs for some seconds. */
const THINK_SECONDS = { least: 2, most: 10 } as const;

export function agents(seed: number, sessions = 12, turns = 30): BenchRequest[] {
  const random = randomFrom(seed);
  const requests: BenchRequest[] = [];
  for (let session = 0; session < sessions; session++) {
    const ofSession: { -readonly [K in keyof BenchRequest]: BenchRequest[K] }[] = [];
    for (let turn = 0; turn < turns; turn++) {
      const promptTokens = SYSTEM_TOKENS + TURN_TOKENS * (turn + 1);
      ofSession.push({
        id: session * turns + turn,
        atSeconds: turn === 0 ? session : null,
        promptTokens,
        outputTokens: ANSWER_TOKENS,
        blocks: blocksOf(session, promptTokens),
        session,
        thinkSeconds: THINK_SECONDS.least + random() * (THINK_SECONDS.most - THINK_SECONDS.least),
        next: null,
      });
    }
    for (const [i, request] of ofSession.entries()) request.next = ofSession[i + 1] ?? null;
    requests.push(...ofSession);
  }
  return requests;
}

/** The blocks of the system prompt are the same in each session. */
function blocksOf(session: number, promptTokens: number): number[] {
  const system = Math.floor(SYSTEM_TOKENS / BLOCK_TOKENS);
  return Array.from({ length: Math.floor(promptTokens / BLOCK_TOKENS) }, (_, i) => (i < system ? i : (session + 1) * 100_000 + i));
}

/**
 * Without a file: conversations like those of the Mooncake trace. Log-normal lengths, arrivals of a Poisson process, and a third of the
 * requests goes on with an earlier conversation.
 */
export function generated(count: number, perMinute: number, seed = 11): BenchRequest[] {
  const random = randomFrom(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const conversations: number[][] = [];
  let atSeconds = 0;
  let nextBlock = 0;
  return Array.from({ length: count }, (_, id) => {
    atSeconds += (-Math.log(1 - random()) * SECONDS_PER_MINUTE) / perMinute;
    const promptTokens = Math.min(120_000, Math.max(200, Math.round(7000 * Math.exp(normal()))));
    const length = Math.floor(promptTokens / BLOCK_TOKENS);
    const earlier = random() < 1 / 3 ? conversations[Math.floor(random() * conversations.length)] : undefined;
    const blocks = (earlier ?? []).slice(0, length);
    while (blocks.length < length) blocks.push(nextBlock++);
    conversations.push(blocks);
    const outputTokens = Math.min(2000, Math.max(1, Math.round(350 * Math.exp(0.6 * normal()))));
    return { id, atSeconds, promptTokens, outputTokens, blocks, session: null, thinkSeconds: 0, next: null };
  });
}

/** A linear congruential generator: the same numbers on every machine. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}
