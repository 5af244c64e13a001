// English: the contribution, the slots and the models on the page of this computer.
export const computer = {
  contribution: {
    title: 'Given to {{pool}}',
    times: 'today, and in the last 7 days',
    jobs: 'Jobs',
    tokens: 'Tokens',
    time: 'Time with jobs',
    energy: 'Energy, estimated',
    week: '{{value}} in 7 days',
    per_hour: 'Jobs per hour today',
  },
  running: {
    title: 'Running',
    here: 'Running on this computer',
    all: 'All jobs',
    other_one: '{{count}} job of the pool',
    other_other: '{{count}} jobs of the pool',
    closed: { paused: 'No jobs while paused', registering: 'Jobs start after the checks', now: 'No new jobs now' },
    free: 'Free slot',
    free_count_one: '{{count}} free slot',
    free_count_other: '{{count}} free slots',
  },
  models_here: {
    title: 'Models here',
    all: 'All models',
    more_one: '{{count}} more',
    more_other: '{{count}} more',
    folder: 'Folder',
    required: 'the pool requires it',
  },
};
