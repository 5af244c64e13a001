// What the scheduler knows of a request before it runs (ADR 0024): its size, a limit of its answer, hashes of its prompt and of its session.
// In memory only. The hashes are seeded at the start of the scheduler, and the text is not kept.
import { taskKindOf, type Task } from '../../../../shared/protocol/tasks';
import { generatesText, type ServerPath, takesForm, type TaskKind } from '../../../../shared/protocol/task-kinds';

export interface RequestShape {
  readonly kind: TaskKind;
  /** Characters of the prompt or text; bytes of a file. */
  readonly size: number;
  /** The limit of the answer that the client set, in tokens. Null: none. */
  readonly maxOutput: number | null;
  /** The hash of each chunk of the prompt and everything before it. Only whole chunks. */
  readonly chunks: readonly number[];
  /** The hash of the client's session. Null: the client names none. */
  readonly session: number | null;
  /** Answers that the client requests at once. Absent: one. */
  readonly answers?: number;
}

/** About 512 tokens of English text. */
export const CHUNK_CHARACTERS = 2048;
/** Half a million characters. A longer prompt is compared by its beginning. */
export const MAX_CHUNKS = 256;
/** Of usual English text. */
const CHARACTERS_PER_TOKEN = 4;
/** About 1000 tokens, as for an image. */
const EMBEDDED_FILE_CHARACTERS = 4096;
/** A longer session key is cut. */
const MAX_SESSION_CHARACTERS = 256;

/** A request of which only the size is known: its task is not in memory. */
export const shapeOfSize = (kind: TaskKind, size: number): RequestShape => ({ kind, size, maxOutput: null, chunks: [], session: null });

/**
 * @param task The task of the job.
 * @param scope Who sent the job: sessions and prompts of two senders are never compared.
 * @param sessionKey The session that a header names. Null: look in the body.
 * @param seed Makes the hashes differ between two runs of the scheduler.
 */
export function requestShapeOf(task: Task, scope: string, sessionKey: string | null, seed: number): RequestShape {
  const kind = taskKindOf(task);
  if (task.kind === 'command') return shapeOfSize(kind, contentSize(task.input));
  const { body, path } = task;
  if (takesForm(path)) return shapeOfSize(kind, fileSize(body['file']));
  const texts = promptTexts(path, body);
  const size = texts.reduce((sum, text) => sum + text.length, 0) + tokensOf(path, body) * CHARACTERS_PER_TOKEN;
  if (!generatesText(path)) return shapeOfSize(kind, size);
  const start = hashOf(`${scope}\n${body.model}`, seed);
  const session = sessionKey ?? sessionOf(body);
  return {
    kind,
    size,
    maxOutput: limitOf(body),
    chunks: chunksOf(texts, start),
    session: session === null ? null : hashOf(session.slice(0, MAX_SESSION_CHARACTERS), start),
    ...answersOf(path, body),
  };
}

/**
 * The fields that a model reads, in the order in which it reads them: tools come before messages. A field that the path ignores must not count:
 * with it, a client could make prompts look as if they had nearly no tokens per character.
 */
const READ_FIELDS: Readonly<Record<ServerPath, readonly string[]>> = {
  '/v1/chat/completions': ['tools', 'messages'],
  '/v1/completions': ['prompt', 'suffix'],
  '/v1/embeddings': ['input'],
  '/v1/rerank': ['query', 'documents'],
  '/v1/audio/speech': ['input'],
  '/v1/audio/transcriptions': [],
  '/v1/audio/translations': [],
  '/v1/images/generations': ['prompt'],
  '/v1/moderations': ['input'],
  '/v1/messages': ['tools', 'system', 'messages'],
  '/v1/messages/count_tokens': ['tools', 'system', 'messages'],
  '/v1/responses': ['tools', 'instructions', 'input'],
};
/** Fields that may have numbers of tokens in place of a text. */
const TOKEN_FIELDS: Partial<Readonly<Record<ServerPath, string>>> = { '/v1/completions': 'prompt', '/v1/embeddings': 'input' };

function promptTexts(path: ServerPath, body: Readonly<Record<string, unknown>>): string[] {
  const texts: string[] = [];
  for (const field of READ_FIELDS[path]) collectTexts(body[field], texts, { name: field, mayEmbed: field !== 'tools' });
  return texts;
}

/** A list of numbers, or a list of such lists. */
function tokensOf(path: ServerPath, body: Readonly<Record<string, unknown>>): number {
  const field = TOKEN_FIELDS[path];
  const given = field === undefined ? null : body[field];
  if (!Array.isArray(given)) return 0;
  let tokens = numbersIn(given);
  for (const item of given) if (Array.isArray(item)) tokens += numbersIn(item);
  return tokens;
}

/** Without a copy: a list may have 450,000 numbers. */
function numbersIn(list: readonly unknown[]): number {
  let count = 0;
  for (const item of list) if (typeof item === 'number') count++;
  return count;
}

