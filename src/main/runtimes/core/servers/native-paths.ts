// The versions of model servers that have the Messages and the Responses API (docs/runtimes.md). A version below these, or none, proves
// nothing: the path is then not reported, and the scheduler translates. LM Studio and unknown servers report no version.
import type { NativePath } from '../../../../shared/protocol/task-kinds';

type VersionedServer = 'ollama' | 'llama.cpp' | 'vllm';

/** The first version that is known to have the path. llama.cpp counts builds. */
const SINCE: Readonly<Record<VersionedServer, Partial<Readonly<Record<NativePath, readonly number[]>>>>> = {
  ollama: { '/v1/messages': [0, 14, 0], '/v1/responses': [0, 13, 3] },
  'llama.cpp': { '/v1/messages': [8906], '/v1/messages/count_tokens': [8906], '/v1/responses': [8906] },
  vllm: { '/v1/messages': [0, 11, 1], '/v1/messages/count_tokens': [0, 18, 0], '/v1/responses': [0, 10, 0] },
};

const VERSION = /^[vb]?(\d{1,9}(?:\.\d{1,9}){0,4})(.*)$/s;
const PRE_RELEASE = /rc|dev|alpha|beta/i;

export function nativePathsOf(server: VersionedServer, version: string | null): readonly NativePath[] {
  const since = Object.entries(SINCE[server]) as [NativePath, readonly number[]][];
  return since.filter(([, first]) => isAtLeast(version ?? '', first)).map(([path]) => path);
}

/** A release candidate of the first version may be older than the path. */
function isAtLeast(version: string, first: readonly number[]): boolean {
  const [, numbers = '', rest = ''] = VERSION.exec(version) ?? [];
  if (numbers === '') return false;
  const parts = numbers.split('.').map(Number);
  for (const [at, least] of first.entries()) {
    const part = parts[at] ?? 0;
    if (part !== least) return part > least;
  }
  return !PRE_RELEASE.test(rest);
}
