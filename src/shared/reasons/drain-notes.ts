// The note of a drain: a text of an operator, or a code that the agent of the node sends when it drains itself.
import { PAUSE_TEXTS } from './pauses';
import type { ReasonText } from './reason-text';

const CODES: ReadonlyMap<string, ReasonText> = new Map([
  ['agent_stops', { zh: 'Muster 已退出', en: 'Muster was quit' }],
  ['paused_by_owner', PAUSE_TEXTS.owner],
]);

/** Null: there is no note. */
export const drainNote = (note: string | null): ReasonText | null => (note === null ? null : (CODES.get(note) ?? { zh: note, en: note }));
