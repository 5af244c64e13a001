/** A `Retry-After` in whole seconds; null for none, for nonsense, and for a date, which clocks may disagree about. */
export const retryAfterSeconds = (header: string | undefined): number | null =>
  header !== undefined && /^\d{1,6}$/.test(header.trim()) ? Number(header) : null;