/** A list of prompts has an answer for each. A prompt that the answer repeats counts as one more answer: its text was not generated. */
function answersOf(path: ServerPath, body: Readonly<Record<string, unknown>>): Pick<RequestShape, 'answers'> {
  const counts = [body['n'], body['best_of']].map(numberOf);
  const prompt = path === '/v1/completions' ? body['prompt'] : null;
  const prompts = Array.isArray(prompt) && typeof prompt[0] !== 'number' ? prompt.length : 1;
  const answers = Math.max(1, ...counts) * Math.max(1, prompts) + (isOff(body['echo']) ? 0 : 1);
  return answers > 1 ? { answers } : {};
}

/** Some servers accept a text in place of a boolean or a number. */
const isOff = (value: unknown): boolean => [undefined, null, false, 0, 'false', '0'].some((off) => off === value);

/** 0: no number. */
const numberOf = (value: unknown): number => (typeof value === 'number' || typeof value === 'string' ? Number(value) || 0 : 0);

/** Where a value is in the body. */
interface Place {
  /** Of the nearest field. */
  readonly name: string;
  /** A model reads a description of a tool as a text, whatever its fields are. */
  readonly mayEmbed: boolean;
}

/** Depth and number of values are bounded by the decoder of requests. An embedded file is cut: its tokens do not grow with its bytes. */
function collectTexts(value: unknown, texts: string[], place: Place): void {
  if (typeof value === 'string') texts.push(isDataUrl(value, place) ? value.slice(0, EMBEDDED_FILE_CHARACTERS) : value);
  else if (place.mayEmbed && isBase64Source(value)) texts.push(value.data.slice(0, EMBEDDED_FILE_CHARACTERS));
  else if (Array.isArray(value)) for (const item of value) collectTexts(item, texts, place);
  else if (typeof value === 'object' && value !== null)
    for (const [name, item] of Object.entries(value)) collectTexts(item, texts, { ...place, name });
}

/** The fields of files in chats and responses. A text of a client may begin like an embedded file. */
const FILE_FIELDS: readonly string[] = ['url', 'image_url', 'file_data'];
const DATA_URL = /^data:[^,]{0,128};base64,/i;
const MAX_DATA_URL_START = 160;

const isDataUrl = (value: string, { name, mayEmbed }: Place): boolean =>
  mayEmbed && value.length > EMBEDDED_FILE_CHARACTERS && FILE_FIELDS.includes(name) && DATA_URL.test(value.slice(0, MAX_DATA_URL_START));

/** A file as the Messages API embeds it. */
const isBase64Source = (value: unknown): value is { readonly data: string } =>
  typeof value === 'object' &&
  value !== null &&
  'type' in value &&
  value.type === 'base64' &&
  'data' in value &&
  typeof value.data === 'string';

function chunksOf(texts: readonly string[], start: number): readonly number[] {
  const chunks: number[] = [];
  let rest = '';
  let hash = start;
  for (const text of texts) {
    let from = 0;
    while (text.length - from + rest.length >= CHUNK_CHARACTERS) {
      const to = from + CHUNK_CHARACTERS - rest.length;
      hash = hashOf(rest + text.slice(from, to), hash);
      chunks.push(hash);
      if (chunks.length === MAX_CHUNKS) return chunks;
      rest = '';
      from = to;
    }
    rest += text.slice(from);
  }
  return chunks;
}

/** The fields that clients send (peers: OpenAI, Codex, Anthropic). Used to guess which node has the prompt cached, and for nothing else. */
function sessionOf(body: Readonly<Record<string, unknown>>): string | null {
  const { prompt_cache_key: cacheKey, previous_response_id: previous, conversation, metadata, user } = body;
  const keys = [cacheKey, conversation, fieldOf(conversation, 'id'), previous, fieldOf(metadata, 'user_id'), user];
  for (const key of keys) if (typeof key === 'string' && key !== '') return key;
  return null;
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : null;

const LIMIT_FIELDS = ['max_completion_tokens', 'max_tokens', 'max_output_tokens', 'n_predict'] as const;

/** Servers read different fields, so that the largest limit holds. */
function limitOf(body: Readonly<Record<string, unknown>>): number | null {
  const limit = Math.max(...LIMIT_FIELDS.map((field) => numberOf(body[field])));
  return limit > 0 ? limit : null;
}

const contentSize = (input: string | { readonly text: string } | { readonly base64: string }): number =>
  typeof input === 'string' ? input.length : 'text' in input ? input.text.length : bytesOfBase64(input.base64);

const fileSize = (file: unknown): number =>
  typeof file === 'object' && file !== null && 'base64' in file && typeof file.base64 === 'string' ? bytesOfBase64(file.base64) : 0;

const bytesOfBase64 = (base64: string): number => Math.floor((base64.length * 3) / 4);

const HALF = 2 ** 21;

/** 53 bits, not cryptographic: a collision only makes a prediction worse. Two multiplicative hashes that are mixed at the end. */
function hashOf(text: string, seed: number): number {
  let one = 0xdeadbeef ^ seed;
  let two = 0x41c6ce57 ^ Math.floor(seed / HALF);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    one = Math.imul(one ^ code, 2654435761);
    two = Math.imul(two ^ code, 1597334677);
  }
  one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
  two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
  return 4294967296 * (2097151 & two) + (one >>> 0);
}
