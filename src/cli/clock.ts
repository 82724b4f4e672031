import { letDaysPass as pass } from "#contract/service.ts";
import { parseDay } from "#core/basics/time.ts";
import { atDesk } from "./desk.ts";
import type { Place } from "./place.ts";
import { print, printJson } from "./print.ts";

/** Lets days pass in a sample organisation. @throws {Refusal} `not-permitted` in a real one; `conflict` backwards */
export async function letDaysPass(place: Place, to: string): Promise<void> {
  const day = parseDay(to);
  const { today } = await atDesk(place, (desk) => desk.ask(pass, { to: day }));
  if (place.json) return printJson({ today });
  print(`It is ${today}`);
}
