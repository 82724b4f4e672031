import { useSuspenseQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { readSession } from "#contract/session.ts";
import { query } from "../api.ts";

/** Who asks. Everyone inside the shell is signed in. */
export function useSession() {
  return useSuspenseQuery(query(readSession, {})).data;
}

/** The day looked at: the address's, or the organisation's today. */
export function useDayShown() {
  const { as_at: asAt } = useSearch({ from: "__root__" });
  const { today } = useSession().organization;
  return { day: asAt ?? today, isPast: asAt !== undefined, asAt };
}
