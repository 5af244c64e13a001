// A multipart form as a JSON body: its file inline, a name that ends in `[]` as a list, everything else as the text it is. The
// platform's own parser reads it; how much it may hold is bounded before, by the body's size and here by the number of parts.
import type { inlineFileSchema } from '../../../../shared/protocol/tasks';
import { fail, ok, type Result } from '../../../../shared/result';
import type { z } from 'zod';
import type { FormBytes } from '../route';
import type { DecodeError } from '../../../../shared/protocol/decode';

const MAX_PARTS = 64;

type Field = string | boolean | string[] | z.infer<typeof inlineFileSchema>;

export async function readForm({ contentType, bytes }: FormBytes): Promise<Result<Readonly<Record<string, Field>>, DecodeError>> {
  if (countParts(contentType, bytes) > MAX_PARTS) return fail({ field: '', reason: `more than ${String(MAX_PARTS)} parts` });
  let form: FormData;
  try {
    form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': contentType } }).formData();
  } catch {
    return fail({ field: '', reason: 'not a multipart form' });
  }
  const fields = new Map<string, Field>();
  for (const [name, value] of form) {
    if (name.endsWith('[]')) {
      const known = fields.get(name.slice(0, -2));
      if (typeof value !== 'string') return fail({ field: name, reason: 'a text is wanted' });
      fields.set(name.slice(0, -2), [...(Array.isArray(known) ? known : []), value]);
    } else if (fields.has(name)) {
      return fail({ field: name, reason: 'given twice' });
    } else if (typeof value === 'string') {
      fields.set(name, name === 'stream' ? value === 'true' : value);
    } else {
      const content = Buffer.from(await value.arrayBuffer());
      fields.set(name, {
        filename: value.name,
        content_type: value.type || 'application/octet-stream',
        base64: content.toString('base64'),
      });
    }
  }
  return ok(Object.fromEntries(fields));
}

/** At least as many as there are: what stands between boundaries. */
function countParts(contentType: string, bytes: Buffer): number {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const mark = `--${boundary?.[1] ?? boundary?.[2] ?? ''}`;
  let parts = 0;
  for (let at = bytes.indexOf(mark); at >= 0 && parts <= MAX_PARTS + 1; at = bytes.indexOf(mark, at + mark.length)) parts++;
  return parts - 1;
}
