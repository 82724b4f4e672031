import type { DeedOffer } from "#contract/record.ts";

// Ends of a record's life mend nothing, though they are open nearly always.
const ends = /suspend|reopen|withdraw|cancel|revoke|reject|refuse|decline|retire|supersede|obsolete/;
const everyday = /^(amend|hand_over|flag|note|set_)/;
const stem = 5;

/** The deed on a button; where its title wants a name, the reference follows. */
export function deedTitle({ title }: Pick<DeedOffer, "title">, ref: string): string {
  return /\b(of|for|to|on|by|in|from|with)$/.test(title) ? `${title} ${ref}` : title;
}

/** The deed that moves the record on, if one is open: the one to offer first. */
export function deedOnward(offers: readonly DeedOffer[], state: string): DeedOffer | undefined {
  return offers.find(
    ({ may, to, deed }) =>
      may === "yes" && to !== null && to !== state && !ends.test(deed) && !everyday.test(deed) && deed !== "close",
  );
}

/**
 * The deeds that may mend what the words tell of, the likeliest first: those whose title speaks of the
 * same things. Which deed mends which check is nowhere written down.
 */
export function deedsThatMayMend(offers: readonly DeedOffer[], words: string, kindTitle: string): DeedOffer[] {
  const told = new Set(stemsOf(words));
  const own = new Set(stemsOf(kindTitle));
  const score = ({ title, deed }: DeedOffer) =>
    stemsOf(title).filter((each) => told.has(each) && !own.has(each)).length * 2 - (everyday.test(deed) ? 1 : 0);
  return offers
    .filter(({ may, deed }) => may !== "no" && !ends.test(deed))
    .toSorted((one, other) => score(other) - score(one));
}

function stemsOf(words: string): string[] {
  return (words.toLowerCase().match(/[a-z]{5,}/g) ?? []).map((word) => word.slice(0, stem));
}
