// The id of a pool in its announcement: the first 8 bytes of the pin as hex. DNS ignores the case of letters, and the pin does not.
export function poolIdOf(pin: string): string {
  return Buffer.from(pin.replace(/^sha256-/, ''), 'base64url')
    .subarray(0, 8)
    .toString('hex');
}
