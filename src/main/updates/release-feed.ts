// Reads the newest release from the feed: two small files, of which the second signs the first. Nothing of the content is used before the
// signature is verified.
import type { KeyObject } from 'node:crypto';
import { load } from 'js-yaml';
import type { UpdateFault } from '../../shared/api/update';
import { messageOfError } from '../../shared/errors';
import { isLoopbackHost } from '../../shared/loopback';
import { fail, ok, type Result } from '../../shared/result';
import { AnswerRefused, bounded, causeOf } from '../scheduler-client/bounded-answer';
import { decodeRelease, type Release, type ReleaseError, type UpdateFormat } from './core/release';
import { isSignedBy, SIGNATURE_ENDING } from './signature';

/** Of Node.js, or of Electron, which uses the proxy of the system. */
export type FeedFetch = (url: string, init: { readonly redirect: 'follow'; readonly signal: AbortSignal }) => Promise<Response>;

export interface ReleaseFeedOptions {
  /** The folder of the release, with a slash at its end. */
  readonly url: URL;
  readonly publicKey: KeyObject;
  /** `latest-linux.yml` and its kin. */
  readonly metadata: string;
  readonly format: UpdateFormat;
  readonly fetch: FeedFetch;
  readonly timeoutMs?: number;
}

export interface FeedError {
  readonly fault: Extract<UpdateFault, 'unreachable' | 'unsigned' | 'invalid' | 'no_package'>;
  readonly reason: string;
}

const MAX_METADATA_BYTES = 65_536;
const MAX_SIGNATURE_BYTES = 1024;
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

/** Metadata in YAML. */
export function parseRelease(text: string, format: UpdateFormat): Result<Release, ReleaseError> {
  try {
    return decodeRelease(load(text), format);
  } catch (error) {
    return fail({ fault: 'invalid', reason: messageOfError(error).slice(0, 200) });
  }
}

export class ReleaseFeed {
  readonly #options: ReleaseFeedOptions;

  constructor(options: ReleaseFeedOptions) {
    this.#options = options;
  }

  async newest(): Promise<Result<Release, FeedError>> {
    const { metadata, publicKey, format } = this.#options;
    const [content, signature] = await Promise.all([
      this.#read(metadata, MAX_METADATA_BYTES),
      this.#read(`${metadata}${SIGNATURE_ENDING}`, MAX_SIGNATURE_BYTES),
    ]);
    if (!content.ok) return content;
    // A feed without a signature answers, and is refused like one with a wrong signature.
    if (!signature.ok) return signature.error.reason === 'status 404' ? fail({ fault: 'unsigned', reason: 'no signature' }) : signature;
    if (!isSignedBy(publicKey, metadata, content.value, signature.value.toString('utf8')))
      return fail({ fault: 'unsigned', reason: 'the signature is not valid' });
    return parseRelease(content.value.toString('utf8'), format);
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
