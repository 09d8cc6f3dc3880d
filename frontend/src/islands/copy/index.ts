// Copies its `text` when the button inside is pressed, and says so.
//
//   <k-copy text="…"><button aria-label="Copy">…</button></k-copy>

import { toast } from "../../shell/toasts";

class Copy extends HTMLElement {
  connectedCallback(): void {
    this.onclick = (event) => {
      if (!(event.target as Element).closest("button")) return;
      void navigator.clipboard.writeText(this.getAttribute("text") ?? "").then(
        () => toast({ level: "success", text: "Copied." }),
        () => toast({ level: "warning", text: "The browser does not let pages copy here." }),
      );
    };
  }
}

customElements.define("k-copy", Copy);
