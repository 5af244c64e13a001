/** The seconds of a `Retry-After` header. Null when it is absent or invalid, and for a date, since clocks may differ. */
export const retryAfterSeconds = (header: string | undefined): number | null =>
  header !== undefined && /^\d{1,6}$/.test(header.trim()) ? Number(header) : null;
