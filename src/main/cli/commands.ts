// All commands, in the order of the help text.
import { agentCommand } from './agent-command';
import { backupCommand, restoreCommand } from './backup-commands';
import { clusterCommand } from './cluster-command';
import type { Command } from './command';
import { configCommand } from './config-command';
import { dashboardCommand } from './dashboard-command';
import { diagnosticsCommand } from './diagnostics-command';
import { doctorCommand } from './doctor-command';
import { explainCommand } from './explain-command';
import { cancelCommand, retryCommand } from './job-act-commands';
import { jobsCommand } from './jobs-command';
import { keysCommand } from './keys-command';
import { joinCommand } from './join-command';
import { approveCommand, denyCommand, pendingCommand } from './join-requests-commands';
import { auditCommand, inviteCommand, membersCommand, revokeCommand, rolesCommand } from './member-commands';
import { modelsCommand } from './models-command';
import { nodesCommand } from './nodes-command';
import { drainCommand, quarantineCommand, releaseCommand, resumeCommand } from './operator-commands';
import { pauseCommand } from './pause-command';
import { poolCommand } from './pool-command';
import { schedulerCommand } from './scheduler-command';
import { submitCommand } from './submit-command';
import { usageCommand } from './usage-command';

export const COMMANDS: readonly Command[] = [
  poolCommand,
  schedulerCommand,
  agentCommand,
  joinCommand,
  pendingCommand,
  approveCommand,
  denyCommand,
  nodesCommand,
  modelsCommand,
  explainCommand,
  submitCommand,
  jobsCommand,
  retryCommand,
  cancelCommand,
  usageCommand,
  clusterCommand,
  drainCommand,
  resumeCommand,
  pauseCommand,
  quarantineCommand,
  releaseCommand,
  inviteCommand,
  membersCommand,
  rolesCommand,
  revokeCommand,
  keysCommand,
  auditCommand,
  dashboardCommand,
  backupCommand,
  restoreCommand,
  doctorCommand,
  diagnosticsCommand,
  configCommand,
];
