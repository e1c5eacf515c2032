/**
 * One drawing: a web socket on which pixels come as they are asked for, as in Reactive Streams.
 * Nothing that is not asked for is computed, so that to pause is not to ask; to close it is to cancel.
 */
export class Stream {
  #socket;
  #outstanding = 0;
  #isOver = false;

  /** handlers: started(pixels), waiting(), pixels(list), done(), problem(detail) */
  constructor(model, request, handlers) {
    const url = new URL(`/api/models/${encodeURIComponent(model)}/stream`, location.href);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    this.#socket = new WebSocket(url);
    this.#socket.onopen = () => this.#socket.send(JSON.stringify(request));
    this.#socket.onmessage = ({ data }) => {
      if (this.#isOver) return;
      const message = JSON.parse(data);
      if (message.started) handlers.started(message.started.pixels);
      else if (message.waiting) handlers.waiting();
      else if (message.pixels) {
        this.#outstanding -= message.pixels.length;
        handlers.pixels(message.pixels);
      } else if (message.done) this.#end(handlers.done);
      else if (message.problem) this.#end(() => handlers.problem(message.problem.detail));
    };
    this.#socket.onclose = () =>
      this.#end(() => handlers.problem("the connection ended; is the server still running?"));
  }

  /** How many pixels were asked for and have not come yet. */
  get outstanding() {
    return this.#outstanding;
  }

  request(pixels) {
    this.#outstanding += pixels;
    this.#socket.send(JSON.stringify({ request: pixels }));
  }

  /** Nothing is told of it afterwards. */
  cancel() {
    this.#end(() => {});
    // One that is being opened cannot be closed without a complaint in the console.
    this.#socket.onopen = () => this.#socket.close();
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.close();
  }

  #end(tell) {
    if (this.#isOver) return;
    this.#isOver = true;
    tell();
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
