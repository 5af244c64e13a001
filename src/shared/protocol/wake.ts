// Wake-on-LAN (protocol §2, ADR 0033): the address by which a scheduler wakes a sleeping node.
import { z } from 'zod';

const UNICAST_MAC = /^[0-9a-f][02468ace](?::[0-9a-f]{2}){5}$/;
const NO_MAC = '00:00:00:00:00:00';

export const isWakeMac = (text: string): boolean => UNICAST_MAC.test(text) && text !== NO_MAC;

/** The MAC address of one network interface, in lower case. Group addresses are not valid: they would wake other computers. */
export const wakeMacSchema = z
  .string()
  .max(17)
  .transform((text) => text.toLowerCase())
  .refine(isWakeMac, { error: 'expected the MAC address of one interface' });
