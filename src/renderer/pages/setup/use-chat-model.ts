// The model that the first prompt goes to: the page chooses it.
import type { AppError } from '../../../shared/api/app-api';
import { useReadyModels } from '../../queries/nodes';
import { modelFor, usableModels } from '../../queries/usable-models';
import { useMayAsk } from '../../queries/use-may-ask';

export interface ChatModel {
  /** Null: none answers here. */
  readonly model: string | null;
  /** This member must not ask. */
  readonly isForbidden: boolean;
  /** There is no answer of the pool yet. */
  readonly isLooking: boolean;
  readonly error: AppError | null;
}

export function useChatModel(): ChatModel {
  const { value, error } = useReadyModels(true);
  const mayAsk = useMayAsk();
  const model = mayAsk ? modelFor(usableModels(value?.models ?? []), 'chat') : null;
  return { model, isForbidden: !mayAsk, isLooking: value === null && error === null, error };
}
