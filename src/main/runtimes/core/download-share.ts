/** The completed share of a download, 0 to 1, with two decimals: a view changes at most a hundred times. `total` is not 0. */
export const downloadShare = (done: number, total: number): number => Math.min(1, Math.floor((done / total) * 100) / 100);
