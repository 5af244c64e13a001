// A closing dialog fades out with its content.
import { useState } from 'react';

/** The value, and while it is null the one before. */
export function useLast<Value>(value: Value | null): Value | null {
  const [last, setLast] = useState(value);
  if (value !== null && value !== last) setLast(value);
  return value ?? last;
}
