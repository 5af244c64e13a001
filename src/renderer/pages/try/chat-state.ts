// The state of the chat of a window.
import type { AppError } from '../../../shared/api/app-api';
import type { ChatOptions, Turn } from './chat';
import type { KeptHead } from './kept-chat';

/** Why the chat of this window is not kept although the user wants it. */
export type KeepFault = 'storage_refused' | 'chat_too_long';

export interface KeptState {
  readonly id: string;
  /** Null: the title is the first line. */
  readonly name: string | null;
  readonly turnsLeftOut: number;
  readonly kept: readonly KeptHead[];
  readonly isKeeping: boolean;
  readonly keepFault: KeepFault | null;
}

/** A request beside the chat: a sound to text, or an answer to speech. */
export interface SideRequest {
  readonly kind: 'transcribe' | 'speak';
  /** The model that works. */
  readonly model: string;
  /** The answer that is spoken. Null: none. */
  readonly answerId: string | null;
}

export interface ChatState extends KeptState {
  readonly turns: readonly Turn[];
  readonly options: ChatOptions;
  /** `use model`. Null: the first of the pool. */
  readonly chosen: string | null;
  /** The answer in the panel. Null: the last one. */
  readonly shownId: string | null;
  readonly side: SideRequest | null;
  readonly sideError: AppError | null;
}
