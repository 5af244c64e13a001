// English: the availability of a node with its reason, and the load of a node with its limits. Used on every page that shows a node.
import { AVAILABILITY_TEXTS, LIMIT_SOURCE_TEXTS } from '../../../shared/reasons/availability';
import { reasonLabels, reasonPhrases } from '../reason-labels';

export const availability = {
  availability: reasonLabels(AVAILABILITY_TEXTS, 'en'),
  /** Inside a sentence. */
  availability_phrase: reasonPhrases(AVAILABILITY_TEXTS, 'en'),
  availability_reason: {
    slots: '{{used}} of {{total}} slots in use',
    slots_later_one: '{{count}} more after a successful job',
    slots_later_other: '{{count}} more after successful jobs',
    next: 'next in about {{left}}',
    next_slot: 'Next slot in about {{left}}',
    load: '{{use}} {{percent}}, limit {{limit}}',
    memory: '{{available}} of memory available, {{required}} needed',
    memory_short: '{{available}} free, {{required}} needed',
    more_limits_one: '{{label}}, {{count}} more',
    more_limits_other: '{{label}}, {{count}} more',
    load_unknown: 'Load not reported yet',
    drained_by: { operator: 'Drained by an operator', node: 'Stopped by its owner' },
    drained_short: { operator: 'Operator', node: 'Owner' },
    quarantined: 'Quarantined by an operator',
    note: '{{reason}}: {{note}}',
    /** Short. */
    until_deadline_zero: 'no jobs, deadline in {{left}}',
    until_deadline_one: '{{count}} job, deadline in {{left}}',
    until_deadline_other: '{{count}} jobs, deadline in {{left}}',
    jobs_left_zero: 'No jobs left',
    jobs_left_one: '{{count}} job left',
    jobs_left_other: '{{count}} jobs left',
    deadline: '{{jobs}}, deadline in {{left}}',
    checks: '{{passed}} of {{required}} checks',
    silent: 'No heartbeat for {{age}}',
    never: 'No heartbeat yet',
    asleep: 'For {{age}}',
    waking: 'Waking up, {{age}} so far',
    waking_short: '{{age}} of about {{usual}}, waking up',
    waking_usual: 'Waking up, {{age}} of about {{usual}}',
  },
  wake: {
    /** Of a waiting job. */
    node: 'Wakes <b>{{node}}</b>.',
    node_about: 'Wakes <b>{{node}}</b>, about {{time}}.',
    /** Of a sleeping node. */
    allowed: 'A job that no other node can take wakes this node.',
    allowed_about: 'A job that no other node can take wakes this node. The node is usually ready after {{time}}.',
    not_allowed: 'Jobs do not wake this node.',
  },
  use_name: { cpu: 'CPU', gpu: 'GPU', mem: 'Memory' },
  limit_source: reasonPhrases(LIMIT_SOURCE_TEXTS, 'en'),
  own_limit_source: {
    owner: 'set by you',
    scheduler: 'set by an operator',
    own_pool: 'this pool has one node',
    default: 'default',
  },
  load: {
    title: 'When jobs may start',
    node_title: 'Load and limits',
    own_note: 'Only your own use of CPU and GPU counts, never the use by pool jobs.',
    owner: { own: 'You', node: 'Owner' },
    pool: 'Pool',
    in_use: 'In use',
    share: '{{name}}\u00a0{{percent}}',
    limit_value: 'Limit {{limit}}',
    limit_by: '{{limit}}, {{source}}',
    no_limit: 'No limit',
    limit_unknown: 'Limit not reported',
    below: 'Below the limit',
    above: 'Limit reached',
    size: { cpu_one: '{{count}} core', cpu_other: '{{count}} cores' },
    change_own: 'The limits are set in Settings, Sharing.',
    change_limit: 'Change the limit',
    change_node:
      'The owner and an operator can set limits, and the setting of the owner counts first. Both set them in Settings: the owner under Sharing, the operator under Dispatch.',
  },
  node_counts: {
    simulated: '{{formatted}} simulated',
    filter: 'Nodes by state',
  },
};
