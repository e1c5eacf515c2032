/**
 * One drawing: a web socket on which pixels come as they are asked for, as in Reactive Streams.
 * Nothing that is not asked for is computed, so that to pause is not to ask.
 */
export class Stream {
  #socket;
  #outstanding = 0;
  #open = false;
  #over = false;

  /** handlers: started(pixels), pixels(list), done(), cancelled(), problem(detail) */
  constructor(model, request, handlers) {
    const url = new URL(`/api/models/${encodeURIComponent(model)}/stream`, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    this.#socket = new WebSocket(url);
    const end = (tell) => {
      if (!this.#over) {
        this.#over = true;
        tell();
      }
    };
    this.#socket.onopen = () => this.#socket.send(JSON.stringify(request));
    this.#socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.started) {
        this.#open = true;
        handlers.started(message.started.pixels);
      } else if (message.pixels) {
        this.#outstanding -= message.pixels.length;
        handlers.pixels(message.pixels);
      } else if (message.done) {
        end(handlers.done);
      } else if (message.cancelled) {
        end(handlers.cancelled);
      } else if (message.problem) {
        end(() => handlers.problem(message.problem.detail));
      }
    };
    this.#socket.onclose = () =>
      end(() => handlers.problem("the connection ended; is the server still running?"));
  }

  /** How many pixels were asked for and have not come yet. */
  get outstanding() {
    return this.#outstanding;
  }

  request(pixels) {
    if (this.#open && !this.#over && pixels > 0) {
      this.#outstanding += pixels;
      this.#socket.send(JSON.stringify({ request: pixels }));
    }
  }

  cancel() {
    if (!this.#over) {
      if (this.#open) this.#socket.send(JSON.stringify({ cancel: true }));
      else this.#socket.close();
    }
  }
}

/** Asks the server; what it refuses is thrown with its own words. */
export async function ask(path, body, signal) {
  const options = body
    ? { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal }
    : { signal };
  const response = await fetch(path, options);
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail);
  return answer;
}
