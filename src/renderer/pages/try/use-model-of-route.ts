// A link to the page names the model of the next question, such as `#/try/qwen3%3A14b`. The chat takes it once, and the route goes back to
// the page alone: a reload keeps what the user chose since.
import { useEffect } from 'react';
import { goTo, useRoutePart } from '../../store/use-route';
import type { Chat } from './chat-store';
import { keyOf, type UsableModel } from '../../queries/usable-models';

export function useModelOfRoute(chat: Chat, models: readonly UsableModel[]): void {
  const wanted = useRoutePart(({ page, id }) => (page === 'try' ? id : null));
  const found = wanted === null ? undefined : models.find(({ model }) => model.model_id === wanted);
  const key = found === undefined ? null : keyOf(found);
  useEffect(() => {
    if (key === null) return;
    chat.change({ chosen: key });
    goTo({ page: 'try' }, { replace: true });
  }, [chat, key]);
}
