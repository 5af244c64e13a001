// Three chats that a device keeps: one in each state of its last answer.
import { type Answer, newAnswer } from '../src/renderer/pages/try/answer';
import { DEFAULT_OPTIONS, type Turn } from '../src/renderer/pages/try/chat';
import { entryOf } from '../src/renderer/pages/try/kept-chat';
import { ANSWER_TEXT, askJob, DECODE_MS, predicted } from '../tests/fixtures/app-states/asks';
import { sixNodes } from '../tests/fixtures/app-states/nodes';
import { NOW } from '../tests/fixtures/app-states/moment';

const HOUR_MS = 3_600_000;
/** The only ones that a request can go to: the picker of models counts them. */
const NODE_IDS = sixNodes().flatMap(({ node_id, status, online }) => (status === 'ready' && online ? [node_id] : []));
const idOf = (index: number): string => index.toString(16).padStart(24, '0');

function answer(index: number, model: string, change: Partial<Answer>): Answer {
  const [nodeId = null] = NODE_IDS;
  return {
    ...newAnswer(idOf(index), model, 0),
    state: 'done',
    begin: { type: 'begin', job_id: 'job-1', node_id: nodeId, node_name: null, route: 'affinity', predicted_ms: 4300 },
    job: askJob({
      node_id: nodeId,
      status: 'succeeded',
      prediction: predicted(NODE_IDS),
      timings: { completion_tokens: 212, decode_ms: DECODE_MS },
    }),
    usage: { type: 'usage', prompt_tokens: 318, cached_tokens: 264, completion_tokens: 212 },
    pieces: 212,
    firstAtMonotonicMs: 380,
    lastAtMonotonicMs: 380 + DECODE_MS,
    endedAtMonotonicMs: 400 + DECODE_MS,
    ...change,
  };
}

const question = (text: string): Turn['question'] => ({ text, pictures: [] });

const CHATS: readonly { readonly ageMs: number; readonly name: string | null; readonly turns: readonly Turn[] }[] = [
  {
    ageMs: HOUR_MS / 6,
    name: null,
    turns: [
      {
        question: question('Which ports does a home server need to open for WireGuard?'),
        answer: answer(1, 'llama3.1:8b', {
          text: 'One: **UDP 51820**, forwarded from your router to the server. WireGuard does not answer packets without a valid key, so the port looks closed to a scan.',
        }),
      },
      {
        question: question('Write the server config for two laptops, and tell me how to check it.'),
        answer: answer(2, 'llama3.1:8b', {
          state: 'answering',
          text: 'Put this in `/etc/wireguard/wg0.conf`:\n\n```ini\n[Interface]\nAddress = 10.8.0.1/24\nListenPort = 51820\n```\n\nThen check',
          usage: null,
          job: askJob({ node_id: NODE_IDS[0] ?? null, prediction: predicted(NODE_IDS) }),
          pieces: 41,
          lastAtMonotonicMs: 1210,
          endedAtMonotonicMs: null,
        }),
      },
    ],
  },
  {
    ageMs: 3 * HOUR_MS,
    name: null,
    turns: [{ question: question('用表格比较 Wi-Fi 和以太网'), answer: answer(3, 'llama3.1:8b', { text: ANSWER_TEXT }) }],
  },
  {
    ageMs: 50 * HOUR_MS,
    name: 'Greetings for the newsletter',
    turns: [{ question: question('Greet me in three languages'), answer: answer(4, 'llama3.1:8b', { state: 'stopped', text: 'Hello' }) }],
  },
];

const ENTRIES = Object.fromEntries(
  CHATS.map(({ ageMs, name, turns }, index) => {
    const [id, atWallMs] = [idOf(index + 10), NOW - ageMs];
    const facts = { id, name, askedAtWallMs: atWallMs, savedAtWallMs: atWallMs, savedBy: idOf(99), revision: idOf(98) };
    const entry = entryOf({ options: DEFAULT_OPTIONS, turns, turnsLeftOut: 0 }, facts, 400 + DECODE_MS);
    return [`muster.chat.${id}`, entry?.text ?? ''];
  }),
);

/** The tab had the first of them open. */
export const KEPT_CHATS = { all: ENTRIES, tab: { 'muster.chat-open': idOf(10) } };
