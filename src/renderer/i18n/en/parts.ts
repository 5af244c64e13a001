// English: charts, bars, steppers.
export const parts = {
  chart: {
    show_table: 'Show as table',
    show_chart: 'Show as chart',
    column_time: 'Time',
    span: '{{from}} to {{to}}',
    time: '{{span}}.',
    values: '{{name}}: last {{last}}, lowest {{low}}, highest {{high}}.',
    no_values: '{{name}}: not reported.',
    limit: '{{limit}}.',
    gaps: 'Not reported: {{gaps}}.',
    events: 'Events: {{events}}.',
    times: '{{count}} times',
    all_zero: 'none',
  },
  legend: {
    pool: 'Pool',
    owner: { own: 'You', node: 'Owner', pool: 'Owners' },
    used: 'Not divided',
    free: 'Free',
    limit: 'Limit',
  },
  stepper: { less: 'Less: {{label}}', more: 'More: {{label}}' },
};
