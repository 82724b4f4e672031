import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  retainSearchParams,
} from "@tanstack/react-router";
import { Refusal } from "#core/basics/refusal.ts";
import { readBoard, readHome, readNode } from "#contract/board.ts";
import { listKinds, readKind } from "#contract/kind.ts";
import { readLedger } from "#contract/ledger.ts";
import { findRecord, readRecord } from "#contract/record.ts";
import { listSignInChoices, listTokens, readSession } from "#contract/session.ts";
import { listAccounts } from "#contract/account.ts";
import { leave, makeClient, query } from "./api.ts";
import { readListSearch } from "./pages/list-search.ts";
import { readStandardSearch } from "./pages/standard-search.ts";
import { readCommonSearch, text } from "./search.ts";
import { Shell } from "./shell/Shell.tsx";
import { FaultPage, MissingPage } from "./shell/FaultPage.tsx";

type Context = { client: QueryClient };

const root = createRootRouteWithContext<Context>()({
  validateSearch: readCommonSearch,
  search: { middlewares: [retainSearchParams(["as_at"])] },
  notFoundComponent: MissingPage,
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { next?: string } => ({ next: ownAddress(search["next"]) }),
  loader: ({ context }) => context.client.ensureQueryData(query(listSignInChoices, {})),
  component: lazyRouteComponent(() => import("./pages/SignInPage.tsx"), "SignInPage"),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  component: lazyRouteComponent(() => import("./pages/InvitationPage.tsx"), "InvitationPage"),
});

const app = createRoute({
  getParentRoute: () => root,
  id: "app",
  beforeLoad: ({ context, location }) =>
    context.client.ensureQueryData(query(readSession, {})).catch((error: unknown) => {
      if (error instanceof Refusal && error.code === "not-signed-in")
        throw redirect({ to: "/sign-in", search: { next: location.href } });
      throw error;
    }),
  loader: ({ context }) => context.client.ensureQueryData(query(listKinds, {})),
  component: Shell,
  errorComponent: FaultPage,
});

const home = createRoute({
  getParentRoute: () => app,
  path: "/",
  loaderDeps: ({ search }) => ({ as_at: search.as_at }),
  loader: ({ context, deps }) => context.client.ensureQueryData(query(readHome, deps)),
  component: lazyRouteComponent(() => import("./pages/HomePage.tsx"), "HomePage"),
});

const standard = createRoute({
  getParentRoute: () => app,
  path: "/standard",
  validateSearch: readStandardSearch,
  loaderDeps: ({ search }) => ({ as_at: search.as_at }),
  loader: ({ context, deps }) => context.client.ensureQueryData(query(readBoard, deps)),
  component: lazyRouteComponent(() => import("./pages/StandardPage.tsx"), "StandardPage"),
});

const node = createRoute({
  getParentRoute: () => standard,
  path: "$node",
  loaderDeps: ({ search }) => ({ as_at: search.as_at }),
  loader: ({ context, params, deps }) => context.client.ensureQueryData(query(readNode, { id: params.node, ...deps })),
  component: lazyRouteComponent(() => import("./pages/NodePanel.tsx"), "NodePanel"),
  errorComponent: FaultPage,
});

const kinds = createRoute({
  getParentRoute: () => app,
  path: "/records",
  component: lazyRouteComponent(() => import("./pages/KindsPage.tsx"), "KindsPage"),
});

const records = createRoute({
  getParentRoute: () => app,
  path: "/records/$kind",
  validateSearch: readListSearch,
  loader: ({ context, params }) => context.client.ensureQueryData(query(readKind, { kind: params.kind })),
  component: lazyRouteComponent(() => import("./pages/RecordsPage.tsx"), "RecordsPage"),
});

const record = createRoute({
  getParentRoute: () => app,
  path: "/records/$kind/$ref",
  loaderDeps: ({ search }) => ({ as_at: search.as_at }),
  loader: ({ context, params, deps }) =>
    Promise.all([
      context.client.ensureQueryData(query(readKind, { kind: params.kind })),
      context.client.ensureQueryData(query(readRecord, { ...params, ...deps })),
    ]),
  component: lazyRouteComponent(() => import("./pages/RecordPage.tsx"), "RecordPage"),
});

// Where only the reference is known: its address finds the kind.
const ref = createRoute({
  getParentRoute: () => app,
  path: "/refs/$ref",
  loaderDeps: ({ search }) => ({ as_at: search.as_at }),
  loader: async ({ context, params, deps }) => {
    const found = await context.client.fetchQuery(query(findRecord, { ref: params.ref, ...deps }));
    throw redirect({
      to: "/records/$kind/$ref",
      params: { kind: found.record.kind, ref: params.ref },
      search: deps,
      replace: true,
    });
  },
});

const ledger = createRoute({
  getParentRoute: () => app,
  path: "/ledger",
  loader: ({ context }) => context.client.ensureQueryData(query(readLedger, {})),
  component: lazyRouteComponent(() => import("./pages/LedgerPage.tsx"), "LedgerPage"),
});

const tokens = createRoute({
  getParentRoute: () => app,
  path: "/me/tokens",
  loader: ({ context }) => context.client.ensureQueryData(query(listTokens, {})),
  component: lazyRouteComponent(() => import("./pages/TokensPage.tsx"), "TokensPage"),
});

const password = createRoute({
  getParentRoute: () => app,
  path: "/me/password",
  component: lazyRouteComponent(() => import("./pages/PasswordPage.tsx"), "PasswordPage"),
});

const accounts = createRoute({
  getParentRoute: () => app,
  path: "/accounts",
  loader: ({ context }) => context.client.ensureQueryData(query(listAccounts, {})),
  component: lazyRouteComponent(() => import("./pages/AccountsPage.tsx"), "AccountsPage"),
});

const routeTree = root.addChildren([
  signIn,
  invitation,
  app.addChildren([
    home,
    standard.addChildren([node]),
    kinds,
    records,
    record,
    ref,
    ledger,
    tokens,
    password,
    accounts,
  ]),
]);

export const client: QueryClient = makeClient(() => {
  if (router.state.location.pathname === "/sign-in") return;
  leave(`/sign-in?next=${encodeURIComponent(router.state.location.href)}`);
});

export const router = createRouter({
  routeTree,
  context: { client },
  defaultPreload: "intent",
  // The query cache decides how fresh data are, not the router.
  defaultPreloadStaleTime: 0,
  defaultErrorComponent: FaultPage,
  defaultPendingMs: 400,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

/** An address within the application: signing in never leads elsewhere. */
function ownAddress(value: unknown): string | undefined {
  const address = text(value);
  return address !== undefined && /^\/(?![/\\])/.test(address) ? address : undefined;
}
