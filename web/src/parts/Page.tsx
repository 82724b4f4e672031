import { useEffect, type ReactNode } from "react";

type Props = { title: string; lead?: ReactNode; aside?: ReactNode; children?: ReactNode };

/** The middle of the screen: one heading, what it is in a sentence, and the rest. */
export function Page({ title, lead, aside, children }: Props) {
  useTitle(title);
  return (
    <main id="main" tabIndex={-1}>
      <div className="page-head">
        <h1>{title}</h1>
        <span className="spring" />
        {aside}
      </div>
      {lead !== undefined && <div className="lead">{lead}</div>}
      {children}
    </main>
  );
}

/** Names the browser's tab after what it shows. */
export function useTitle(title: string): void {
  // The document's title lies outside of what React draws.
  useEffect(() => {
    document.title = `${title} · Aims`;
  }, [title]);
}
