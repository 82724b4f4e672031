import type * as z from "zod";
import {
  acceptInvitation,
  changePassword,
  confirmPassword,
  invitePerson,
  listAccounts,
  readInvitation,
  setAdministrator,
  signIn,
  signOut,
  signOutPerson,
  type Seated,
} from "#app/account.ts";
import type { From } from "#app/attempt.ts";
import { createToken, listTokens, revokeToken } from "#app/api-token.ts";
import { applyFiles } from "#app/apply.ts";
import { readBoard, readNode } from "#app/board.ts";
import { listOrganizations } from "#app/change.ts";
import { letDaysPass } from "#app/clock.ts";
import { exportRecords } from "#app/export.ts";
import { readHome } from "#app/home.ts";
import {
  listEntries,
  proveConsistency,
  proveRecord,
  publishCheckpoint,
  readLedger,
  readLogFile,
  verifyLive,
  type KeptCheckpoint,
} from "#app/ledger.ts";
import { readMe } from "#app/me.ts";
import { demandSight, readOpenings } from "#app/opening.ts";
import { listRecords, readHistory, readNewDeeds, readRecord, searchAll, type RecordView } from "#app/records.ts";
import { listSignInChoices } from "#app/sign-in-choice.ts";
import type { Seat, World } from "#app/world.ts";
import type { api, EndpointName } from "#contract/api.ts";
import { describeKind, summarizeKind } from "#contract/describe-kind.ts";
import type { Endpoint } from "#contract/endpoint.ts";
import { decodeUtf8, toBase64 } from "#core/basics/bytes.ts";
import { Refusal } from "#core/basics/refusal.ts";
import { endOf, type Day } from "#core/basics/time.ts";
import { kinds } from "#core/records/all.ts";
import { create, demandKind, perform } from "./deed.ts";
import { progressOf } from "./progress.ts";

type Named<Name extends EndpointName> = Extract<(typeof api)[number], { name: Name }>;

type DeepReadonly<Value> = Value extends Uint8Array | ((...given: never[]) => unknown)
  ? Value
  : Value extends object
    ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
    : Value;

/** What a handler may do to the answer besides giving it. */
export type Answering = {
  keepSession: (begun: { secret: string; seated: Seated }) => void;
  dropSession: () => void;
  header: (name: string, value: string) => void;
};

type Asked<E extends Endpoint> = { input: z.output<E["input"]>; from: From } & Answering &
  (E["who"] extends "public" ? unknown : { seat: Seat; seated: Seated });
type Answer<E extends Endpoint> = DeepReadonly<z.output<E["output"]>>;
type Handler<E extends Endpoint> = (
  asked: Asked<E>,
) => E["answer"] extends "lines" ? AsyncIterable<Answer<E>> : Promise<Answer<E>>;

/** A handler for each endpoint of the contract: one that is missing, or answers something else, does not compile. */
export type Handlers = { readonly [Name in EndpointName]: Handler<Named<Name>> };

/** What describes the API itself; made once. */
export type Printed = { version: string; document: () => Record<string, unknown>; docs: () => string };

/** Binds the contract to the use cases. */
export function handlersOf(world: World, printed: Printed): Handlers {
  return {
    ...signingIn(world),
    ...conformity(world),
    ...records(world),
    ...ledger(world),
    ...files(world),
    ...accounts(world),
    ...service(world, printed),
  };
}

type Part<Name extends EndpointName> = Pick<Handlers, Name>;

function signingIn(
  world: World,
): Part<
  | "listSignInChoices"
  | "signIn"
  | "readSession"
  | "signOut"
  | "confirmPassword"
  | "changePassword"
  | "readInvitation"
  | "acceptInvitation"
  | "listTokens"
  | "createToken"
  | "revokeToken"
> {
  return {
    listSignInChoices: () => listSignInChoices(world),
    signIn: ({ input, from, keepSession }) => begin(world, signIn(world, input, from), keepSession),
    readSession: ({ seated }) => readMe(world, seated),
    signOut: ({ input, seated, dropSession }) =>
      signOut(world, seated, input.everywhere === true)
        .then(dropSession)
        .then(done),
    confirmPassword: async ({ input, seated, from }) => ({
      until: await confirmPassword(world, seated, input.password, from),
    }),
    changePassword: ({ input, seated, from }) => changePassword(world, seated, input, from).then(done),
    readInvitation: ({ input }) => readInvitation(world, input.invitation),
    acceptInvitation: ({ input, keepSession }) => begin(world, acceptInvitation(world, input), keepSession),
    listTokens: async ({ seated }) => ({ tokens: await listTokens(world, seated) }),
    createToken: ({ input, seated }) =>
      createToken(world, seated, {
        name: input.name,
        ...(input.expires_on === undefined ? {} : { expiresOn: input.expires_on }),
      }),
    revokeToken: ({ input, seated }) => revokeToken(world, seated, input.id).then(done),
  };
}

