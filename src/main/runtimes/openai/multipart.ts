// A transcription request as the form that runtimes expect: the body's fields, and its inline file as a part with bytes.
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { inlineFileSchema, type OpenAiTask } from '../../../shared/protocol/tasks';
import { fail, ok, type Result } from '../../../shared/result';

export interface FormBody {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** The form, or what is wrong with the body's file. A list becomes a field per entry, named as OpenAI's clients name them: `include[]`. */
export function toForm(body: OpenAiTask['body']): Result<FormBody, string> {
  const file = inlineFileSchema.safeParse(body['file']);
  if (!file.success) return fail('the body needs a `file` with filename, content_type and base64');
  const boundary = `muster-${randomUUID()}`;
  const parts: Buffer[] = [];
  for (const [name, value] of Object.entries(body)) {
    if (name === 'file' || value === null || value === undefined) continue;
    const isList = Array.isArray(value);
    const field = quoted(isList && !name.endsWith('[]') ? `${name}[]` : name);
    for (const entry of isList ? (value as unknown[]) : [value]) {
      parts.push(Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${field}"\r\n\r\n${asText(entry)}\r\n`));
    }
  }
  parts.push(...filePart(boundary, file.data), Buffer.from(`--${boundary}--\r\n`));
  return ok({ contentType: `multipart/form-data; boundary=${boundary}`, bytes: Buffer.concat(parts) });
}

/** With parameters, as browsers record: `audio/webm;codecs=opus`. */
const CONTENT_TYPE = /^[\w.+-]+\/[\w.+-]+(?:; ?[\w-]+=(?:[\w.+-]+|"[\w.+, -]+"))*$/;

function filePart(boundary: string, file: z.infer<typeof inlineFileSchema>): Buffer[] {
  const type = CONTENT_TYPE.test(file.content_type) ? file.content_type : 'application/octet-stream';
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${quoted(file.filename)}"\r\ncontent-type: ${type}\r\n\r\n`;
  return [Buffer.from(head), Buffer.from(file.base64, 'base64'), Buffer.from('\r\n')];
}

const asText = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

/** As the HTML standard escapes names in forms: nothing ends the quotes or the line. */
const quoted = (name: string): string => name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
