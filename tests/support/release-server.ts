// A local server with a release: its metadata, the signature of the metadata, and a package. Each part can be replaced or broken.
import { createHash, type KeyObject } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { publicKeyText, signatureOf, temporaryKey } from '../../scripts/release/signing.mjs';
import { listenHttp } from './http-server';

export const METADATA = 'latest-linux.yml';

export interface TestRelease {
  readonly version: string;
  readonly name: string;
  readonly content: Buffer;
}

export const releaseOf = (version: string, ending: string, content: string | Buffer = `Muster ${version}`): TestRelease => ({
  version,
  name: `muster-${version}${ending}`,
  content: Buffer.from(content),
});

export const metadataOf = ({ version, name, content }: TestRelease): string =>
  `version: ${version}\nfiles:\n  - url: ${name}\n    sha512: ${createHash('sha512').update(content).digest('base64')}\n    size: ${String(content.length)}\n`;

/** A body, or a function that answers. */
type Part = string | Buffer | ((response: ServerResponse) => void);

export class ReleaseServer {
  readonly #parts = new Map<string, Part>();
  readonly key: KeyObject = temporaryKey();
  /** The paths of all requests. */
  readonly requests: string[] = [];
  #listening: Awaited<ReturnType<typeof listenHttp>> | null = null;

  get publicKey(): string {
    return publicKeyText(this.key);
  }

  get url(): string {
    return `${this.#listening?.url ?? ''}/`;
  }

  async listen(): Promise<void> {
    this.#listening = await listenHttp(({ url = '/' }, response) => {
      const name = url.slice(1);
      this.requests.push(name);
      const part = this.#parts.get(name);
      if (part === undefined) response.writeHead(404).end('not found');
      else if (typeof part === 'function') part(response);
      else response.writeHead(200, { 'content-length': Buffer.byteLength(part) }).end(part);
    });
  }

  /** Publishes a release, signed by `key`. */
  publish(release: TestRelease, key: KeyObject = this.key): void {
    this.publishText(metadataOf(release), key);
    this.set(release.name, release.content);
  }

  publishText(text: string, key: KeyObject = this.key): void {
    this.set(METADATA, text);
    this.set(`${METADATA}.sig`, signatureOf(key, METADATA, Buffer.from(text)));
  }

  set(name: string, part: Part): void {
    this.#parts.set(name, part);
  }

  remove(name: string): void {
    this.#parts.delete(name);
  }

  close(): Promise<void> {
    return this.#listening?.close() ?? Promise.resolve();
  }
}

/** Promises the whole length, and ends the connection in the middle. */
export const truncated =
  (content: Buffer): Part =>
  (response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, content.length / 2), () => response.destroy());
  };

/** Sends a part, and nothing more. */
export const silent =
  (content: Buffer): Part =>
  (response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, content.length / 2));
  };

/** Never ends: the client must stop. */
export const endless: Part = (response) => {
  response.writeHead(200);
  const write = (): void => {
    while (!response.destroyed && response.write('x'.repeat(16_384)));
    if (!response.destroyed) response.once('drain', write);
  };
  write();
};
