// One file, sent in pieces: announced, continued where the server says, finished. It knows nothing of the page.

const PATIENCE = [1, 2, 4, 8, 15, 30];
// Another piece is being written, or the server is being restarted.
const PASSING = new Set([409, 502, 503]);
// There is no such upload any more, or there never will be.
const GONE = new Set([404, 413, 422]);

// The server refused: trying again would change nothing. `status` 0 means that the answer was no answer of ours.
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    const timer = setTimeout(done, seconds * 1000);
    function done() {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      signal.removeEventListener("abort", stop);
      resolve();
    }
    window.addEventListener("online", done);
    signal.addEventListener("abort", stop, { once: true });
  });
}

async function ask(address, signal, body) {
  const options = { signal, headers: { Accept: "application/json" }, redirect: "error" };
  if (body !== undefined) Object.assign(options, { method: "POST", body });
  const answer = await fetch(address, options);
  const isJson = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
  const said = isJson ? await answer.json() : {};
  if (answer.ok) return said;
  throw new Refused(answer.status, said.error?.message ?? "");
}

function form(values) {
  const body = new FormData();
  for (const [name, value] of Object.entries(values)) body.append(name, value);
  return body;
}

export class Upload {
  // `fields` are what the form says of the file; `told(state, received)` is called whenever something changes.
  // Uploads are announced at the address `base`.
  constructor(file, fields, piece, told, base = "/documents/uploads") {
    Object.assign(this, { file, fields, piece, told, base, id: null });
    this.stop = new AbortController();
    this.key = ["upload", fields.record, file.name, file.size, file.lastModified].join("|");
  }

  // The address of its page, once it has come whole. Raises `Refused`, or what `cancel` aborts with.
  async run() {
    try {
      let received = await this.trying(() => this.where());
      while (received < this.file.size) received = await this.trying((again) => this.next(received, again));
      this.told("sending", received);
      const came = await this.trying(() => ask(`${this.address()}/finish`, this.stop.signal, form({ csrf: this.fields.csrf })));
      this.forget();
      return came.address;
    } catch (error) {
      if (error instanceof Refused && GONE.has(error.status)) this.forget();
      throw error;
    }
  }

  async cancel() {
    this.stop.abort();
    this.forget();
    if (this.id !== null) await ask(`${this.address()}/cancel`, undefined, form({ csrf: this.fields.csrf }));
  }

  address() {
    return `${this.base}/${this.id}`;
  }

  // How far the file came before, if it ever began to; else it is announced now.
  async where() {
    const known = window.localStorage.getItem(this.key);
    if (known !== null) {
      try {
        const said = await ask(`${this.base}/${known}`, this.stop.signal);
        this.id = said.id;
        if (said.received > 0) this.told("goeson", said.received);
        return said.received;
      } catch (error) {
        if (!(error instanceof Refused && GONE.has(error.status))) throw error;
      }
    }
    const body = form({ ...this.fields, name: this.file.name, size: this.file.size });
    this.id = (await ask(this.base, this.stop.signal, body)).id;
    window.localStorage.setItem(this.key, this.id);
    return 0;
  }

  // One piece; when an answer was lost, the server says first how far it came.
  async next(received, again) {
    const from = again ? (await ask(this.address(), this.stop.signal)).received : received;
    if (from >= this.file.size) return from;
    this.told("sending", from);
    const body = form({ csrf: this.fields.csrf, offset: from });
    body.append("piece", this.file.slice(from, from + this.piece), "piece");
    return (await ask(this.address(), this.stop.signal, body)).received;
  }

  // Until it works, or is refused for good: a lost connection is waited for, without end.
  async trying(step) {
    for (let turn = 0; ; turn += 1) {
      try {
        return await step(turn > 0);
      } catch (error) {
        if (this.stop.signal.aborted) throw error;
        const isLost = !(error instanceof Refused);
        if (!isLost && !(PASSING.has(error.status) && turn < PATIENCE.length)) throw error;
        if (isLost) this.told("lost");
        await pause(PATIENCE[Math.min(turn, PATIENCE.length - 1)], this.stop.signal);
      }
    }
  }

  forget() {
    window.localStorage.removeItem(this.key);
  }
}
