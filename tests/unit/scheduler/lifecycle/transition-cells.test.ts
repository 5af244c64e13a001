// Every status x event cell of the machine, one line each. A missing cell is a compile error.
import { describe, expect, test } from 'vitest';
import { nodeTransition } from '../../../../src/main/scheduler/lifecycle/transition';
import { EVENTS, type EventName, momentOf, type StateName, STATES, summary } from './cells';
import { at, POLICY } from './records';

const CELLS: Record<StateName, Record<EventName, string>> = {
  none: {
    registered: 'registering registered online drain=- jobs=0 | none>registering:registered',
    'healthy heartbeat': 'none | refused:unknown_node',
    'failing heartbeat': 'none | refused:unknown_node',
    'connection lost': 'none | -',
    'operator drains': 'none | refused:unknown_node',
    'node drains': 'none | refused:unknown_node',
    'owner pauses': 'none | refused:unknown_node',
    'owner pauses, jobs move': 'none | refused:unknown_node',
    'registered paused':
      'offline drain_complete online drain=- pause=owner jobs=0 | none>registering:registered, registering>draining:drain_requested, draining>offline:drain_complete',
    'operator resumes': 'none | refused:unknown_node',
    'node resumes': 'none | refused:unknown_node',
    'job assigned': 'none | refused:unknown_node',
    'job released': 'none | -',
    'deadline, none due': 'none | -',
    'deadline, all due': 'none | -',
    'deadline, grace period': 'none | -',
    'operator quarantines': 'none | refused:unknown_node',
    'operator releases': 'none | refused:unknown_node',
    'attempt failed': 'none | -',
    'failure excused': 'none | -',
    left: 'none | refused:unknown_node',
    removed: 'none | refused:unknown_node',
  },
  registering: {
    registered: 'registering registered online drain=- jobs=0 | registering>registering:registered',
    'healthy heartbeat': 'registering registered online drain=- jobs=0 | checked:ok',
    'failing heartbeat': 'registering registered online drain=- jobs=0 | checked:gpu_unavailable',
    'connection lost': 'registering registered disconnected drain=- jobs=0 | -',
    'operator drains':
      'offline drain_complete online drain=operator jobs=0 | registering>draining:drain_requested, draining>offline:drain_complete',
    'node drains':
      'offline drain_complete online drain=node jobs=0 | registering>draining:drain_requested, draining>offline:drain_complete',
    'owner pauses':
      'offline drain_complete online drain=- pause=full_screen jobs=0 | registering>draining:drain_requested, draining>offline:drain_complete',
    'owner pauses, jobs move':
      'offline drain_complete online drain=- pause=owner jobs=0 | registering>draining:drain_requested, draining>offline:drain_complete',
    'registered paused':
      'offline drain_complete online drain=- pause=owner jobs=0 | registering>registering:registered, registering>draining:drain_requested, draining>offline:drain_complete',
    'operator resumes': 'registering registered online drain=- jobs=0 | refused:not_drained',
    'node resumes': 'registering registered online drain=- jobs=0 | refused:not_drained',
    'job assigned': 'registering registered online drain=- jobs=1 | -',
    'job released': 'registering registered online drain=- jobs=0 | -',
    'deadline, none due': 'registering registered online drain=- jobs=0 | -',
    'deadline, all due':
      'offline heartbeat_timeout disconnected drain=- jobs=0 | timed_out, registering>offline:heartbeat_timeout, close 4004',
    'deadline, grace period': 'degraded warmup_timeout online drain=- jobs=0 | registering>degraded:warmup_timeout',
    'operator quarantines': 'registering registered online drain=- jobs=0 | -',
    'operator releases': 'registering registered online drain=- jobs=0 | refused:not_quarantined',
    'attempt failed': 'registering registered online drain=- jobs=0 | -',
    'failure excused': 'registering registered online drain=- jobs=0 | -',
    left: 'none | removed:node_left',
    removed: 'none | removed:removed, close 4003',
  },
  ready: {
    registered: 'registering registered online drain=- jobs=1 | ready>registering:registered',
    'healthy heartbeat': 'ready health_check_passed online drain=- jobs=1 | checked:ok',
    'failing heartbeat': 'ready health_check_passed online drain=- jobs=1 | checked:gpu_unavailable',
    'connection lost': 'ready health_check_passed disconnected drain=- jobs=1 | -',
    'operator drains': 'draining drain_requested online drain=operator jobs=1 | ready>draining:drain_requested',
    'node drains': 'draining drain_requested online drain=node jobs=1 | ready>draining:drain_requested',
    'owner pauses': 'draining drain_requested online drain=- pause=full_screen jobs=1 | ready>draining:drain_requested',
    'owner pauses, jobs move':
      'offline drain_timeout online drain=- pause=owner jobs=1 | ready>draining:drain_requested, draining>offline:drain_timeout, requeue 1:drain_timeout',
    'registered paused':
      'draining drain_requested online drain=- pause=owner jobs=1 | ready>registering:registered, registering>draining:drain_requested',
    'operator resumes': 'ready health_check_passed online drain=- jobs=1 | refused:not_drained',
    'node resumes': 'ready health_check_passed online drain=- jobs=1 | refused:not_drained',
    'job assigned': 'ready health_check_passed online drain=- jobs=2 | -',
    'job released': 'ready health_check_passed online drain=- jobs=0 | -',
    'deadline, none due': 'ready health_check_passed online drain=- jobs=1 | -',
    'deadline, all due':
      'offline heartbeat_timeout disconnected drain=- jobs=1 | timed_out, ready>offline:heartbeat_timeout, close 4004, requeue 1:heartbeat_timeout',
    'deadline, grace period': 'ready health_check_passed online drain=- jobs=1 | -',
    'operator quarantines': 'ready health_check_passed online drain=- jobs=1 | requeue 1:quarantined',
    'operator releases': 'ready health_check_passed online drain=- jobs=1 | refused:not_quarantined',
    'attempt failed': 'ready health_check_passed online drain=- jobs=1 | -',
    'failure excused': 'ready health_check_passed online drain=- jobs=1 | -',
    left: 'none | removed:node_left, requeue 1:node_left',
    removed: 'none | removed:removed, requeue 1:removed, close 4003',
  },
  degraded: {
    registered: 'registering registered online drain=- jobs=0 | degraded>registering:registered',
    'healthy heartbeat': 'ready health_recovered online drain=- jobs=0 | checked:ok, degraded>ready:health_recovered',
    'failing heartbeat': 'degraded health_check_failed online drain=- jobs=0 | checked:gpu_unavailable',
    'connection lost': 'degraded health_check_failed disconnected drain=- jobs=0 | -',
    'operator drains':
      'offline drain_complete online drain=operator jobs=0 | degraded>draining:drain_requested, draining>offline:drain_complete',
    'node drains': 'offline drain_complete online drain=node jobs=0 | degraded>draining:drain_requested, draining>offline:drain_complete',
    'owner pauses':
      'offline drain_complete online drain=- pause=full_screen jobs=0 | degraded>draining:drain_requested, draining>offline:drain_complete',
    'owner pauses, jobs move':
      'offline drain_complete online drain=- pause=owner jobs=0 | degraded>draining:drain_requested, draining>offline:drain_complete',
    'registered paused':
      'offline drain_complete online drain=- pause=owner jobs=0 | degraded>registering:registered, registering>draining:drain_requested, draining>offline:drain_complete',
    'operator resumes': 'degraded health_check_failed online drain=- jobs=0 | refused:not_drained',
    'node resumes': 'degraded health_check_failed online drain=- jobs=0 | refused:not_drained',
    'job assigned': 'degraded health_check_failed online drain=- jobs=1 | -',
    'job released': 'degraded health_check_failed online drain=- jobs=0 | -',
    'deadline, none due': 'degraded health_check_failed online drain=- jobs=0 | -',
    'deadline, all due':
      'offline heartbeat_timeout disconnected drain=- jobs=0 | timed_out, degraded>offline:heartbeat_timeout, close 4004',
    'deadline, grace period': 'degraded health_check_failed online drain=- jobs=0 | -',
    'operator quarantines': 'degraded health_check_failed online drain=- jobs=0 | -',
    'operator releases': 'degraded health_check_failed online drain=- jobs=0 | refused:not_quarantined',
    'attempt failed': 'degraded health_check_failed online drain=- jobs=0 | -',
    'failure excused': 'degraded health_check_failed online drain=- jobs=0 | -',
    left: 'none | removed:node_left',
    removed: 'none | removed:removed, close 4003',
  },
  draining: {
    registered:
      'draining drain_requested online drain=operator jobs=1 | draining>registering:registered, registering>draining:drain_requested',
    'healthy heartbeat': 'draining drain_requested online drain=operator jobs=1 | checked:ok',
    'failing heartbeat': 'draining drain_requested online drain=operator jobs=1 | checked:gpu_unavailable',
    'connection lost': 'draining drain_requested disconnected drain=operator jobs=1 | -',
    'operator drains': 'draining drain_requested online drain=operator jobs=1 | -',
    'node drains': 'draining drain_requested online drain=operator jobs=1 | -',
    'owner pauses': 'draining drain_requested online drain=operator pause=full_screen jobs=1 | -',
    'owner pauses, jobs move':
      'offline drain_timeout online drain=operator pause=owner jobs=1 | draining>offline:drain_timeout, requeue 1:drain_timeout',
    'registered paused':
      'draining drain_requested online drain=operator pause=owner jobs=1 | draining>registering:registered, registering>draining:drain_requested',
    'operator resumes': 'registering resumed online drain=- jobs=1 | draining>registering:resumed',
    'node resumes': 'draining drain_requested online drain=operator jobs=1 | refused:drained_by_operator',
    'job assigned': 'draining drain_requested online drain=operator jobs=2 | -',
    'job released': 'offline drain_complete online drain=operator jobs=0 | draining>offline:drain_complete',
    'deadline, none due': 'draining drain_requested online drain=operator jobs=1 | -',
    'deadline, all due':
      'offline heartbeat_timeout disconnected drain=operator jobs=1 | timed_out, draining>offline:heartbeat_timeout, close 4004, requeue 1:heartbeat_timeout',
    'deadline, grace period':
      'offline drain_timeout online drain=operator jobs=1 | draining>offline:drain_timeout, requeue 1:drain_timeout',
    'operator quarantines': 'draining drain_requested online drain=operator jobs=1 | requeue 1:quarantined',
    'operator releases': 'draining drain_requested online drain=operator jobs=1 | refused:not_quarantined',
    'attempt failed': 'draining drain_requested online drain=operator jobs=1 | -',
    'failure excused': 'draining drain_requested online drain=operator jobs=1 | -',
    left: 'none | removed:node_left, requeue 1:node_left',
    removed: 'none | removed:removed, requeue 1:removed, close 4003',
  },
  'drained by operator': {
    registered:
      'offline drain_complete online drain=operator jobs=0 | offline>registering:registered, registering>draining:drain_requested, draining>offline:drain_complete',
    'healthy heartbeat': 'offline drain_complete online drain=operator jobs=0 | checked:ok',
    'failing heartbeat': 'offline drain_complete online drain=operator jobs=0 | checked:gpu_unavailable',
    'connection lost': 'offline drain_complete disconnected drain=operator jobs=0 | -',
    'operator drains': 'offline drain_complete online drain=operator jobs=0 | refused:already_drained',
    'node drains': 'offline drain_complete online drain=operator jobs=0 | refused:already_drained',
    'owner pauses': 'offline drain_complete online drain=operator pause=full_screen jobs=0 | -',
    'owner pauses, jobs move': 'offline drain_complete online drain=operator pause=owner jobs=0 | -',
    'registered paused':
      'offline drain_complete online drain=operator pause=owner jobs=0 | offline>registering:registered, registering>draining:drain_requested, draining>offline:drain_complete',
    'operator resumes': 'registering resumed online drain=- jobs=0 | offline>registering:resumed',
    'node resumes': 'offline drain_complete online drain=operator jobs=0 | refused:drained_by_operator',
    'job assigned': 'offline drain_complete online drain=operator jobs=1 | -',
    'job released': 'offline drain_complete online drain=operator jobs=0 | -',
    'deadline, none due': 'offline drain_complete online drain=operator jobs=0 | -',
    'deadline, all due': 'offline drain_complete disconnected drain=operator jobs=0 | timed_out, close 4004',
    'deadline, grace period': 'offline drain_complete online drain=operator jobs=0 | -',
    'operator quarantines': 'offline drain_complete online drain=operator jobs=0 | -',
    'operator releases': 'offline drain_complete online drain=operator jobs=0 | refused:not_quarantined',
    'attempt failed': 'offline drain_complete online drain=operator jobs=0 | -',
    'failure excused': 'offline drain_complete online drain=operator jobs=0 | -',
    left: 'none | removed:node_left',
    removed: 'none | removed:removed, close 4003',
  },
  'drained by node': {
    registered: 'registering registered online drain=- jobs=0 | offline>registering:registered',
    'healthy heartbeat': 'offline drain_complete online drain=node jobs=0 | checked:ok',
    'failing heartbeat': 'offline drain_complete online drain=node jobs=0 | checked:gpu_unavailable',
    'connection lost': 'offline drain_complete disconnected drain=node jobs=0 | -',
    'operator drains': 'offline drain_complete online drain=node jobs=0 | refused:already_drained',
    'node drains': 'offline drain_complete online drain=node jobs=0 | refused:already_drained',
    'owner pauses': 'offline drain_complete online drain=node pause=full_screen jobs=0 | -',
    'owner pauses, jobs move': 'offline drain_complete online drain=node pause=owner jobs=0 | -',
    'registered paused':
      'offline drain_complete online drain=- pause=owner jobs=0 | offline>registering:registered, registering>draining:drain_requested, draining>offline:drain_complete',
    'operator resumes': 'registering resumed online drain=- jobs=0 | offline>registering:resumed',
    'node resumes': 'registering resumed online drain=- jobs=0 | offline>registering:resumed',
    'job assigned': 'offline drain_complete online drain=node jobs=1 | -',
    'job released': 'offline drain_complete online drain=node jobs=0 | -',
    'deadline, none due': 'offline drain_complete online drain=node jobs=0 | -',
    'deadline, all due': 'offline drain_complete disconnected drain=node jobs=0 | timed_out, close 4004',
    'deadline, grace period': 'offline drain_complete online drain=node jobs=0 | -',
    'operator quarantines': 'offline drain_complete online drain=node jobs=0 | -',
    'operator releases': 'offline drain_complete online drain=node jobs=0 | refused:not_quarantined',
    'attempt failed': 'offline drain_complete online drain=node jobs=0 | -',
    'failure excused': 'offline drain_complete online drain=node jobs=0 | -',
    left: 'none | removed:node_left',
    removed: 'none | removed:removed, close 4003',
  },
  'drained, disconnected': {
    registered:
      'offline drain_complete online drain=operator jobs=0 | offline>registering:registered, registering>draining:drain_requested, draining>offline:drain_complete',
    'healthy heartbeat': 'offline drain_complete disconnected drain=operator jobs=0 | refused:not_connected',
    'failing heartbeat': 'offline drain_complete disconnected drain=operator jobs=0 | refused:not_connected',
    'connection lost': 'offline drain_complete disconnected drain=operator jobs=0 | -',
    'operator drains': 'offline drain_complete disconnected drain=operator jobs=0 | refused:already_drained',
    'node drains': 'offline drain_complete disconnected drain=operator jobs=0 | refused:already_drained',
    'owner pauses': 'offline drain_complete disconnected drain=operator jobs=0 | refused:node_offline',
    'owner pauses, jobs move': 'offline drain_complete disconnected drain=operator jobs=0 | refused:node_offline',
    'registered paused':
      'offline drain_complete online drain=operator pause=owner jobs=0 | offline>registering:registered, registering>draining:drain_requested, draining>offline:drain_complete',
    'operator resumes': 'offline drain_complete disconnected drain=operator jobs=0 | refused:not_connected',
    'node resumes': 'offline drain_complete disconnected drain=operator jobs=0 | refused:drained_by_operator',
    'job assigned': 'offline drain_complete disconnected drain=operator jobs=1 | -',
    'job released': 'offline drain_complete disconnected drain=operator jobs=0 | -',
    'deadline, none due': 'offline drain_complete disconnected drain=operator jobs=0 | -',
    'deadline, all due': 'offline drain_complete disconnected drain=operator jobs=0 | -',
    'deadline, grace period': 'offline drain_complete disconnected drain=operator jobs=0 | -',
    'operator quarantines': 'offline drain_complete disconnected drain=operator jobs=0 | -',
    'operator releases': 'offline drain_complete disconnected drain=operator jobs=0 | refused:not_quarantined',
    'attempt failed': 'offline drain_complete disconnected drain=operator jobs=0 | -',
    'failure excused': 'offline drain_complete disconnected drain=operator jobs=0 | -',
    left: 'none | removed:node_left',
    removed: 'none | removed:removed',
  },
  'drained by node, disconnected': {
    registered: 'registering registered online drain=- jobs=0 | offline>registering:registered',
    'healthy heartbeat': 'offline drain_complete disconnected drain=node jobs=0 | refused:not_connected',
    'failing heartbeat': 'offline drain_complete disconnected drain=node jobs=0 | refused:not_connected',
    'connection lost': 'offline drain_complete disconnected drain=node jobs=0 | -',
    'operator drains': 'offline drain_complete disconnected drain=node jobs=0 | refused:already_drained',
    'node drains': 'offline drain_complete disconnected drain=node jobs=0 | refused:already_drained',
    'owner pauses': 'offline drain_complete disconnected drain=node jobs=0 | refused:node_offline',
    'owner pauses, jobs move': 'offline drain_complete disconnected drain=node jobs=0 | refused:node_offline',
    'registered paused':
      'offline drain_complete online drain=- pause=owner jobs=0 | offline>registering:registered, registering>draining:drain_requested, draining>offline:drain_complete',
    'operator resumes': 'offline drain_complete disconnected drain=node jobs=0 | refused:not_connected',
    'node resumes': 'offline drain_complete disconnected drain=node jobs=0 | refused:not_connected',
    'job assigned': 'offline drain_complete disconnected drain=node jobs=1 | -',
    'job released': 'offline drain_complete disconnected drain=node jobs=0 | -',
    'deadline, none due': 'offline drain_complete disconnected drain=node jobs=0 | -',
    'deadline, all due': 'none | removed:expired',
    'deadline, grace period': 'none | removed:expired',
    'operator quarantines': 'offline drain_complete disconnected drain=node jobs=0 | -',
    'operator releases': 'offline drain_complete disconnected drain=node jobs=0 | refused:not_quarantined',
    'attempt failed': 'offline drain_complete disconnected drain=node jobs=0 | -',
    'failure excused': 'offline drain_complete disconnected drain=node jobs=0 | -',
    left: 'none | removed:node_left',
    removed: 'none | removed:removed',
  },
  'timed out': {
    registered: 'registering registered online drain=- jobs=0 | offline>registering:registered',
    'healthy heartbeat': 'offline heartbeat_timeout disconnected drain=- jobs=0 | refused:not_connected',
    'failing heartbeat': 'offline heartbeat_timeout disconnected drain=- jobs=0 | refused:not_connected',
    'connection lost': 'offline heartbeat_timeout disconnected drain=- jobs=0 | -',
    'operator drains': 'offline heartbeat_timeout disconnected drain=- jobs=0 | refused:node_offline',
    'node drains': 'offline heartbeat_timeout disconnected drain=- jobs=0 | refused:node_offline',
    'owner pauses': 'offline heartbeat_timeout disconnected drain=- jobs=0 | refused:node_offline',
    'owner pauses, jobs move': 'offline heartbeat_timeout disconnected drain=- jobs=0 | refused:node_offline',
    'registered paused':
      'offline drain_complete online drain=- pause=owner jobs=0 | offline>registering:registered, registering>draining:drain_requested, draining>offline:drain_complete',
    'operator resumes': 'offline heartbeat_timeout disconnected drain=- jobs=0 | refused:not_drained',
    'node resumes': 'offline heartbeat_timeout disconnected drain=- jobs=0 | refused:not_drained',
    'job assigned': 'offline heartbeat_timeout disconnected drain=- jobs=1 | -',
    'job released': 'offline heartbeat_timeout disconnected drain=- jobs=0 | -',
    'deadline, none due': 'offline heartbeat_timeout disconnected drain=- jobs=0 | -',
    'deadline, all due': 'none | removed:expired',
    'deadline, grace period': 'none | removed:expired',
    'operator quarantines': 'offline heartbeat_timeout disconnected drain=- jobs=0 | -',
    'operator releases': 'offline heartbeat_timeout disconnected drain=- jobs=0 | refused:not_quarantined',
    'attempt failed': 'offline heartbeat_timeout disconnected drain=- jobs=0 | -',
    'failure excused': 'offline heartbeat_timeout disconnected drain=- jobs=0 | -',
    left: 'none | removed:node_left',
    removed: 'none | removed:removed',
  },
};

describe.each(Object.keys(CELLS) as StateName[])('transition: %s', (state) => {
  test.each(Object.keys(EVENTS) as EventName[])('%s -> as in the table', (event) => {
    const before = structuredClone(STATES[state]);

    const outcome = nodeTransition(STATES[state], EVENTS[event], at(momentOf(event)), POLICY);

    expect(summary(outcome)).toBe(CELLS[state][event]);
    expect(STATES[state], 'the record it was given is untouched').toEqual(before);
    if (outcome[1].some(({ type }) => type === 'refused')) expect(outcome[0], 'a refusal changes nothing').toBe(STATES[state]);
  });
});
