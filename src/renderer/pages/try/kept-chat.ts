// A chat as it is kept on this device (ADR 0051): one text with two lines, a head for the list and a body, which is decoded when the chat is
// opened. Texts are kept, pictures and sounds are not. An entry that is damaged, or of a later version, is none.
import { z } from 'zod';
import { appErrorSchema } from '../../../shared/api/app-error';
import { ASK_LIMITS, askEventSchema, askJobSchema } from '../../../shared/api/ask';
import { parseJson } from '../../../shared/json';
import { modelIdSchema, nodeIdSchema } from '../../../shared/protocol/node-messages';
import { type Answer, isOpen, newAnswer } from './answer';
import type { ChatOptions, Turn } from './chat';

/** In characters, because browsers count them: of 5 million that an address has, more than half stays free. */
export const KEEP_LIMITS = { chats: 50, chatCharacters: 400_000, allCharacters: 2_000_000, titleCharacters: 80 } as const;

/** Another window that saved nothing for this long has ended, and with it its answer. It saves every two seconds while text arrives. */
export const ELSEWHERE_MS = 30_000;

const VERSION = 1;
/** More than a head has. */
const HEAD_CHARACTERS = 2000;

const text = z.string().max(KEEP_LIMITS.chatCharacters);
const ms = z.number().min(0);
const wallMs = z.number().int().min(0);
const count = z.number().int().min(0);
const id = z.string().regex(/^[0-9a-f]{24}$/);

const headSchema = z.object({
  version: z.literal(VERSION),
  id,
  /** The first line of the first question, or the name that the user gave. Empty: it had a picture only. */
  title: z.string().max(KEEP_LIMITS.titleCharacters),
  isNamed: z.boolean(),
  /** Of the last answer. */
  model: modelIdSchema,
  /** Of the last question. */
  askedAtWallMs: wallMs,
  savedAtWallMs: wallMs,
  /** The first turns that are left out, because the chat has more characters than the limit. */
  turnsLeftOut: count,
  /** The window that saved, and a new text with each save: another window sees that the chat has changed. */
  savedBy: id,
  revision: id,
});
export type KeptHead = z.infer<typeof headSchema>;

const STATES = ['waiting', 'answering', 'done', 'stopped', 'cut', 'failed'] as const;

/** Times are relative to the question, since the clock of a window ends with it. The text is worth more than the facts beside it. */
const answerSchema = z.object({
  id,
  model: modelIdSchema,
  state: z.enum(STATES),
  text,
  reasoning: text,
  pieces: count,
  begin: askEventSchema.nullable().catch(null),
  job: askJobSchema.nullable().catch(null),
  usage: askEventSchema.nullable().catch(null),
  finishReason: text.nullable(),
  error: appErrorSchema.nullable().catch(null),
  firstMs: ms.nullable(),
  lastMs: ms.nullable(),
  endedMs: ms,
});

const turnSchema = z.object({ question: z.object({ text, pictures: count }), answer: answerSchema });

const bodySchema = z.object({
  options: z.object({
    temperature: z.number().min(0).max(2).nullable().catch(null),
    maxTokens: z.number().int().min(1).max(ASK_LIMITS.maxTokens).nullable().catch(null),
    systemPrompt: text,
    nodeId: nodeIdSchema.nullable().catch(null),
  }),
  turns: z.array(turnSchema).min(1).max(ASK_LIMITS.messages),
});

/** What a window has of a chat. */
export interface ChatContent {
  readonly options: ChatOptions;
  readonly turns: readonly Turn[];
  /** Of the turns before these. */
  readonly turnsLeftOut: number;
}

export type HeadFacts = Pick<KeptHead, 'id' | 'askedAtWallMs' | 'savedAtWallMs' | 'savedBy' | 'revision'> & {
  /** Null: the title is the first line. */
  readonly name: string | null;
};

export interface Entry {
  readonly head: KeptHead;
  readonly text: string;
}

/** With the last turns that fit. Null: not even the last one does, or there is none. */
export function entryOf({ turns, options, turnsLeftOut }: ChatContent, facts: HeadFacts, nowMonotonicMs: number): Entry | null {
  const last = turns.at(-1);
  if (last === undefined) return null;
  const keptOptions = JSON.stringify(options);
  let left = KEEP_LIMITS.chatCharacters - HEAD_CHARACTERS - keptOptions.length;
  const kept: string[] = [];
  for (const turn of turns.toReversed()) {
    const one = JSON.stringify(keptTurn(turn, nowMonotonicMs));
    left -= one.length + 1;
    if (left < 0 || kept.length === ASK_LIMITS.messages) break;
    kept.unshift(one);
  }
  if (kept.length === 0) return null;
  const { name, ...rest } = facts;
  const head: KeptHead = {
    ...rest,
    version: VERSION,
    title: titleOf(name ?? turns[0]?.question.text ?? ''),
    isNamed: name !== null,
    model: last.answer.model,
    turnsLeftOut: turnsLeftOut + turns.length - kept.length,
  };
  return { head, text: `${JSON.stringify(head)}\n{"options":${keptOptions},"turns":[${kept.join(',')}]}` };
}

