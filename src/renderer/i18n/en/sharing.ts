// English: whether this computer shares, and the pauses of nodes (ADR 0026).
import { PAUSE_TEXTS } from '../../../shared/reasons/pauses';
import { reasonPhrases } from '../reason-labels';

export const sharing = {
  sharing: {
    label: 'Sharing',
    share: 'Share',
    stop: 'Stop after current jobs',
    pause: 'Pause',
    menu: 'Pause for how long',
    hour: 'For 1 hour',
    tomorrow: 'Until tomorrow, {{time}}',
    resumed: 'Until I resume',
    running_jobs: 'Jobs that run now',
    jobs_stay: 'Finish on this computer',
    jobs_move: 'Move to other computers',
    this_computer: 'Share this computer',
    /** Why the switch is off and disabled. */
    off: {
      idle: 'This computer is in no pool, so it shares nothing.',
      no_gpu: 'This computer has no usable GPU, so it shares nothing.',
      no_role: 'This computer does not have the role Node, so it shares nothing.',
      refused: 'The pool refuses this computer, so it shares nothing.',
      host_starting: 'Your pool is starting. Until it runs, this computer shares nothing.',
      host_failed: 'Your pool stopped, so this computer shares nothing.',
      host_restarting: 'Your pool restarts. Until it runs, this computer shares nothing.',
    },
    command_resume: 'Resume sharing on this computer',
    command_stop: 'Pause sharing after the current jobs',
    command_hour: 'Pause sharing for 1 hour',
    shares: 'This computer shares again',
    pauses: 'This computer gets no new jobs',
  },
  pause_cause: reasonPhrases(PAUSE_TEXTS, 'en'),
  /** `own`: of this computer. `node`: of any node. */
  pause: {
    own: {
      open: 'Paused until you resume',
      until: 'Paused until {{time}}',
      rule: 'Paused: {{cause}}',
      rule_until: 'Paused: {{cause}}, until {{time}}',
    },
    /** Beside the word "Paused". */
    own_short: { open: 'Until you resume', until: 'Until {{time}}', rule: '{{cause}}', rule_until: '{{cause}}, until {{time}}' },
    /** After the last job of a draining computer. */
    own_next: {
      open: 'This computer is then paused until you resume.',
      until: 'This computer is then paused until {{time}}.',
      rule: 'This computer is then paused: {{cause}}.',
      rule_until: 'This computer is then paused: {{cause}}, until {{time}}.',
    },
    stops_after_zero: 'Stops now, no jobs left',
    stops_after_one: 'Stops after {{count}} job',
    stops_after_other: 'Stops after {{count}} jobs',
    /** Short, for the tabs of a phone. */
    stops_within: '{{jobs}}, deadline in {{left}}',
    stopping: '{{stops}}\u00a0· {{pause}}',
    node_short: { open: 'By its owner', until: 'By its owner until {{time}}', rule: '{{cause}}', rule_until: '{{cause}}, until {{time}}' },
    /** In the cell of a table: the time first. */
    node_cell: { open: 'By its owner', until: 'Until {{time}}, by its owner', rule: '{{cause}}', rule_until: 'Until {{time}}, {{cause}}' },
    node: {
      open: 'Paused by its owner',
      until: 'Paused by its owner until {{time}}',
      rule: 'Paused by its owner: {{cause}}',
      rule_until: 'Paused by its owner: {{cause}}, until {{time}}',
    },
    cause: '{{cause}} ({{detail}})',
    since: 'Since {{since}}. Only the owner can resume the node.',
    next: 'This computer gets no jobs until the pause ends or you choose Share.',
    draining: '{{pause}}\u00a0· {{jobs}}',
    moves: 'Running jobs move to other computers.',
  },
};
