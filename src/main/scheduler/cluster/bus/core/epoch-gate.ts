// Which messages a member of the cluster accepts: those of the highest epoch that it knows, and of higher ones, which it then knows.
// A deposed leader that has not noticed yet sends its old epoch.

export type EpochJudgement = 'stale' | 'current' | 'newer';

export function judgeEpoch(known: number, epoch: number): EpochJudgement {
  if (epoch < known) return 'stale';
  return epoch === known ? 'current' : 'newer';
}
