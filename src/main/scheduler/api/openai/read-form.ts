// Converts a multipart form to a JSON body: the `file` inline in base64, fields whose names end in `[]` as lists, `stream` as a
// boolean, and all other fields as text.
import type { z } from 'zod';
import type { DecodeError } from '../../../../shared/protocol/decode';
import type { inlineFileSchema } from '../../../../shared/protocol/tasks';
import { fail, ok, type Result } from '../../../../shared/result';
import type { FormBytes } from '../route';
import { splitForm } from './multipart-form';

type Field = string | boolean | readonly string[] | z.infer<typeof inlineFileSchema>;

export function readForm({ contentType, bytes }: FormBytes): Result<Readonly<Record<string, Field>>, DecodeError> {
  const parts = splitForm(contentType, bytes);
  if (!parts.ok) return fail({ field: '', reason: `not a form: ${parts.error}` });
  const fields = new Map<string, Field>();
  for (const { name, file, content } of parts.value) {
    const isList = name.endsWith('[]');
    const key = isList ? name.slice(0, -2) : name;
    const known = fields.get(key);
    if (file !== null && name !== 'file') return fail({ field: name, reason: 'text is required' });
    if (known !== undefined && !(isList && Array.isArray(known))) return fail({ field: name, reason: 'duplicate field' });
    if (file !== null) {
      fields.set(key, { filename: file.name, content_type: file.contentType, base64: content.toString('base64') });
      continue;
    }
    const text = content.toString();
    const value = key === 'stream' ? booleanOf(text) : text;
    if (value === null) return fail({ field: name, reason: 'must be true or false' });
    fields.set(key, isList ? [...(Array.isArray(known) ? (known as string[]) : []), text] : value);
  }
  return ok(Object.fromEntries(fields));
}

const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** Also as other languages write booleans, such as Python's `True`. Null: not a boolean. */
const booleanOf = (text: string): boolean | null => BOOLEANS.get(text.toLowerCase()) ?? null;
