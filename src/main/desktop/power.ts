// Notifies the agent when the computer suspends and when it wakes up.
import { powerMonitor } from 'electron';
import type { Agent } from '../agent/agent';

/** Call this after the app is ready. */
export function followPower(agent: Agent): void {
  powerMonitor.on('suspend', () => {
    agent.suspend();
  });
  powerMonitor.on('resume', () => void agent.wake());
}
