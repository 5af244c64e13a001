// The shapes of statuses: of nodes, of jobs, and of this computer's connection. Labels choose a shape; components draw the shape.
import type { NodeStatus } from '../../shared/protocol/status';

export type Shape = NodeStatus | 'refused' | 'waiting' | 'assigned' | 'running' | 'stopped' | 'expired';
