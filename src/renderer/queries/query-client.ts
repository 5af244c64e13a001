// One query client per screen. A failed query runs again at its next interval, when the page is shown again, or on request: there are
// no retries. The program may be on this computer, so queries run without a network too.
import { QueryClient } from '@tanstack/react-query';

export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: { retry: false, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
