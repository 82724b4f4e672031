import { text, texts } from "../search.ts";

const sorts = ["ref", "title", "recorded_at", "next_review_on"] as const;
export type ListSort = (typeof sorts)[number];

/** How a list of records is filtered and sorted, and which record is open beside it. All of it stands in the address. */
export type ListSearch = {
  state?: string[];
  owner?: string;
  text?: string;
  overdue?: true;
  sort?: ListSort;
  descending?: true;
  open?: string;
};

export function readListSearch(search: Record<string, unknown>): ListSearch {
  const [states, owner, words, open] = [
    texts(search["state"]),
    text(search["owner"]),
    text(search["text"]),
    text(search["open"]),
  ];
  const sort = sorts.find((each) => each === search["sort"]);
  return {
    ...(states ? { state: states } : {}),
    ...(owner === undefined ? {} : { owner }),
    ...(words === undefined ? {} : { text: words.slice(0, 200) }),
    ...(search["overdue"] === true ? { overdue: true } : {}),
    ...(sort ? { sort } : {}),
    ...(search["descending"] === true ? { descending: true } : {}),
    ...(open === undefined ? {} : { open }),
  };
}
