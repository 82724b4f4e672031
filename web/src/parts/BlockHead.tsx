import { createContext, useContext, type ReactNode } from "react";

/** At which level the headings of blocks stand: below the page's own, or below that of a panel. */
export const BlockLevel = createContext<2 | 3>(2);

/** The heading of a part of a page, with a word of detail at its end. */
export function BlockHead({ id, detail, children }: { id: string; detail?: ReactNode; children: ReactNode }) {
  const Heading = useContext(BlockLevel) === 2 ? "h2" : "h3";
  return (
    <Heading id={id} className="block-head">
      {children}
      {detail !== undefined && <span>{detail}</span>}
    </Heading>
  );
}
