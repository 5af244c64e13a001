// Reads the newest release from the feed: two small files, of which the second signs the first.
import type { UpdateFault } from '../../shared/api/update';
import { isLoopbackHost } from '../../shared/loopback';
import { fail, ok, type Result } from '../../shared/result';
import { AnswerRefused, bounded, causeOf } from '../scheduler-client/bounded-answer';
import { SIGNATURE_ENDING } from './signature';
import { type Expected, MAX_METADATA_BYTES, MAX_SIGNATURE_BYTES, readSignedRelease, type SignedRelease } from './signed-release';

/** Of Node.js, or of Electron, which uses the proxy of the system. */
export type FeedFetch = (url: string, init: { readonly redirect: 'follow'; readonly signal: AbortSignal }) => Promise<Response>;

export interface ReleaseFeedOptions extends Expected {
  /** The folder of the release, with a slash at its end. */
  readonly url: URL;
  readonly fetch: FeedFetch;
  readonly timeoutMs?: number;
}

export interface FeedError {
  readonly fault: Extract<UpdateFault, 'unreachable' | 'unsigned' | 'invalid' | 'no_package'>;
  readonly reason: string;
}

const TIMEOUT_MS = 30_000;

/** Without TLS only on this computer: the signature protects the content, and TLS hides who asks for what. */
export function readFeedUrl(text: string): Result<URL, string> {
  if (!URL.canParse(text)) return fail('is not an address');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHost(url.hostname))) return fail('must begin with https://');
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return fail('must have no user, query or fragment');
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return ok(url);
}

export class ReleaseFeed {
  readonly #options: ReleaseFeedOptions;

  constructor(options: ReleaseFeedOptions) {
    this.#options = options;
  }

  async newest(): Promise<Result<SignedRelease, FeedError>> {
    const { metadata } = this.#options;
    const [content, signature] = await Promise.all([
      this.#read(metadata, MAX_METADATA_BYTES),
      this.#read(`${metadata}${SIGNATURE_ENDING}`, MAX_SIGNATURE_BYTES),
    ]);
    if (!content.ok) return content;
    // A feed without a signature answers, and is refused like one with a wrong signature.
    if (!signature.ok) return signature.error.reason === 'status 404' ? fail({ fault: 'unsigned', reason: 'no signature' }) : signature;
    return readSignedRelease({ content: content.value, signature: signature.value }, this.#options);
  }

  async #read(name: string, maxBytes: number): Promise<Result<Buffer, FeedError>> {
    const { url, fetch, timeoutMs = TIMEOUT_MS } = this.#options;
    try {
      // Hosts of releases redirect. The signature decides, not the address.
      const response = await fetch(new URL(name, url).href, { redirect: 'follow', signal: AbortSignal.timeout(timeoutMs) });
      const chunks: Uint8Array[] = [];
      for await (const chunk of bounded(response.body, maxBytes)) chunks.push(chunk);
      if (!response.ok) return fail({ fault: 'unreachable', reason: `status ${String(response.status)}` });
      return ok(Buffer.concat(chunks));
    } catch (error) {
      const reason = error instanceof AnswerRefused ? error.code : causeOf(error);
      return fail({ fault: 'unreachable', reason: reason.slice(0, 200) });
    }
  }
}