/** The first line with text. */
export function titleOf(whole: string): string {
  const line = whole.trimStart().split('\n', 1)[0]?.trim() ?? '';
  // By characters as a reader sees them: half a surrogate pair is no character.
  return line.length <= KEEP_LIMITS.titleCharacters
    ? line
    : `${line.slice(0, KEEP_LIMITS.titleCharacters - 2).replace(/[\ud800-\udbff]$/, '')}…`;
}

export function renamedEntry(entry: string, change: Pick<KeptHead, 'title' | 'isNamed' | 'savedBy' | 'revision'>): Entry | null {
  const head = headOf(entry);
  if (head === null) return null;
  const renamed = { ...head, ...change };
  return { head: renamed, text: JSON.stringify(renamed) + entry.slice(entry.indexOf('\n')) };
}

export function headOf(entry: string): KeptHead | null {
  const end = entry.indexOf('\n');
  return end === -1 || end > HEAD_CHARACTERS ? null : (headSchema.safeParse(parseJson(entry.slice(0, end))).data ?? null);
}

/** An answer that had not ended goes on in the other window that saves it, or was cut. */
export function contentOf(entry: string, isElsewhere: boolean): ChatContent | null {
  const head = headOf(entry);
  const body =
    entry.length > KEEP_LIMITS.chatCharacters ? null : bodySchema.safeParse(parseJson(entry.slice(entry.indexOf('\n') + 1))).data;
  if (head === null || body == null) return null;
  return { options: body.options, turns: body.turns.map((turn) => turnOf(turn, isElsewhere)), turnsLeftOut: head.turnsLeftOut };
}

/** The first of these chats that are too many, or too long together; never the one that was saved just now. */
export function surplusOf(chats: readonly { readonly id: string; readonly characters: number }[], savedId: string): readonly string[] {
  const surplus: string[] = [];
  let tooMany = chats.length - KEEP_LIMITS.chats;
  let tooLong = chats.reduce((sum, { characters }) => sum + characters, -KEEP_LIMITS.allCharacters);
  for (const { id: chatId, characters } of chats) {
    if (tooMany <= 0 && tooLong <= 0) break;
    if (chatId === savedId) continue;
    surplus.push(chatId);
    tooMany -= 1;
    tooLong -= characters;
  }
  return surplus;
}

type KeptTurn = z.infer<typeof turnSchema>;

function keptTurn({ question, answer }: Turn, nowMonotonicMs: number): KeptTurn {
  const {
    sentAtMonotonicMs: sent,
    firstAtMonotonicMs: first,
    lastAtMonotonicMs: last,
    endedAtMonotonicMs: ended,
    state,
    job,
    ...rest
  } = answer;
  return {
    question: { text: question.text, pictures: question.pictures.length + (question.picturesLeftOut ?? 0) },
    answer: {
      ...rest,
      state: state === 'elsewhere' ? 'cut' : state,
      // Why it waited says nothing later.
      job: job === null ? null : { ...job, waiting: null },
      firstMs: first === null ? null : first - sent,
      lastMs: last === null ? null : last - sent,
      endedMs: Math.max(0, (ended ?? nowMonotonicMs) - sent),
    },
  };
}

function turnOf({ question, answer }: KeptTurn, isElsewhere: boolean): Turn {
  const { firstMs, lastMs, endedMs, begin, usage, ...rest } = answer;
  const kept: Answer = {
    ...newAnswer(answer.id, answer.model, 0),
    ...rest,
    begin: begin?.type === 'begin' ? begin : null,
    usage: usage?.type === 'usage' ? usage : null,
    firstAtMonotonicMs: firstMs,
    lastAtMonotonicMs: lastMs,
    endedAtMonotonicMs: endedMs,
  };
  return {
    question: { text: question.text, pictures: [], ...(question.pictures === 0 ? {} : { picturesLeftOut: question.pictures }) },
    answer: isOpen(kept) ? { ...kept, state: isElsewhere ? 'elsewhere' : 'cut' } : kept,
  };
}
