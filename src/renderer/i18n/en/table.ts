// English: searching in tables.
export const table = {
  table: {
    search_nodes: 'Search nodes',
    search_models: 'Search models',
    search_jobs: 'Search this list, or enter a job ID',
    search_members: 'Name, key, model',
    all: 'All',
    sort_by: 'Sort by',
    found: '{{found}} of {{total}}',
    none_found: 'Nothing matches the search.',
  },
};
