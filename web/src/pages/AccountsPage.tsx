import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { changeAccount, invitePerson, listAccounts, signOutPerson } from "#contract/account.ts";
import type { OutputOf } from "#contract/endpoint.ts";
import { listRecords } from "#contract/record.ts";
import { query, useCommand } from "../api.ts";
import { RecordPicker } from "../forms/RecordPicker.tsx";
import { RecordLink, StateBadge } from "../parts/cells.tsx";
import { Page } from "../parts/Page.tsx";
import { useSession } from "../shell/session.ts";
import { announce } from "../shell/announce.tsx";
import { Badge, Note } from "../ui/Badge.tsx";
import { minuteOf } from "../words.ts";
import { ScrollRegion } from "../ui/ScrollRegion.tsx";

/** Who may sign in. Running the software gives no power over records, and none is shown here. */
export function AccountsPage() {
  const { accounts } = useSuspenseQuery(query(listAccounts, {})).data;
  const invite = useCommand(invitePerson);
  const change = useCommand(changeAccount);
  const signOut = useCommand(signOutPerson);
  const [person, setPerson] = useState("");
  const [invited, setInvited] = useState<{ person: string; address: string; until: string }>();
  const names = useQuery(query(listRecords, { kind: "person", limit: 1 })).data?.names ?? {};
  const send = (ref: string) =>
    invite.mutate(
      { person: ref },
      {
        onSuccess: ({ invitation, expiresAt }) => {
          setInvited({ person: ref, address: `${location.origin}/invitation#${invitation}`, until: expiresAt });
          setPerson("");
        },
      },
    );
  const error = invite.error ?? change.error ?? signOut.error;
  const isBusy = invite.isPending || change.isPending || signOut.isPending;
  return (
    <Page
      title="Who may sign in"
      lead="An account belongs to a person's record. Its roles come from role assignments, not from here; who is suspended or has left cannot sign in."
    >
      <form
        className="narrow stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (person !== "") send(person);
        }}
      >
        <div className="field">
          <label htmlFor="person">Invite a person</label>
          <RecordPicker
            input={{ id: "person", className: "input" }}
            kinds={["person"]}
            value={person}
            names={names}
            onChange={(ref) => setPerson(ref ?? "")}
          />
        </div>
        <div>
          <button type="submit" className="button first" disabled={isBusy || person === ""}>
            Invite
          </button>
        </div>
      </form>
      {error && (
        <Note tone="bad" urgent>
          {error.message}
        </Note>
      )}
      {invited && (
        <Note tone="attention">
          <p>
            Hand this address to {invited.person}. It is shown this once and works until {minuteOf(invited.until)}.
          </p>
          <p className="binding">{invited.address}</p>
        </Note>
      )}
      <Accounts>
        {accounts.map((account) => (
          <Row
            key={account.person}
            account={account}
            isBusy={isBusy}
            onInvite={() => send(account.person)}
            onSignOut={() =>
              signOut.mutate(
                { person: account.person },
                { onSuccess: () => announce(`${account.name} is signed out everywhere`) },
              )
            }
            onChange={() => change.mutate({ person: account.person, administrator: !account.administrator })}
          />
        ))}
      </Accounts>
    </Page>
  );
}

function Accounts({ children }: { children: ReactNode }) {
  return (
    <ScrollRegion label="Accounts" className="table-wrap block">
      <table className="table" aria-label="Accounts">
        <thead>
          <tr>
            <th scope="col">Person</th>
            <th scope="col">E-mail</th>
            <th scope="col">State</th>
            <th scope="col">Last signed in</th>
            <th scope="col" className="end">
              Sessions
            </th>
            <th scope="col">
              <span className="hidden-words">Deeds</span>
            </th>
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </ScrollRegion>
  );
}

type Account = OutputOf<typeof listAccounts>["accounts"][number];
type RowProps = {
  account: Account;
  isBusy: boolean;
  onInvite: () => void;
  onSignOut: () => void;
  onChange: () => void;
};

function Row({ account, isBusy, onInvite, onSignOut, onChange }: RowProps) {
  const { organization } = useSession();
  return (
    <tr>
      <td>
        <RecordLink record={account.person} title={account.name} kind="person" />
      </td>
      <td>{account.email ?? "–"}</td>
      <td>
        <StateBadge state={account.state} />
        {account.administrator && (
          <>
            {" "}
            <Badge tone="neutral">runs the software</Badge>
          </>
        )}
        {!account.hasPassword && !organization.sample && (
          <>
            {" "}
            <Badge tone="attention">no password yet</Badge>
          </>
        )}
      </td>
      <td>{account.lastSignInAt === null ? "never" : minuteOf(account.lastSignInAt)}</td>
      <td className="end">{account.sessions}</td>
      <td className="end in-a-row">
        <button type="button" className="button" disabled={isBusy} onClick={onInvite}>
          Invite again <span className="hidden-words">{account.name}</span>
        </button>
        <button type="button" className="button" disabled={isBusy || account.sessions === 0} onClick={onSignOut}>
          Sign out <span className="hidden-words">{account.name}</span>
        </button>
        <button type="button" className="button" disabled={isBusy} onClick={onChange}>
          {account.administrator ? "No longer runs the software" : "Let run the software"}{" "}
          <span className="hidden-words">{account.name}</span>
        </button>
      </td>
    </tr>
  );
}
