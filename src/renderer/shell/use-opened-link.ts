// Opens the Pool page when another program opened a join link with the app. The page shows the link.
import { useEffect } from 'react';
import { useApp } from '../store/Screen';
import { goTo } from '../store/use-route';

export function useOpenedLink(): void {
  const id = useApp((app) => app.opened_link?.id ?? null);
  useEffect(() => {
    if (id !== null) goTo({ page: 'pool' });
  }, [id]);
}
