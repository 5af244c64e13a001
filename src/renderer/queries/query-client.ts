// One client per screen. An answer that failed is asked for again at its next interval, when the page is shown again or by a press:
// never in a row. The program may be on this computer, so that a computer without a network is no reason to wait.
import { QueryClient } from '@tanstack/react-query';

export const createQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: { retry: false, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
