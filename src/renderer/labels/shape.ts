// The shapes of states: of nodes, of models and jobs, and of this computer's connection. Labels choose a shape; components draw the shape.
import type { AvailabilityState } from '../../shared/protocol/status';

export type Shape =
  | AvailabilityState
  | 'refused'
  | 'ready'
  | 'waiting'
  | 'assigned'
  | 'running'
  | 'stopped'
  | 'expired'
  | 'pinned'
  | 'unloaded';
