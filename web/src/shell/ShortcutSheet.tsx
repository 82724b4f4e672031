import { Dialog } from "../ui/Sheet.tsx";
import { shortcuts } from "./shortcuts.ts";

export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="facts">
        {shortcuts.flatMap(({ keys, does }) => [
          <dt key={`${does} keys`}>
            <span className="row tight">
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </span>
          </dt>,
          <dd key={does}>{does}</dd>,
        ])}
      </dl>
      <p className="quiet">
        On a Mac, Cmd K does the same as Ctrl K. Every list and form can be reached by Tab and used by Enter.
      </p>
    </Dialog>
  );
}
