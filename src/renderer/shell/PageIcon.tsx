// The icons of the pages, for a rail that is too narrow for labels.
import type { PageName } from '../routes';

const PATHS: Record<PageName, string> = {
  overview: 'M4 13a8 8 0 1 1 16 0M12 13l4-5M4 17h16',
  gpus: 'M3 7h18v9H3zM6 16v3M10 16v3M15 11.5a2 2 0 1 1-4 0 2 2 0 0 1 4 0M6.5 10v3',
  models: 'M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9',
  jobs: 'M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01',
  pool: 'M12 5a2 2 0 1 0 0-.01M5 18a2 2 0 1 0 0-.01M19 18a2 2 0 1 0 0-.01M11 7l-5 9M13 7l5 9M7.500 18h9',
  nodes: 'M4 4h16v6H4zM4 14h16v6H4zM7.500 7h.01M7.500 17h.01',
  members:
    'M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7M2.500 20c0-4 3-6 6.500-6s6.500 2 6.500 6M16 4.300a3.500 3.500 0 0 1 0 6.500M18 14.500c2.200.8 3.500 2.700 3.500 5.500',
  dispatch: 'M4 12h5M9 12l5-6h6M9 12l5 6h6M17 3l3 3-3 3M17 15l3 3-3 3',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
};

export function PageIcon({ page }: { readonly page: PageName }) {
  return (
    <svg
      width="18"
      height="18"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={PATHS[page]} />
    </svg>
  );
}
