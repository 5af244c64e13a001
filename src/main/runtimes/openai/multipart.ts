// Encodes a transcription request as the form that runtimes expect: the fields of the body, and its inline file as bytes.
import { inlineFileSchema, type OpenAiTask } from '../../../shared/protocol/tasks';
import { fail, ok, type Result } from '../../../shared/result';

export interface FormBody {
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** With parameters, as browsers send them: `audio/webm;codecs=opus`. */
const CONTENT_TYPE = /^[\w.+-]+\/[\w.+-]+(?:; ?[\w-]+=(?:[\w.+-]+|"[\w.+, -]+"))*$/;

/** The form, or why the file is invalid. A list becomes one field per entry, named like those of OpenAI's clients: `include[]`. */
export async function toForm(body: OpenAiTask['body']): Promise<Result<FormBody, string>> {
  const file = inlineFileSchema.safeParse(body['file']);
  if (!file.success) return fail('the body needs a `file` with filename, content_type and base64');
  const form = new FormData();
  for (const [name, value] of Object.entries(body)) {
    if (name === 'file' || value === null || value === undefined) continue;
    const isList = Array.isArray(value);
    const field = isList && !name.endsWith('[]') ? `${name}[]` : name;
    for (const entry of isList ? (value as unknown[]) : [value])
      form.append(field, typeof entry === 'string' ? entry : JSON.stringify(entry));
  }
  const { filename, content_type: contentType, base64 } = file.data;
  const type = CONTENT_TYPE.test(contentType) ? contentType : 'application/octet-stream';
  form.append('file', new File([Buffer.from(base64, 'base64')], filename, { type }));
  const encoded = new Response(form);
  return ok({ contentType: encoded.headers.get('content-type') ?? '', bytes: Buffer.from(await encoded.arrayBuffer()) });
}
