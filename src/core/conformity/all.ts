// Written by scripts/gather.mjs from the files beside it. Do not edit.
import type { Check } from "./check.ts";
import * as leadership from "./checks/leadership.ts";

/** Every check of the catalogue, in the order of its files. */
export const checks: readonly Check[] = [
  ...leadership.checks,
];
