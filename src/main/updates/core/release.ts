// A release as its signed metadata describes it (`latest-linux.yml` and its kin, written by electron-builder). It is read only after its
// signature was verified. Bounded all the same: the names become parts of addresses and paths.
import { z } from 'zod';
import { fail, ok, type Result } from '../../../shared/result';
import { parseVersion } from './version';

/** The formats of packages that can replace themselves, with the ending of their files. */
export const UPDATE_FORMATS = { deb: '.deb', appimage: '.AppImage', nsis: '.exe' } as const;
export type UpdateFormat = keyof typeof UPDATE_FORMATS;

export const MAX_PACKAGE_BYTES = 4_294_967_296;

const fileSchema = z.object({
  /** The name alone, without a folder or a host: all files of a release are beside its metadata. */
  url: z
    .string()
    .max(200)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/, 'is not a plain file name'),
  sha512: z.string().regex(/^[A-Za-z0-9+/]{86}==$/, 'is not a SHA-512 in Base64'),
  size: z.number().int().positive().max(MAX_PACKAGE_BYTES),
});

const releaseSchema = z.object({
  version: z
    .string()
    .max(64)
    .refine((text) => parseVersion(text) !== null, 'is not a version'),
  files: z.array(fileSchema).min(1).max(32),
});

export type ReleaseFile = Readonly<z.infer<typeof fileSchema>>;

/** One version with its package for this installation. */
export interface Release {
  readonly version: string;
  readonly file: ReleaseFile;
}

export type ReleaseError = { readonly fault: 'invalid' | 'no_package'; readonly reason: string };

/** Fails unless exactly one file is of this format. */
export function decodeRelease(content: unknown, format: UpdateFormat): Result<Release, ReleaseError> {
  const invalid = (reason: string) => fail({ fault: 'invalid', reason } as const);
  const decoded = releaseSchema.safeParse(content);
  if (!decoded.success) {
    const [issue] = decoded.error.issues;
    return invalid(`${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`.slice(0, 200));
  }
  const { version, files } = decoded.data;
  const ending = UPDATE_FORMATS[format];
  const [file, ...others] = files.filter(({ url }) => url.endsWith(ending));
  if (file === undefined) return fail({ fault: 'no_package', reason: `no file ends with ${ending}` });
  return others.length === 0 ? ok({ version, file }) : invalid(`${String(others.length + 1)} files end with ${ending}`);
}

/** The metadata of a system. The names are those of electron-builder. */
export function metadataName(format: UpdateFormat, arch: string): string {
  if (format === 'nsis') return 'latest.yml';
  return arch === 'x64' ? 'latest-linux.yml' : `latest-linux-${arch}.yml`;
}
