// The end of an answer. Apart from ask.ts: the preload uses this file, and its load without zod delays the page less.
import type { AskEnd, AskEvent } from './ask';

/** The last event for a listener that has thrown. */
export const LISTENER_FAILED: AskEnd = {
  type: 'failed',
  error: { code: 'INTERNAL_ERROR', message: 'the listener failed', details: null },
};

export const isLast = (event: AskEvent): event is AskEnd => event.type === 'end' || event.type === 'failed';
