import { useEffect, useId, useRef, type ReactNode } from "react";

type Props = { title: string; onClose: () => void; children: ReactNode };

/** A side panel over the page, for a form. The platform keeps the focus in it and gives it back. */
export function Sheet(props: Props) {
  return <Modal {...props} className="sheet" />;
}

/** A box over the page, for a question or a search. */
export function Dialog(props: Props & { className?: string; bare?: boolean }) {
  return <Modal {...props} className={`dialog ${props.className ?? ""}`} />;
}

function Modal({ title, onClose, children, className, bare = false }: Props & { className: string; bare?: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  // A dialog becomes modal by a call, not by an attribute.
  useEffect(() => {
    const element = dialog.current;
    if (element && !element.open) element.showModal();
    element?.querySelector<HTMLElement>("[data-first]")?.focus();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={className}
      aria-labelledby={bare ? undefined : id}
      aria-label={bare ? title : undefined}
      onCancel={(event) => {
        // Some fields inside, such as a file's, cancel too.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
    >
      {bare ? (
        children
      ) : (
        <div className="inner stack">
          <div className="row between">
            <h2 id={id} className="sheet-title">
              {title}
            </h2>
            <button type="button" className="button plain" onClick={onClose}>
              Close
            </button>
          </div>
          {children}
        </div>
      )}
    </dialog>
  );
}