async function begin(
  world: World,
  beginning: Promise<{ secret: string; seated: Seated }>,
  keepSession: Answering["keepSession"],
) {
  const begun = await beginning;
  keepSession(begun);
  return readMe(world, begun.seated);
}

function conformity(world: World): Part<"readHome" | "readBoard" | "readNode"> {
  return {
    readHome: ({ input, seat }) => readHome(world, seat, asAtOf(input)),
    readBoard: ({ input, seat }) => readBoard(world, seat, asAtOf(input)),
    readNode: ({ input, seat }) => readNode(world, seat, input.id, asAtOf(input)),
  };
}

function records(
  world: World,
): Part<
  | "listRecords"
  | "createRecord"
  | "readRecord"
  | "findRecord"
  | "readHistory"
  | "doDeed"
  | "searchAll"
  | "listKinds"
  | "readKind"
  | "readNewDeeds"
> {
  return {
    listRecords: ({ input: { kind, state, ai_system: aiSystem, as_at: asAt, ...rest }, seat }) =>
      listRecords(world, seat, {
        kind: demandKind(kind).name,
        ...rest,
        ...(state && { states: state }),
        ...(aiSystem && { aiSystem }),
        ...(asAt && { asAt }),
      }),
    createRecord: ({ input, seated, from, header }) =>
      create(world, { seated, from }, input).then((made) => placed(made, header)),
    readRecord: ({ input, seat, header }) =>
      readRecord(world, seat, input.ref, asAtOf(input)).then((view) => versioned(ofKind(view, input.kind), header)),
    findRecord: ({ input, seat, header }) =>
      readRecord(world, seat, input.ref, asAtOf(input)).then((view) => versioned(view, header)),
    readHistory: async ({ input, seat }) => {
      const history = await readHistory(world, seat, input.ref);
      if (history.kind !== input.kind) throw notOfKind(input.ref, input.kind);
      const end = input.as_at && endOf(input.as_at);
      return {
        ...history,
        versions: end === undefined ? history.versions : history.versions.filter(({ at }) => at <= end),
      };
    },
    doDeed: ({ input, seated, from, header }) =>
      perform(world, { seated, from }, input).then((made) => placed(made, header)),
    searchAll: ({ input: { text, limit }, seat }) => searchAll(world, seat, text, limit === undefined ? {} : { limit }),
    listKinds: async () => ({ kinds: Object.values(kinds).map(summarizeKind) }),
    readKind: async ({ input }) => describeKind(demandKind(input.kind)),
    readNewDeeds: async ({ input, seat }) => ({ deeds: await readNewDeeds(world, seat, demandKind(input.kind).name) }),
  };
}

function ledger(
  world: World,
): Part<
  | "readLedger"
  | "listEntries"
  | "readCheckpoint"
  | "publishCheckpoint"
  | "readTile"
  | "readProof"
  | "readConsistency"
  | "readOpenings"
  | "verifyLedger"
