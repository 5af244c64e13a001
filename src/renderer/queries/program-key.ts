// The program key of a pool that was created or typed in this window. A pool shows a key only once, so the window keeps it in memory until it
// closes.
// A key is a secret of its pool: after a change of the pool it is neither shown nor copied.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { AppApi, AppError } from '../../shared/api/app-api';
import type { KeyView } from '../../shared/api/members';
import { useScreen } from '../store/Screen';
import { callOrThrow, OperationFailed } from './use-answer';

export interface ProgramKey {
  readonly key: string | null;
  readonly pending: boolean;
  readonly error: AppError | null;
  /** `program`: the name of the key, or the start of its name. Resolves to the key, or to null when it was not created. */
  readonly create: (program: string) => Promise<string | null>;
  /** A key that the user has. Null: none. */
  readonly use: (key: string | null) => void;
}

/** `baseUrl`: of the pool. */
export function useProgramKey(baseUrl: string): ProgramKey {
  const queryKey = ['program key', baseUrl];
  const queries = useQueryClient();
  const { api } = useScreen();
  const create = useMutation<string, OperationFailed, string>({
    mutationFn: async (program) => {
      const { keys } = await callOrThrow(api, 'keys.list', {});
      return createNamed(api, program, keys);
    },
    onSuccess: (key) => {
      queries.setQueryData(queryKey, key);
      void queries.invalidateQueries({ queryKey: ['keys.list'] });
    },
  });
  const { data } = useQuery<string | null>({
    queryKey,
    queryFn: () => queries.getQueryData<string>(queryKey) ?? null,
    initialData: () => queries.getQueryData<string>(queryKey) ?? null,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  return {
    key: data,
    pending: create.isPending,
    error: create.error?.reason ?? null,
    create: async (program) => {
      try {
        return await create.mutateAsync(program);
      } catch (failure) {
        if (failure instanceof OperationFailed) return null;
        throw failure;
      }
    },
    use: (key) => {
      queries.setQueryData(queryKey, key);
    },
  };
}

/** A member does not see which names the keys of others have. */
const MAX_TRIES = 50;

async function createNamed(api: AppApi, program: string, keys: readonly KeyView[]): Promise<string> {
  const taken = new Set(keys.filter(({ revoked_at: revokedWallMs }) => revokedWallMs === null).map(({ name }) => name));
  for (let tries = 1; ; tries++) {
    const name = freeName(program, taken);
    const made = await api.call('keys.create', { name });
    if (made.ok) return made.value.key;
    if (made.error.details?.['reason'] !== 'name_taken' || tries === MAX_TRIES) throw new OperationFailed(made.error);
    taken.add(name);
  }
}

/** Two valid keys of a pool cannot have the same name: `Open WebUI`, then `Open WebUI 2`. */
function freeName(program: string, taken: ReadonlySet<string>): string {
  let name = program;
  for (let number = 2; taken.has(name); number++) name = `${program} ${String(number)}`;
  return name;
}
