import type { DeedOffer } from "#contract/record.ts";

// Ends of a record's life mend nothing, though they are open nearly always.
const ends = /suspend|reopen|withdraw|cancel|revoke|reject|refuse|decline|retire|supersede|obsolete/;
const everyday = /^(amend|hand_over|flag|note|set_)/;

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
