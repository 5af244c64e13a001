// The states of a node that its owner pauses, with every event: one line each. A missing cell is a compile error.
import { describe, expect, test } from 'vitest';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import { EVENTS, type EventName, momentOf, PAUSED_STATES, type PausedStateName, summary } from './cells';
import { at, POLICY } from './records';

const CELLS: Record<PausedStateName, Record<EventName, string>> = {
  pausing: {
    registered: 'registering registered online drain=- jobs=1 | draining>registering:registered',
    'healthy heartbeat': 'draining drain_requested online drain=- pause=owner jobs=1 | checked:ok',
    'failing heartbeat': 'draining drain_requested online drain=- pause=owner jobs=1 | checked:gpu_unavailable',
    'connection lost': 'draining drain_requested disconnected drain=- pause=owner jobs=1 | -',
    'operator drains': 'draining drain_requested online drain=operator pause=owner jobs=1 | -',
    'node drains': 'draining drain_requested online drain=node pause=owner jobs=1 | -',
    'owner pauses': 'draining drain_requested online drain=- pause=full_screen jobs=1 | -',
    'owner pauses, jobs move':
      'offline drain_timeout online drain=- pause=owner jobs=1 | draining>offline:drain_timeout, requeue 1:drain_timeout',
    'registered paused':
      'draining drain_requested online drain=- pause=owner jobs=1 | draining>registering:registered, registering>draining:drain_requested',
    'operator resumes': 'draining drain_requested online drain=- pause=owner jobs=1 | refused:paused_by_owner',
    'node resumes': 'registering resumed online drain=- jobs=1 | draining>registering:resumed',
    'job assigned': 'draining drain_requested online drain=- pause=owner jobs=2 | -',
    'job released': 'offline drain_complete online drain=- pause=owner jobs=0 | draining>offline:drain_complete',
    'deadline, none due': 'draining drain_requested online drain=- pause=owner jobs=1 | -',
    'deadline, all due':
      'offline heartbeat_timeout disconnected drain=- pause=owner jobs=1 | timed_out, draining>offline:heartbeat_timeout, close 4004, requeue 1:heartbeat_timeout',
    'deadline, grace period':
      'offline drain_timeout online drain=- pause=owner jobs=1 | draining>offline:drain_timeout, requeue 1:drain_timeout',
    'operator quarantines': 'draining drain_requested online drain=- pause=owner jobs=1 | requeue 1:quarantined',
    'operator releases': 'draining drain_requested online drain=- pause=owner jobs=1 | refused:not_quarantined',
    'attempt failed': 'draining drain_requested online drain=- pause=owner jobs=1 | -',
    'failure excused': 'draining drain_requested online drain=- pause=owner jobs=1 | -',
    left: 'none | removed:node_left, requeue 1:node_left',
    removed: 'none | removed:removed, requeue 1:removed, close 4003',
  },
  paused: {
    registered: 'registering registered online drain=- jobs=0 | offline>registering:registered',
    'healthy heartbeat': 'offline drain_complete online drain=- pause=owner jobs=0 | checked:ok',
    'failing heartbeat': 'offline drain_complete online drain=- pause=owner jobs=0 | checked:gpu_unavailable',
    'connection lost': 'offline drain_complete disconnected drain=- pause=owner jobs=0 | -',
    'operator drains': 'offline drain_complete online drain=operator pause=owner jobs=0 | -',
    'node drains': 'offline drain_complete online drain=node pause=owner jobs=0 | -',
    'owner pauses': 'offline drain_complete online drain=- pause=full_screen jobs=0 | -',
    'owner pauses, jobs move': 'offline drain_complete online drain=- pause=owner jobs=0 | -',
    'registered paused':
      'offline drain_complete online drain=- pause=owner jobs=0 | offline>registering:registered, registering>draining:drain_requested, draining>offline:drain_complete',
    'operator resumes': 'offline drain_complete online drain=- pause=owner jobs=0 | refused:paused_by_owner',
    'node resumes': 'registering resumed online drain=- jobs=0 | offline>registering:resumed',
    'job assigned': 'offline drain_complete online drain=- pause=owner jobs=1 | -',
    'job released': 'offline drain_complete online drain=- pause=owner jobs=0 | -',
    'deadline, none due': 'offline drain_complete online drain=- pause=owner jobs=0 | -',
    'deadline, all due': 'offline drain_complete disconnected drain=- pause=owner jobs=0 | timed_out, close 4004',
    'deadline, grace period': 'offline drain_complete online drain=- pause=owner jobs=0 | -',
    'operator quarantines': 'offline drain_complete online drain=- pause=owner jobs=0 | -',
    'operator releases': 'offline drain_complete online drain=- pause=owner jobs=0 | refused:not_quarantined',
    'attempt failed': 'offline drain_complete online drain=- pause=owner jobs=0 | -',
    'failure excused': 'offline drain_complete online drain=- pause=owner jobs=0 | -',
    left: 'none | removed:node_left',
    removed: 'none | removed:removed, close 4003',
  },
  'paused and drained': {
    registered:
      'offline drain_complete online drain=operator jobs=0 | offline>registering:registered, registering>draining:drain_requested, draining>offline:drain_complete',
    'healthy heartbeat': 'offline drain_complete online drain=operator pause=owner jobs=0 | checked:ok',
    'failing heartbeat': 'offline drain_complete online drain=operator pause=owner jobs=0 | checked:gpu_unavailable',
    'connection lost': 'offline drain_complete disconnected drain=operator pause=owner jobs=0 | -',
    'operator drains': 'offline drain_complete online drain=operator pause=owner jobs=0 | refused:already_drained',
    'node drains': 'offline drain_complete online drain=operator pause=owner jobs=0 | refused:already_drained',
    'owner pauses': 'offline drain_complete online drain=operator pause=full_screen jobs=0 | -',
    'owner pauses, jobs move': 'offline drain_complete online drain=operator pause=owner jobs=0 | -',
    'registered paused':
      'offline drain_complete online drain=operator pause=owner jobs=0 | offline>registering:registered, registering>draining:drain_requested, draining>offline:drain_complete',
    'operator resumes': 'offline drain_complete online drain=- pause=owner jobs=0 | -',
    'node resumes': 'offline drain_complete online drain=operator jobs=0 | -',
    'job assigned': 'offline drain_complete online drain=operator pause=owner jobs=1 | -',
    'job released': 'offline drain_complete online drain=operator pause=owner jobs=0 | -',
    'deadline, none due': 'offline drain_complete online drain=operator pause=owner jobs=0 | -',
    'deadline, all due': 'offline drain_complete disconnected drain=operator pause=owner jobs=0 | timed_out, close 4004',
    'deadline, grace period': 'offline drain_complete online drain=operator pause=owner jobs=0 | -',
    'operator quarantines': 'offline drain_complete online drain=operator pause=owner jobs=0 | -',
    'operator releases': 'offline drain_complete online drain=operator pause=owner jobs=0 | refused:not_quarantined',
    'attempt failed': 'offline drain_complete online drain=operator pause=owner jobs=0 | -',
    'failure excused': 'offline drain_complete online drain=operator pause=owner jobs=0 | -',
    left: 'none | removed:node_left',
    removed: 'none | removed:removed, close 4003',
  },
  'paused, disconnected': {
    registered: 'registering registered online drain=- jobs=0 | offline>registering:registered',
    'healthy heartbeat': 'offline drain_complete disconnected drain=- pause=owner jobs=0 | refused:not_connected',
    'failing heartbeat': 'offline drain_complete disconnected drain=- pause=owner jobs=0 | refused:not_connected',
    'connection lost': 'offline drain_complete disconnected drain=- pause=owner jobs=0 | -',
    'operator drains': 'offline drain_complete disconnected drain=- pause=owner jobs=0 | refused:node_offline',
    'node drains': 'offline drain_complete disconnected drain=- pause=owner jobs=0 | refused:node_offline',
    'owner pauses': 'offline drain_complete disconnected drain=- pause=owner jobs=0 | refused:node_offline',
    'owner pauses, jobs move': 'offline drain_complete disconnected drain=- pause=owner jobs=0 | refused:node_offline',
    'registered paused':
      'offline drain_complete online drain=- pause=owner jobs=0 | offline>registering:registered, registering>draining:drain_requested, draining>offline:drain_complete',
    'operator resumes': 'offline drain_complete disconnected drain=- pause=owner jobs=0 | refused:paused_by_owner',
    'node resumes': 'offline drain_complete disconnected drain=- pause=owner jobs=0 | refused:not_connected',
    'job assigned': 'offline drain_complete disconnected drain=- pause=owner jobs=1 | -',
    'job released': 'offline drain_complete disconnected drain=- pause=owner jobs=0 | -',
    'deadline, none due': 'offline drain_complete disconnected drain=- pause=owner jobs=0 | -',
    'deadline, all due': 'none | removed:expired',
    'deadline, grace period': 'none | removed:expired',
    'operator quarantines': 'offline drain_complete disconnected drain=- pause=owner jobs=0 | -',
    'operator releases': 'offline drain_complete disconnected drain=- pause=owner jobs=0 | refused:not_quarantined',
    'attempt failed': 'offline drain_complete disconnected drain=- pause=owner jobs=0 | -',
    'failure excused': 'offline drain_complete disconnected drain=- pause=owner jobs=0 | -',
    left: 'none | removed:node_left',
    removed: 'none | removed:removed',
  },
};

describe.each(Object.keys(CELLS) as PausedStateName[])('transition: %s', (state) => {
  test.each(Object.keys(EVENTS) as EventName[])('%s -> as in the table', (event) => {
    const before = structuredClone(PAUSED_STATES[state]);

    const outcome = nodeTransition(PAUSED_STATES[state], EVENTS[event], at(momentOf(event)), POLICY);

    expect(summary(outcome)).toBe(CELLS[state][event]);
    expect(PAUSED_STATES[state], 'the record it was given is untouched').toEqual(before);
    if (outcome[1].some(({ type }) => type === 'refused')) expect(outcome[0], 'a refusal changes nothing').toBe(PAUSED_STATES[state]);
  });
});
