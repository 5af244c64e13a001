// The program key of a pool that was created or typed in this window. A pool shows a key only once, so the window keeps it in memory until it
// closes.
// A key is a secret of its pool: after a change of the pool it is neither shown nor copied.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { AppError } from '../../shared/api/app-api';
import { useOperation } from './use-operation';

export interface ProgramKey {
  readonly key: string | null;
  readonly pending: boolean;
  readonly error: AppError | null;
  /** Resolves to the key, or to null when it was not created. */
  readonly create: (name: string) => Promise<string | null>;
  /** A key that the user has. Null: none. */
  readonly use: (key: string | null) => void;
}

/** `baseUrl`: of the pool. */
export function useProgramKey(baseUrl: string): ProgramKey {
  const queryKey = ['program key', baseUrl];
  const queries = useQueryClient();
  const create = useOperation('keys.create');
  const { data } = useQuery<string | null>({
    queryKey,
    queryFn: () => queries.getQueryData<string>(queryKey) ?? null,
    initialData: () => queries.getQueryData<string>(queryKey) ?? null,
    staleTime: Infinity,
    gcTime: Infinity,
  });
  return {
    key: data,
    pending: create.pending,
    error: create.error,
    create: async (name) => {
      const outcome = await create.run({ name });
      if (!outcome.ok) return null;
      queries.setQueryData(queryKey, outcome.value.key);
      return outcome.value.key;
    },
    use: (key) => {
      queries.setQueryData(queryKey, key);
    },
  };
}
