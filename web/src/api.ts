import { QueryCache, QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type * as z from "zod";
import { Refusal } from "#core/basics/refusal.ts";
import { call } from "#contract/call.ts";
import type { Endpoint } from "#contract/endpoint.ts";
import { signOut } from "#contract/session.ts";

/** What is on screen may be that old before it is read again; what this browser wrote is read again at once. */
const staleMs = 20_000;

/** The cache of all that was read. `onSignedOut` is told when the server no longer knows who asks. */
export function makeClient(onSignedOut: () => void): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: staleMs,
        // A refusal stays one; only a server that cannot be reached is asked again.
        retry: (count, error) => count < 2 && error instanceof Refusal && error.code === "unavailable",
      },
    },
    queryCache: new QueryCache({
      onError: (error) => {
        if (error instanceof Refusal && error.code === "not-signed-in") onSignedOut();
      },
    }),
  });
}

/** A read, under one key for the loader and the page. */
export function query<Input extends z.ZodObject, Output extends z.ZodType>(
  endpoint: Endpoint<Input, Output>,
  input: z.input<Input>,
) {
  return queryOptions({
    queryKey: [endpoint.name, input] as const,
    queryFn: ({ signal }) => call("", endpoint, input, { signal }),
  });
}

/**
 * A write. It is pending until everything on screen was read again: what is seen must have happened.
 * `onDone` is called then, even when what asked for it is no longer on screen.
 */
export function useCommand<Input extends z.ZodObject, Output extends z.ZodType>(
  endpoint: Endpoint<Input, Output>,
  onDone?: (answer: z.output<Output>) => void,
) {
  const client = useQueryClient();
  return useMutation<z.output<Output>, Error, z.input<Input>>({
    mutationFn: (input) => call("", endpoint, input),
    onSuccess: async (answer) => {
      await client.invalidateQueries();
      onDone?.(answer);
    },
  });
}

/** Leaves nothing of what was read in this browser's memory. */
export function leave(to: string): void {
  window.location.assign(to);
}

/** Ends the session, here or everywhere. */
export function useSignOut() {
  return useMutation<unknown, Error, { everywhere?: boolean }>({
    mutationFn: (input) => call("", signOut, input),
    onSettled: () => leave("/sign-in"),
  });
}
