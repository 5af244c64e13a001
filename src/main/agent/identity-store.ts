// identity.json holds for each scheduler the node's id and token, the credential of its member and the CA of the pool, and one secret for
// the nonces of joining. It is in the state folder (mode 0600) and bound to this machine:
// a copied folder does not make a second node with the same id. An unusable file is renamed and never overwritten.
import { createHmac, randomBytes } from 'node:crypto';
import { readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { codeOfError, messageOfError } from '../../shared/errors';
import { parseJsonAs } from '../../shared/json';
import { nodeIdSchema } from '../../shared/protocol/node-messages';
import { MAX_POOL_ADDRESSES, poolAddressSchema } from '../../shared/protocol/pool-addresses';
import type { Logger } from '../platform/logger';
import { writeFileAtomic } from '../platform/atomic-file';
import { AuthorityFiles } from './authority-files';
import type { Authorities } from './scheduler-socket';
import type { Identity } from './session/session-state';

/** The store keeps the schedulers that were used last. */
const MAX_SCHEDULERS = 16;
const JOIN_SECRET_BYTES = 32;

const fileSchema = z.object({
  version: z.literal(1),
  machine_fingerprint: z.string(),
  schedulers: z
    .array(
      z.object({
        scheduler_url: z.string().max(2048),
        node_id: nodeIdSchema,
        node_token: z.string().min(1).max(256),
        /** Absent: a file of an earlier version. */
        proves_token: z.boolean().optional(),
      }),
    )
    .max(MAX_SCHEDULERS * 4),
  pools: z
    .array(z.object({ scheduler_url: z.string().max(2048), pin: z.string().max(64), ca: z.string().max(16_384).nullable() }))
    .max(MAX_SCHEDULERS * 4)
    .optional(),
  /**
   * The credentials of the members. They outlive a node id (`NODE_ID_CONFLICT`). `pin` null: a pool without a CA of its own. Absent: a
   * file of an earlier version.
   */
  credentials: z
    .array(z.object({ scheduler_url: z.string().max(2048), pin: z.string().max(64).nullable(), credential: z.string().min(1).max(256) }))
    .max(MAX_SCHEDULERS * 4)
    .default([]),
  /** Other schedulers of a pool, from its last acknowledgement that had addresses. Absent: a file of an earlier version. */
  pool_urls: z
    .array(
      z.object({
        scheduler_url: z.string().max(2048),
        pin: z.string().max(64).nullable(),
        urls: z.array(poolAddressSchema).max(MAX_POOL_ADDRESSES),
      }),
    )
    .max(MAX_SCHEDULERS * 4)
    .default([]),
  /** Random. Makes the nonces of joining by an invitation. */
  join_secret: z.string().min(1).max(256).optional(),
});
type Entry = z.infer<typeof fileSchema>['schedulers'][number];
type PoolEntry = NonNullable<z.infer<typeof fileSchema>['pools']>[number];
type PoolUrlsEntry = z.infer<typeof fileSchema>['pool_urls'][number];
type Credential = z.infer<typeof fileSchema>['credentials'][number];

/** The ids of the node of this computer, one for each scheduler. Changes nothing: for another program than the agent. */
export function storedNodeIds(file: string): readonly string[] {
  try {
    return parseJsonAs(fileSchema, readFileSync(file, 'utf8')).schedulers.map(({ node_id: id }) => id);
  } catch {
    return [];
  }
}

export interface IdentityStoreOptions {
  readonly file: string;
  readonly fingerprint: string;
  readonly logger: Logger;
}

export class IdentityStore implements Authorities {
  /** Node ids in a file of another machine that was found here. Empty: there was no such file. */
  readonly foreignNodeIds: readonly string[];
  readonly #options: IdentityStoreOptions;
  readonly #authorityFiles: AuthorityFiles;
  /** In order of use: the one used last is the last. */
  #entries: readonly Entry[];
  #pools: readonly PoolEntry[];
  #credentials: readonly Credential[];
  #poolUrls: readonly PoolUrlsEntry[];
  /** Undefined: this node has used no invitation. */
  #joinSecret: string | undefined;

  constructor(options: IdentityStoreOptions) {
    this.#options = options;
    this.#authorityFiles = new AuthorityFiles(path.dirname(options.file), options.logger);
    const stored = this.#read();
    const isForeign = stored !== null && stored.machine_fingerprint !== options.fingerprint;
    if (isForeign) this.#moveAside('other-machine');
    this.#entries = stored === null || isForeign ? [] : stored.schedulers;
    this.#pools = stored === null || isForeign ? [] : (stored.pools ?? []);
    this.#credentials = stored === null || isForeign ? [] : stored.credentials;
    this.#poolUrls = stored === null || isForeign ? [] : stored.pool_urls;
    this.#joinSecret = stored === null || isForeign ? undefined : stored.join_secret;
    this.foreignNodeIds = isForeign ? stored.schedulers.map((entry) => entry.node_id) : [];
  }

  /**
   * This node's identity for the scheduler at `url`, or for the pool with this pin at an earlier address. Null: the node has not registered
   * there.
   */
  get(url: string, pin: string | null = null): Identity | null {
    const earlier = this.#pools.filter((pool) => pool.pin === pin).map((pool) => pool.scheduler_url);
    const isThere = (entry: Entry): boolean => entry.scheduler_url === url;
    const entry = this.#entries.find(isThere) ?? this.#entries.findLast(({ scheduler_url: other }) => earlier.includes(other));
    if (entry === undefined) return null;
    const { node_id: nodeId, node_token: nodeToken, proves_token: provesToken } = entry;
    return { nodeId, nodeToken, ...(provesToken === undefined ? {} : { provesToken }) };
  }

  save(url: string, { nodeId, nodeToken, provesToken }: Identity): void {
    const entry: Entry = { scheduler_url: url, node_id: nodeId, node_token: nodeToken, proves_token: provesToken };
    const last = this.#entries.at(-1);
    if (last !== undefined && isSameEntry(last, entry)) return;
    const others = this.#entries.filter(({ scheduler_url: other }) => other !== url);
    this.#replace([...others, entry].slice(-MAX_SCHEDULERS));
  }

  delete(url: string): void {
    this.#replace(this.#entries.filter((entry) => entry.scheduler_url !== url));
  }

  authority(url: string, pin: string): string | null {
    return this.#pools.find((pool) => pool.scheduler_url === url && pool.pin === pin)?.ca ?? null;
  }

  saveAuthority(url: string, pin: string, ca: string): void {
    const others = this.#pools.filter((pool) => pool.scheduler_url !== url);
    this.#pools = [...others, { scheduler_url: url, pin, ca }].slice(-MAX_SCHEDULERS);
    this.#write();
  }

  /** The file of the CA for other programs of this computer. Null: there is no CA, or its file cannot be written. */
  authorityFile(pool: { readonly url: string; readonly pin?: string | null } | null): string | null {
    if (pool?.pin == null) return null;
    const ca = this.authority(pool.url, pool.pin);
    return ca === null ? null : this.#authorityFiles.fileOf(pool.pin, ca);
  }

  /** The pool of the address stays known: its pin leads to the node's identity at another address. */
  forgetAuthority(url: string): void {
    this.#pools = this.#pools.map((pool) => (pool.scheduler_url === url ? { ...pool, ca: null } : pool));
    this.#write();
  }

  /**
   * The credential of this computer's member: at any address of the pool with this pin, else at this address. It is never sent to another
   * pool at the same address. Null: there is none.
   */
  credential(url: string, pin: string | null): string | null {
    return this.#credentials.findLast(isOfPool(url, pin))?.credential ?? null;
  }

  saveCredential(url: string, pin: string | null, credential: string): void {
    const others = this.#credentials.filter((entry) => entry.scheduler_url !== url && (pin === null || entry.pin !== pin));
    this.#credentials = [...others, { scheduler_url: url, pin, credential }].slice(-MAX_SCHEDULERS);
    this.#write();
  }

  /** The addresses of the other schedulers of the pool, found as its credential is. */
  poolUrls(url: string, pin: string | null): readonly string[] {
    return this.#poolUrls.findLast(isOfPool(url, pin))?.urls ?? [];
  }

  savePoolUrls(url: string, pin: string | null, urls: readonly string[]): void {
    const isSame = isOfPool(url, pin);
    const others = this.#poolUrls.filter((entry) => !isSame(entry));
    this.#poolUrls = [...others, { scheduler_url: url, pin, urls: [...urls] }].slice(-MAX_SCHEDULERS);
    this.#write();
  }

  /** The pool is forgotten. */
  deleteCredential(url: string, pin: string | null): void {
    const isForgotten = isOfPool(url, pin);
    this.#credentials = this.#credentials.filter((entry) => !isForgotten(entry));
    this.#poolUrls = this.#poolUrls.filter((entry) => !isForgotten(entry));
    this.#write();
  }

  /** The nonce of this node for an invitation, always the same: a lost answer is repeated to the joiner with this nonce alone. */
  joinNonce(invitation: string): string {
    if (this.#joinSecret === undefined) {
      this.#joinSecret = randomBytes(JOIN_SECRET_BYTES).toString('base64url');
      this.#write();
    }
    return createHmac('sha256', this.#joinSecret).update(invitation).digest('base64url');
  }

  #replace(entries: readonly Entry[]): void {
    this.#entries = entries;
    this.#write();
  }

  /** When the disk refuses the write, the session goes on with the identity. The next start does not have it. */
  #write(): void {
    const { file, fingerprint, logger } = this.#options;
    const pools = this.#pools.length === 0 ? {} : { pools: this.#pools };
    const joining = this.#joinSecret === undefined ? {} : { join_secret: this.#joinSecret };
    const others = this.#poolUrls.length === 0 ? {} : { pool_urls: this.#poolUrls };
    const schedulers = { schedulers: this.#entries, credentials: this.#credentials, ...others };
    const content = { version: 1, machine_fingerprint: fingerprint, ...schedulers, ...pools, ...joining };
    try {
      writeFileAtomic(file, `${JSON.stringify(content, null, 2)}\n`);
    } catch (error) {
      logger.log('error', 'identity_not_saved', { file, reason: messageOfError(error) });
    }
  }

  #read(): z.infer<typeof fileSchema> | null {
    const { file, logger } = this.#options;
    let text: string;
    try {
      text = readFileSync(file, 'utf8');
    } catch (error) {
      if (codeOfError(error) === 'ENOENT') return null;
      logger.log('error', 'identity_unreadable', { file, reason: messageOfError(error), moved_to: this.#moveAside('unreadable') });
      return null;
    }
    try {
      return parseJsonAs(fileSchema, text);
    } catch {
      // The log must not repeat the content: it holds a secret.
      const movedTo = this.#moveAside('corrupt');
      logger.log('error', 'identity_corrupt', { file, moved_to: movedTo });
      return null;
    }
  }

  #moveAside(suffix: string): string | null {
    const { file, logger } = this.#options;
    const target = `${file}.${suffix}`;
    try {
      renameSync(file, target);
      return target;
    } catch (error) {
      logger.log('error', 'identity_not_moved', { file, reason: messageOfError(error) });
      return null;
    }
  }
}

/** Whether an entry is of the pool with this pin, at any address. Without a pin: of this address. */
const isOfPool =
  (url: string, pin: string | null) =>
  (entry: { readonly scheduler_url: string; readonly pin: string | null }): boolean =>
    entry.pin === pin && (pin !== null || entry.scheduler_url === url);

const isSameEntry = (one: Entry, other: Entry): boolean =>
  one.scheduler_url === other.scheduler_url &&
  one.node_id === other.node_id &&
  one.node_token === other.node_token &&
  one.proves_token === other.proves_token;
