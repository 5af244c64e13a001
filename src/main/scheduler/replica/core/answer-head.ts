// The head of an answer as the leader's server wrote it.

export interface AnswerHead {
  readonly status: number;
  readonly reason: string;
  /** Names and values by turns, without those of the connection. */
  readonly rawHeaders: readonly string[];
  /** Where the body begins. */
  readonly bodyAt: number;
}

const STATUS_LINE = /^HTTP\/1\.1 (\d{3}) ?(.*)$/;
/** The replica writes these for its own connection. */
const OWN_HEADERS: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding']);
const MAX_ANSWER_HEAD_BYTES = 64 * 1024;
const HEAD_END = '\r\n\r\n';

/** `partial`: the head goes on behind these bytes. */
export function decodeAnswerHead(bytes: Uint8Array): AnswerHead | 'partial' | 'malformed' {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = buffer.indexOf(HEAD_END);
  if (end < 0) return bytes.length > MAX_ANSWER_HEAD_BYTES ? 'malformed' : 'partial';
  const [first = '', ...lines] = buffer.toString('latin1', 0, end).split('\r\n');
  const parts = STATUS_LINE.exec(first);
  if (parts === null) return 'malformed';
  const rawHeaders: string[] = [];
  for (const line of lines) {
    const at = line.indexOf(':');
    const name = line.slice(0, at);
    if (!OWN_HEADERS.has(name.toLowerCase())) rawHeaders.push(name, line.slice(at + 1).trimStart());
  }
  return { status: Number(parts[1]), reason: parts[2] ?? '', rawHeaders, bodyAt: end + HEAD_END.length };
}
