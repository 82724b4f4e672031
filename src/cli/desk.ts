import type * as z from "zod";
import { samplePassword, signIn, signOut, type Seated } from "#app/account.ts";
import type { Seat, World } from "#app/world.ts";
import { call, callLines } from "#contract/call.ts";
import type { Endpoint } from "#contract/endpoint.ts";
import { Refusal } from "#core/basics/refusal.ts";
import type { Actor } from "#core/records/actor.ts";
import type { Ref } from "#core/records/field.ts";
import { handlersOf } from "#http/handlers.ts";
import { askPassword } from "./ask-password.ts";
import { chooseOrganization, openThere, type Known, type Place } from "./place.ts";

type Asking = {
  /** Asks what the contract offers, of a server or of the folder alike. @throws {Refusal} */
  ask<Input extends z.ZodObject, Output extends z.ZodType>(
    endpoint: Endpoint<Input, Output>,
    input: z.input<Input>,
  ): Promise<z.output<Output>>;
  /** The same for answers that come line by line. */
  lines<Input extends z.ZodObject, Output extends z.ZodType>(
    endpoint: Endpoint<Input, Output>,
    input: z.input<Input>,
  ): AsyncIterable<z.output<Output>>;
  close(): Promise<void>;
};

/** A folder that is open, with what a command may use that no server offers. */
export type FolderDesk = Asking & {
  at: "folder";
  world: World;
  organization: Known;
  seat: Seat;
  /** Nobody in particular: whoever may read the folder. Has no power over records. */
  isOperator: boolean;
};

export type Desk = (Asking & { at: "server" }) | FolderDesk;

/** Does the work at the server or folder that is meant, and closes it. @throws {Refusal} */
export async function atDesk<T>(place: Place, work: (desk: Desk) => Promise<T>): Promise<T> {
  const desk = place.server === undefined ? await openFolderDesk(place) : openServerDesk(place.server, place);
  try {
    return await work(desk);
  } finally {
    await desk.close();
  }
}

/** The same where only a folder will do. @throws {Refusal} */
export function atFolder<T>(place: Place, deed: string, work: (desk: FolderDesk) => Promise<T>): Promise<T> {
  if (place.server !== undefined)
    throw new Refusal("malformed", `Cannot ${deed} through a server: stop it and name its folder by --data`);
  return atDesk(place, (desk) => {
    if (desk.at === "server") throw new Error("A server's desk was opened without a server");
    return work(desk);
  });
}

function openServerDesk(origin: string, { token, person, data }: Place): Desk {
  if (data !== undefined)
    throw new Refusal("malformed", "Cannot ask a server and a folder at once: give --server or --data");
  if (person !== undefined)
    throw new Refusal("malformed", "Cannot act as somebody else at a server: its token says who asks");
  if (!/^https?:\/\//.test(origin) || !URL.canParse(origin))
    throw new Refusal("malformed", `Cannot ask server "${origin}": its address is written http://127.0.0.1:4200`);
  const settings = token === undefined ? {} : { token };
  return {
    at: "server",
    ask: (endpoint, input) => call(origin, endpoint, input, settings),
    lines: (endpoint, input) => callLines(origin, endpoint, input, settings),
    close: async () => undefined,
  };
}

// What one handler is asked and answers, once the endpoint's own types are behind us.
type AnyHandler = (asked: Record<string, unknown>) => unknown;

async function openFolderDesk(place: Place): Promise<FolderDesk> {
  const world = await openThere(place);
  try {
    const organization = await chooseOrganization(world, place);
    const seated =
      place.person === undefined ? operatorOf(organization) : await signInAs(world, organization, place.person);
    const isOperator = place.person === undefined;
    const describesItself = () => {
      throw new Error("The API describes itself to those who reach it over HTTP");
    };
    const handlers = handlersOf(world, { version: "", document: describesItself, docs: describesItself });
    const handle = <Input extends z.ZodObject>(endpoint: Endpoint<Input>, input: z.input<Input>): unknown => {
      const handler = handlers[endpoint.name as keyof typeof handlers] as unknown as AnyHandler;
      const nothing = () => undefined;
      return handler({
        input: parsed(endpoint, input),
        seat: seated.seat,
        seated,
        from: { address: "local" },
        keepSession: nothing,
        dropSession: nothing,
        header: nothing,
      });
    };
    return {
      at: "folder",
      world,
      organization,
      seat: seated.seat,
      isOperator,
      ask: async (endpoint, input) => (await handle(endpoint, input)) as z.output<typeof endpoint.output>,
      lines: (endpoint, input) => handle(endpoint, input) as AsyncIterable<z.output<typeof endpoint.output>>,
      async close() {
        if (!isOperator) await signOut(world, seated, false);
        await world.close();
      },
    };
  } catch (error) {
    await world.close();
    throw error;
  }
}

/** As the server parses what comes over HTTP. */
function parsed<Input extends z.ZodObject>(endpoint: Endpoint<Input>, input: z.input<Input>): z.output<Input> {
  const result = endpoint.input.strict().safeParse(withoutAbsent(input));
  if (result.success) return result.data as z.output<Input>;
  const [issue] = result.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw new Refusal(
    "malformed",
    `Cannot ${endpoint.summary.charAt(0).toLowerCase()}${endpoint.summary.slice(1)}: "${field}": ${issue?.message ?? "it is unreadable"}`,
    { place: { field } },
  );
}

function withoutAbsent(input: object): object {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

/** In the ledger an operator is nobody: what they may do makes no entry in their name. */
const operatorId = "00000000-0000-4000-8000-000000000000";

function operatorOf({ id }: Known): Seated {
  const actor: Actor = { kind: "person", id: operatorId, assignments: [], administrator: true };
  return {
    seat: { organization: id, actor, auth: "internal" },
    by: "password",
    account: operatorId,
    person: { ref: "" as Ref, name: "the operator of the folder" },
    endsAt: "9999-12-31T23:59:59.999Z" as Seated["endsAt"],
    proofUntil: null,
    hash: new Uint8Array(),
  };
}

async function signInAs(world: World, organization: Known, name: string): Promise<Seated> {
  const password =
    process.env["AIMS_PASSWORD"] ?? (organization.sample ? samplePassword : await askPassword(`Password of ${name}: `));
  const { seated } = await signIn(world, { organization: organization.id, name, password }, { address: "local" });
  return seated;
}
