// The head of a request as the replica sends it to the leader. HTTP/1.0: the answer then comes without chunks of HTTP, and ends with the
// connection. The leader's server reads a body in chunks also in this version.

/** Headers of the connection of the client, and `Expect`, which the replica has answered. */
const OWN_HEADERS: ReadonlySet<string> = new Set(['connection', 'expect', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'upgrade']);

export interface RequestHead {
  readonly method: string;
  readonly url: string;
  /** Names and values by turns. */
  readonly rawHeaders: readonly string[];
}

/** In latin1, as the parser of HTTP read it. */
export function encodeRequestHead({ method, url, rawHeaders }: RequestHead): string {
  let lines = '';
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!OWN_HEADERS.has(name.toLowerCase())) lines += `${name}: ${rawHeaders[index + 1] ?? ''}\r\n`;
  }
  return `${method} ${url} HTTP/1.0\r\n${lines}\r\n`;
}

/** A piece of a body with `Transfer-Encoding: chunked`. */
export const chunkHead = (bytes: number): string => `${bytes.toString(16)}\r\n`;
export const CHUNK_END = '\r\n';
export const LAST_CHUNK = '0\r\n\r\n';
