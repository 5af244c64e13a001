// The state of a streamed response between two chunks.
import type { OpenCall, OpenText } from './open-items';
import type { ChatUsage } from './response-object';
import type { Json } from './tools';

export interface State {
  readonly nextSequence: number;
  readonly hasBegun: boolean;
  /** Complete items by their index in the output. */
  readonly done: readonly (Json | null)[];
  readonly text: OpenText | null;
  readonly calls: readonly OpenCall[];
  /** Numbers of complete calls in the chat completion. */
  readonly ended: ReadonlySet<number>;
  /** Tokens with their alternatives, in all texts. */
  readonly logprobs: number;
  readonly annotations: number;
  readonly usage: ChatUsage | null;
  readonly finishReason: string | null;
}

export const START: State = {
  nextSequence: 0,
  hasBegun: false,
  done: [],
  text: null,
  calls: [],
  ended: new Set(),
  logprobs: 0,
  annotations: 0,
  usage: null,
  finishReason: null,
};
