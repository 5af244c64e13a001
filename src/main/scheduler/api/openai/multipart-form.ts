// Splits a `multipart/form-data` body into its parts (RFC 7578). The server has limited the size of the body; this file limits the
// number of parts and the size of their headers. No library does this: ADR 0003.
import { fail, ok, type Result } from '../../../../shared/result';

export interface FormPart {
  readonly name: string;
  /** Null: a text field. */
  readonly file: { readonly name: string; readonly contentType: string } | null;
  readonly content: Buffer;
}

const MAX_PARTS = 64;
const MAX_HEADER_BYTES = 8 * 1024;
/** A client chooses a boundary that its content does not contain. To search on behind millions of them would take long. */
const MAX_IN_CONTENT = 100;
const CRLF = '\r\n';

/** The parts in their order, or the fault of the form. */
export function splitForm(contentType: string, body: Buffer): Result<readonly FormPart[], string> {
  const boundary = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType);
  if (boundary === null) return fail('no boundary');
  const delimiter = `--${boundary[1] ?? boundary[2] ?? ''}`;
  const parts: FormPart[] = [];
  let at = body.subarray(0, delimiter.length).equals(Buffer.from(delimiter)) ? delimiter.length : after(body, CRLF + delimiter, 0);
  while (at !== null) {
    if (textAt(body, at, 2) === '--') return ok(parts);
    if (parts.length === MAX_PARTS) return fail(`more than ${String(MAX_PARTS)} parts`);
    const headersAt = after(body, CRLF, at);
    const contentAt = headersAt === null ? null : after(body, CRLF + CRLF, headersAt - CRLF.length);
    if (headersAt === null || contentAt === null) break;
    if (contentAt - headersAt > MAX_HEADER_BYTES) return fail('the headers of a part are too large');
    const next = nextDelimiter(body, CRLF + delimiter, contentAt);
    if (next === null) break;
    const part = partOf(body.toString('utf8', headersAt, contentAt), body.subarray(contentAt, next - delimiter.length - CRLF.length));
    if (part === null) return fail('a part without a name');
    parts.push(part);
    at = next;
  }
  return fail('incomplete');
}

/** The position behind the next `mark`; null: there is no other `mark`. */
function after(body: Buffer, mark: string, from: number): number | null {
  const index = body.indexOf(mark, from);
  return index < 0 ? null : index + mark.length;
}

/** A delimiter is followed by a line end or by `--`. Otherwise the same characters belong to the content. */
function nextDelimiter(body: Buffer, mark: string, from: number): number | null {
  // The delimiter of an empty content shares the line end that ends the headers.
  let at = after(body, mark, from - CRLF.length);
  for (let inContent = 0; at !== null && inContent <= MAX_IN_CONTENT; inContent++) {
    if (/^(?:--|[ \t]*\r\n)/.test(textAt(body, at, 16))) return at;
    at = after(body, mark, at);
  }
  return null;
}

const textAt = (body: Buffer, at: number, length: number): string => body.toString('latin1', at, at + length);

function partOf(headers: string, content: Buffer): FormPart | null {
  const disposition = headerOf(headers, 'content-disposition');
  const parameters = parametersOf(disposition);
  const name = parameters.get('name');
  if (!/^form-data\b/i.test(disposition) || name === undefined) return null;
  const fileName = encodedName(parameters.get('filename*')) ?? parameters.get('filename');
  const contentType = headerOf(headers, 'content-type') || 'application/octet-stream';
  return { name, file: fileName === undefined ? null : { name: fileName, contentType }, content };
}

const headerOf = (headers: string, name: string): string =>
  new RegExp(`(?:^|\\r\\n)${name}:[ \\t]*([^\\r\\n]*)`, 'i').exec(headers)?.[1]?.trim() ?? '';

/**
 * The parameters of a header by lower-case name; the first of equal names counts. They are read in order, because a quoted value may
 * contain text like another parameter.
 */
function parametersOf(header: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, bare = ''] of header.matchAll(/;\s*([^\s=;"]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s;"]+))/g)) {
    const key = name.toLowerCase();
    if (!parameters.has(key)) parameters.set(key, unescaped(quoted?.replaceAll(/\\(["\\])/g, '$1') ?? bare));
  }
  return parameters;
}

/** Undoes the escapes of browsers, such as `%22`. */
const unescaped = (text: string): string => text.replaceAll('%22', '"').replaceAll(/%0D%0A|%0D|%0A/gi, ' ');

/** Decodes names such as `UTF-8''%e4%bd%a0.wav` (RFC 5987). Any other text is returned unchanged. */
function encodedName(text: string | undefined): string | undefined {
  const encoded = /^utf-8'[^']*'(.*)$/i.exec(text ?? '')?.[1];
  if (encoded === undefined) return text;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return text;
  }
}
