// The program key that was created in this window. It can be shown only once, so the window keeps it in memory until it closes.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { AppError } from '../../shared/api/app-api';
import { useOperation } from './use-operation';

const KEY = ['created program key'];

export interface ProgramKey {
  readonly key: string | null;
  readonly pending: boolean;
  readonly error: AppError | null;
  /** Resolves to the key, or to null when it was not created. */
  readonly create: (name: string) => Promise<string | null>;
}

export function useProgramKey(): ProgramKey {
  const queries = useQueryClient();
  const create = useOperation('keys.create');
  const { data } = useQuery<string | null>({
    queryKey: KEY,
    queryFn: () => queries.getQueryData<string>(KEY) ?? null,
    initialData: () => queries.getQueryData<string>(KEY) ?? null,
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
      queries.setQueryData(KEY, outcome.value.key);
      return outcome.value.key;
    },
  };
}