> {
  const verifying = new Set<string>();
  return {
    readLedger: async ({ seat }) => {
      const { tree, checkpoint, keys, ...rest } = await readLedger(world, seat);
      return {
        ...rest,
        tree: headOf(tree),
        checkpoint: checkpoint ? publishedOf(checkpoint) : null,
        keys: keys.map(({ until, ...key }) => ({ ...key, until: until ?? null })),
      };
    },
    listEntries: async ({ input: { from, limit = 50 }, seat }) => {
      const { size } = await readLedger(world, seat);
      return { size, entries: await listEntries(world, seat, from ?? Math.max(0, size - limit), limit) };
    },
    readCheckpoint: async ({ seat }) => decodeUtf8(await readLogFile(world, seat, "checkpoint")),
    publishCheckpoint: async ({ seat }) => publishedOf(await publishCheckpoint(world, seat)),
    readTile: async ({ input, seat, header }) => {
      const bytes = await readLogFile(world, seat, `tile/${input.path}`);
      // A full tile never changes.
      if (!input.path.includes(".p/")) header("cache-control", "private, max-age=31536000, immutable");
      return bytes;
    },
    readProof: async ({ input: { kind, ref, rev }, seat }) => {
      await demandSight(world, seat, { kind: demandKind(kind).name, ref });
      return (await proveRecord(world, seat, { ref, ...(rev === undefined ? {} : { rev }) })).file;
    },
    readConsistency: async ({ input, seat }) => {
      const { from, to, hashes } = await proveConsistency(world, seat, input.from, input.to);
      return { from: headOf(from), to: headOf(to), hashes: hashes.map(toBase64) };
    },
    readOpenings: async ({ input: { kind, ref }, seat }) => ({
      openings: (await readOpenings(world, seat, { kind: demandKind(kind).name, ref })).map(({ salt, ...opening }) => ({
        ...opening,
        salt: toBase64(salt),
      })),
    }),
    verifyLedger: ({ seat }) => {
      // It reads the whole ledger: several at once would only make one another wait, and everybody else.
      if (verifying.has(seat.organization))
        throw new Refusal("too-many", "Cannot verify ledger: a verification is under way");
      const work = (say: (said: { done: number; of: number }) => void) => {
        verifying.add(seat.organization);
        return verifyLive(world, seat, (done, of) => say({ done, of })).finally(() =>
          verifying.delete(seat.organization),
        );
      };
      return progressOf(work, ({ root, ...rest }) => ({ result: { ...rest, root: toBase64(root) } }));
    },
  };
}

function files(world: World): Part<"exportRecords" | "applyFiles"> {
  return {
    exportRecords: async function* ({ seat }) {
      let count = 0;
      for await (const file of exportRecords(world, seat)) {
        count += 1;
        yield file;
      }
      yield { files: count };
    },
    applyFiles: ({ input, seat }) => applyFiles(world, seat, input.files),
  };
}

function accounts(world: World): Part<"listAccounts" | "invitePerson" | "changeAccount" | "signOutPerson"> {
  return {
    listAccounts: async ({ seat }) => ({ accounts: await listAccounts(world, seat) }),
    invitePerson: ({ input, seat }) => invitePerson(world, seat, input.person),
    changeAccount: ({ input, seat }) => setAdministrator(world, seat, input.person, input.administrator).then(done),
    signOutPerson: ({ input, seat }) => signOutPerson(world, seat, input.person).then(done),
  };
}

function service(
  world: World,
  printed: Printed,
): Part<"readHealth" | "readApiDocument" | "readApiDocs" | "letDaysPass"> {
  return {
    readHealth: async () => {
      await listOrganizations(world);
      return { status: "ok", version: printed.version };
    },
    readApiDocument: async () => printed.document(),
    readApiDocs: async () => printed.docs(),
    letDaysPass: async ({ input, seat }) => ({ today: await letDaysPass(world, seat, input.to) }),
  };
}

const done = () => ({ done: true }) as const;

const asAtOf = ({ as_at: asAt }: { as_at?: Day | undefined }) => (asAt === undefined ? {} : { asAt });

const headOf = ({ size, root }: { size: number; root: Uint8Array }) => ({ size, root: toBase64(root) });

const publishedOf = ({ note, publishedAt, ...head }: KeptCheckpoint) => ({ ...headOf(head), note, publishedAt });

function ofKind(view: RecordView, kind: string): RecordView {
  if (view.record.kind !== kind) throw notOfKind(view.record.ref, kind);
  return view;
}

function notOfKind(ref: string, kind: string): Refusal {
  return new Refusal(
    "not-found",
    `Cannot find ${ref}: there is no such ${kind.replaceAll("_", " ")}, or you may not see it`,
  );
}

/** A record as it was is nothing to act on: it has no version to match. */
function versioned(view: RecordView, header: Answering["header"]): RecordView {
  if (view.asAt === null) header("etag", `"${view.record.rev}"`);
  return view;
}

function placed<Made extends { kind: string; ref: string; rev: number }>(
  made: Made,
  header: Answering["header"],
): Made {
  header("location", `/api/records/${made.kind}/${encodeURIComponent(made.ref)}`);
  header("etag", `"${made.rev}"`);
  return made;
}
