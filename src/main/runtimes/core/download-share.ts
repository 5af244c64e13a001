/** How much of a download is there, 0 to 1: to a hundredth, so that a view changes at most a hundred times. `total` is not 0. */
export const downloadShare = (done: number, total: number): number => Math.min(1, Math.floor((done / total) * 100) / 100);
