// A chat: its entries, the options of the next message, and the request for it.
import { ASK_LIMITS, type AskParamsInput, charactersOf } from '../../../shared/api/ask';
import type { Answer } from './answer';

export interface Picture {
  readonly name: string;
  readonly dataUrl: string;
}

export interface Question {
  readonly text: string;
  readonly pictures: readonly Picture[];
  /** The pictures that are not kept with the chat. Absent: none. */
  readonly picturesLeftOut?: number;
}

/** A question and its answer. */
export interface Turn {
  readonly question: Question;
  readonly answer: Answer;
}

export interface ChatOptions {
  /** Null: the model server decides. */
  readonly temperature: number | null;
  readonly maxTokens: number | null;
  readonly systemPrompt: string;
  /** Null: any node. */
  readonly nodeId: string | null;
}

export const DEFAULT_OPTIONS: ChatOptions = { temperature: null, maxTokens: null, systemPrompt: '', nodeId: null };

export interface ChatRequest {
  readonly model: string;
  readonly session: string;
  readonly turns: readonly Turn[];
  readonly question: Question;
  readonly options: ChatOptions;
  readonly language: 'en' | 'zh';
}

type ChatParams = Extract<AskParamsInput, { readonly task: 'chat' }>;
type Message = ChatParams['messages'][number];

/** The last text that the user sent. Null: none. */
export const lastQuestionOf = (turns: readonly Turn[]): string | null =>
  turns.findLast(({ question }) => question.text.trim() !== '')?.question.text ?? null;

/** Turns without an answer are left out: a model expects that questions and answers alternate. So are questions of which nothing is left. */
export function chatParams({ model, session, turns, question, options, language }: ChatRequest): ChatParams {
  const { temperature, maxTokens, systemPrompt, nodeId } = options;
  const answered = turns.filter(({ question: { text, pictures }, answer }) => answer.text !== '' && (text !== '' || pictures.length > 0));
  return {
    task: 'chat',
    model,
    session,
    language,
    messages: [
      ...(systemPrompt.trim() === '' ? [] : [{ role: 'system' as const, text: systemPrompt.trim() }]),
      ...answered.flatMap((turn): Message[] => [messageOf(turn.question), { role: 'assistant', text: turn.answer.text }]),
      messageOf(question),
    ],
    ...(temperature === null ? {} : { temperature }),
    ...(maxTokens === null ? {} : { max_tokens: maxTokens }),
    ...(nodeId === null ? {} : { node_id: nodeId }),
  };
}

const messageOf = ({ text, pictures }: Question): Message => ({ role: 'user', text, pictures: pictures.map(({ dataUrl }) => dataUrl) });

export type ChatFault =
  | { readonly code: 'chat_too_long'; readonly found: number; readonly max: number }
  | { readonly code: 'too_many_messages'; readonly found: number; readonly max: number };

/** Why the request would be refused for its size. Null: it fits. */
export function chatFault({ messages }: Pick<ChatParams, 'messages'>): ChatFault | null {
  if (messages.length > ASK_LIMITS.messages) return { code: 'too_many_messages', found: messages.length, max: ASK_LIMITS.messages };
  const found = charactersOf(messages);
  return found > ASK_LIMITS.chatCharacters ? { code: 'chat_too_long', found, max: ASK_LIMITS.chatCharacters } : null;
}

export type FileFault =
  | { readonly code: 'file_type'; readonly name: string }
  | { readonly code: 'file_empty'; readonly name: string }
  | { readonly code: 'file_too_large'; readonly name: string; readonly found: number; readonly max: number }
  | { readonly code: 'file_unreadable'; readonly name: string }
  | { readonly code: 'one_sound'; readonly name: string }
  | { readonly code: 'too_many_pictures'; readonly max: number };

export type FileKind = 'picture' | 'sound';

const PICTURE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];
export const ACCEPTED_PICTURES = PICTURE_TYPES.join(',');
export const ACCEPTED_SOUNDS = 'audio/*';

/** By its type: the browser derives it from the name. Null: neither. */
export const fileKindOf = (type: string): FileKind | null =>
  PICTURE_TYPES.includes(type) ? 'picture' : type.startsWith('audio/') || type === 'video/webm' ? 'sound' : null;

export function fileFault({ name, type, size }: Pick<File, 'name' | 'type' | 'size'>): FileFault | null {
  const kind = fileKindOf(type);
  if (kind === null) return { code: 'file_type', name };
  if (size === 0) return { code: 'file_empty', name };
  const max = kind === 'picture' ? ASK_LIMITS.pictureBytes : ASK_LIMITS.soundBytes;
  return size > max ? { code: 'file_too_large', name, found: size, max } : null;
}
