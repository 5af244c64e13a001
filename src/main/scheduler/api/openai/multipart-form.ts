// Splits a `multipart/form-data` body into its parts (RFC 7578): by its delimiter alone, so that a file may hold anything else. The
// body is whole and bounded before; here the number of parts and the size of their heads are.
import { fail, ok, type Result } from '../../../../shared/result';

export interface FormPart {
  readonly name: string;
  /** Null: a text. */
  readonly file: { readonly name: string; readonly contentType: string } | null;
  readonly content: Buffer;
}

const MAX_PARTS = 64;
const MAX_HEAD_BYTES = 8 * 1024;
const CRLF = '\r\n';

/** The parts in their order, or what is wrong with the form. */
export function splitForm(contentType: string, body: Buffer): Result<readonly FormPart[], string> {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  if (boundary === null) return fail('it names no boundary');
  const delimiter = `--${boundary[1] ?? boundary[2] ?? ''}`;
  const parts: FormPart[] = [];
  let at = body.subarray(0, delimiter.length).equals(Buffer.from(delimiter)) ? delimiter.length : after(body, CRLF + delimiter, 0);
  while (at !== null) {
    if (textAt(body, at, 2) === '--') return ok(parts);
    if (parts.length === MAX_PARTS) return fail(`more than ${String(MAX_PARTS)} parts`);
    const headAt = after(body, CRLF, at);
    const contentAt = headAt === null ? null : after(body, CRLF + CRLF, headAt - CRLF.length);
    if (headAt === null || contentAt === null) break;
    if (contentAt - headAt > MAX_HEAD_BYTES) return fail('a part has too large a head');
    const next = nextDelimiter(body, CRLF + delimiter, contentAt);
    if (next === null) break;
    const part = partOf(body.toString('utf8', headAt, contentAt), body.subarray(contentAt, next - delimiter.length - CRLF.length));
    if (part === null) return fail('a part without a name');
    parts.push(part);
    at = next;
  }
  return fail('it is cut off');
}

/** The first place behind `mark`, or null. */
function after(body: Buffer, mark: string, from: number): number | null {
  const index = body.indexOf(mark, from);
  return index < 0 ? null : index + mark.length;
}

/** Behind a delimiter its line ends, or the form does; what goes on is a content's own text. */
function nextDelimiter(body: Buffer, mark: string, from: number): number | null {
  // An empty content's delimiter shares the line end that ended its head.
  for (let at = after(body, mark, from - CRLF.length); at !== null; at = after(body, mark, at)) {
    if (/^(?:--|[ \t]*\r\n)/.test(textAt(body, at, 16))) return at;
  }
  return null;
}

const textAt = (body: Buffer, at: number, length: number): string => body.toString('latin1', at, at + length);

function partOf(head: string, content: Buffer): FormPart | null {
  const disposition = headerOf(head, 'content-disposition');
  const parameters = parametersOf(disposition);
  const name = parameters.get('name');
  if (!/^form-data\b/i.test(disposition) || name === undefined) return null;
  const fileName = encodedName(parameters.get('filename*')) ?? parameters.get('filename');
  const contentType = headerOf(head, 'content-type') || 'application/octet-stream';
  return { name, file: fileName === undefined ? null : { name: fileName, contentType }, content };
}

const headerOf = (head: string, name: string): string =>
  new RegExp(`(?:^|\\r\\n)${name}:[ \\t]*([^\\r\\n]*)`, 'i').exec(head)?.[1]?.trim() ?? '';

/** By their lower-case names, the first of each: one after the other, for a value in quotes may hold what looks like one. */
function parametersOf(header: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, bare = ''] of header.matchAll(/;\s*([^\s=;"]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/g)) {
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, unescaped(quoted?.replaceAll(/\\(["\\])/g, '$1') ?? bare));
  }
  return parameters;
}

/** As browsers escape a name (`%22`). */
const unescaped = (text: string): string => text.replaceAll('%22', '"').replaceAll(/%0D%0A|%0D|%0A/gi, ' ');

/** `UTF-8''%e4%bd%a0.wav`, as RFC 5987 writes what is no ASCII; what is none of it, as it is. */
function encodedName(text: string | undefined): string | undefined {
  const encoded = /^utf-8'[^']*'(.*)$/i.exec(text ?? '')?.[1];
  if (encoded === undefined) return text;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return text;
  }
}
