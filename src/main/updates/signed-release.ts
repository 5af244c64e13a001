// The metadata of a release with its signature. Nothing of the content is used before the signature is verified. The app and the program that
// installs as root both read it here.
import type { KeyObject } from 'node:crypto';
import { load } from 'js-yaml';
import type { UpdateFault } from '../../shared/api/update';
import { messageOfError } from '../../shared/errors';
import { fail, type Result } from '../../shared/result';
import { decodeRelease, type Release, type ReleaseError, type UpdateFormat } from './core/release';
import { isSignedBy } from './signature';

export const MAX_METADATA_BYTES = 65_536;
export const MAX_SIGNATURE_BYTES = 1024;

/** The exact bytes as the feed sent them. */
export interface SignedMetadata {
  readonly content: Buffer;
  readonly signature: Buffer;
}

/** A verified release, with the proof for another program. */
export interface SignedRelease extends Release {
  readonly signed: SignedMetadata;
}

export interface MetadataError {
  readonly fault: Extract<UpdateFault, 'unsigned' | 'invalid' | 'no_package'>;
  readonly reason: string;
}

export interface Expected {
  readonly publicKey: KeyObject;
  /** `latest-linux.yml` and its kin. The signature covers it. */
  readonly metadata: string;
  readonly format: UpdateFormat;
}

export function readSignedRelease(signed: SignedMetadata, { publicKey, metadata, format }: Expected): Result<SignedRelease, MetadataError> {
  if (!isSignedBy(publicKey, metadata, signed.content, signed.signature.toString('utf8')))
    return fail({ fault: 'unsigned', reason: 'the signature is not valid' });
  const release = parseRelease(signed.content.toString('utf8'), format);
  return release.ok ? { ok: true, value: { ...release.value, signed } } : release;
}

/** Metadata in YAML. */
export function parseRelease(text: string, format: UpdateFormat): Result<Release, ReleaseError> {
  try {
    return decodeRelease(load(text), format);
  } catch (error) {
    return fail({ fault: 'invalid', reason: messageOfError(error).slice(0, 200) });
  }
}
