import { hash, verify } from "@node-rs/argon2";
import { Refusal } from "#core/basics/refusal.ts";

// Argon2id is what the library uses unless told otherwise. OWASP, Password Storage Cheat Sheet.
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Each takes 19 MiB and a core: more at a time would only make all of them wait. */
const atOnce = 2;
const mostWaiting = 100;

let running = 0;
const waiting: (() => void)[] = [];

/** What stands in for the hash of somebody who is not here, so that both take the same time. */
let nobodys: Promise<string> | undefined;

/** The password as it is kept. @throws {Refusal} `too-many` */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, parameters));
}

/** Whether it is the password. Without a hash it is not, and takes as long to say so. @throws {Refusal} `too-many` */
export async function isPassword(password: string, kept: string | null | undefined): Promise<boolean> {
  const against = kept ?? (await (nobodys ??= hash("a password that nobody has", parameters)));
  const fits = await inTurn(() => verify(against, password));
  return fits && kept !== null && kept !== undefined;
}

/** Refuses a password that would be guessed soon. @throws {Refusal} `malformed` */
export function demandGoodPassword(password: string, about: { name: string; email: string | null }): void {
  const refuse = (why: string) =>
    new Refusal("malformed", `Cannot set password: ${why}`, { place: { field: "password" } });
  if ([...password].length < 12) throw refuse("it has fewer than 12 characters");
  if (new Set(password).size < 5) throw refuse("it repeats the same few characters");
  const lower = password.toLowerCase();
  const known = [
    about.name,
    about.email ?? "",
    ...about.name.split(/\s+/),
    (about.email ?? "").split("@")[0] ?? "",
  ].map((word) => word.toLowerCase());
  const own = known.find((word) => word.length >= 4 && lower.includes(word) && lower.length - word.length < 8);
  if (own !== undefined) throw refuse("it is little more than your name or address");
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) {
    if (waiting.length >= mostWaiting)
      throw new Refusal("too-many", "Cannot check password: too many are signing in at this moment");
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}
