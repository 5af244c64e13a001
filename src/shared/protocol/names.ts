// Names that people compare: ids of models and names of nodes. They are in Unicode's composed form (NFC), so that one name has one
// spelling, and hold no character that a screen does not show or that changes the direction of text.
import { z } from 'zod';

/** Control characters, lone surrogates, line and paragraph separators, and the controls that override the direction of text. */
const REFUSED = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

const isPlainName = (text: string): boolean => !REFUSED.test(text);

/** The text without refused characters, shortened: a name that another program, such as the operating system, chose. May be empty. */
export function toPlainName(text: string, maxLength: number): string {
  const refused = new RegExp(REFUSED, 'gu');
  // Shortening can split a surrogate pair, and composing can lengthen the text.
  return text.normalize('NFC').replace(refused, '').slice(0, maxLength).replace(refused, '').trim();
}

/** A longer text is refused by the limit: to compose megabytes would take long. */
const composed = (maxLength: number) => (text: string) => (text.length > maxLength ? text : text.normalize('NFC'));

export const nameSchema = (maxLength: number) =>
  z
    .string()
    .overwrite(composed(maxLength))
    .min(1)
    .max(maxLength)
    .refine((text) => text.length > maxLength || isPlainName(text), {
      error: 'contains a control character, a lone surrogate or a character that overrides the direction of text',
    });
