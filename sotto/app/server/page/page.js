// Sotto in a browser: the microphone and files to text, with what it costs.

const element = (id) => document.getElementById(id);
const FIGURES_EVERY_MS = 1000;

// The server's token ------------------------------------------------------------------------

const token = () => sessionStorage.getItem("token") ?? "";
const authorization = () => (token() ? { Authorization: `Bearer ${token()}` } : {});

async function ask(path, options = {}) {
  const response = await fetch(path, { ...options, headers: authorization() });
  element("token-form").hidden = response.status !== 401;
  if (response.ok) return response;
  const body = await response.json().catch(() => null);
  throw new Error(body?.error?.message ?? `The server answered ${response.status}`);
}

element("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("token", element("token").value.trim());
  begin();
});

function tell(where, words, isFault = false) {
  element(where).textContent = words;
  element(where).classList.toggle("fault", isFault);
}

// Live text ---------------------------------------------------------------------------------

class Conversation {
  constructor(into) {
    this.into = into;
    this.open = null;
  }

  show(committed, tentative) {
    this.open ??= this.into.appendChild(document.createElement("p"));
    const uncertain = document.createElement("span");
    uncertain.className = "tentative";
    uncertain.textContent = tentative;
    this.open.replaceChildren(committed, uncertain);
    this.into.scrollTop = this.into.scrollHeight;
  }

  end(text) {
    if (text) this.show(text, "");
    else this.open?.remove();
    this.open = null;
  }
}

class Listening {
  constructor() {
    this.conversation = new Conversation(element("live"));
    this.fault = "";
  }

  async start() {
    if (!navigator.mediaDevices) {
      throw new Error("Browsers give the microphone to pages of this machine (localhost) or of https alone");
    }
    const wanted = { channelCount: 1, echoCancellation: false, noiseSuppression: false };
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: wanted });
    this.context = new AudioContext();
    await this.context.audioWorklet.addModule("page/microphone.js");
    await this.connect();
    this.node = new AudioWorkletNode(this.context, "microphone", { channelCount: 1, channelCountMode: "explicit" });
    this.node.port.onmessage = ({ data }) => this.send(data);
    this.context.createMediaStreamSource(this.stream).connect(this.node);
  }

  connect() {
    const url = new URL("v1/listen", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const language = element("language").value.trim();
    if (language) url.searchParams.set("language", language);
    const protocols = token() ? ["sotto", `sotto-token.${token()}`] : ["sotto"];
    this.socket = new WebSocket(url, protocols);
    this.socket.onmessage = ({ data }) => this.hear(JSON.parse(data));
    this.socket.onclose = () => this.closed();
    return new Promise((resolve, reject) => {
      this.socket.onopen = resolve;
      this.socket.onerror = () => reject(new Error("The server does not let this page listen"));
    });
  }

  send(samples) {
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(samples);
  }

  hear(event) {
    switch (event.event) {
      case "partial": this.conversation.show(event.committed, event.tentative); break;
      case "final": this.conversation.end(event.text.trim()); break;
      case "dropped": this.conversation.end(""); break;
      case "lag":
        element("lag").textContent = `${event.lag.toFixed(2)} s`;
        element("factor").textContent = event.real_time_factor.toFixed(2);
        break;
      case "fault":
      case "incident":
        this.fault = event.message;
        tell("live-state", event.message, true);
        break;
    }
  }

  stop() {
    this.silence();
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send('{"type": "end"}');
  }

  silence() {
    this.stream?.getTracks().forEach((track) => track.stop());
    if (this.context?.state !== "closed") this.context?.close();
  }

  closed() {
    this.silence();
    if (listening === this) setListening(null);
    if (!this.fault) tell("live-state", "");
  }
}

let listening = null;

function setListening(now) {
  listening = now;
  element("microphone").setAttribute("aria-pressed", String(now !== null));
  element("microphone").textContent = now ? "Stop the microphone" : "Start the microphone";
}

element("microphone").addEventListener("click", async () => {
  if (listening) {
    listening.stop();
    tell("live-state", "Finishing…");
    setListening(null);
    return;
  }
  const begun = new Listening();
  setListening(begun);
  tell("live-state", "Listening…");
  try {
    await begun.start();
  } catch (error) {
    begun.silence();
    setListening(null);
    tell("live-state", error.message, true);
  }
});

// Files -------------------------------------------------------------------------------------

const clock = (seconds, mark = ".") => {
  const ms = Math.round(seconds * 1000);
  const part = (value, digits) => String(Math.floor(value)).padStart(digits, "0");
  return `${part(ms / 3600000, 2)}:${part((ms / 60000) % 60, 2)}:${part((ms / 1000) % 60, 2)}${mark}${part(ms % 1000, 3)}`;
};

let segments = [];
let newest = null; // the file, and what was told of it

function line(time, text, kind = "", list = element("segments")) {
  const item = document.createElement("li");
  item.className = kind;
  const when = document.createElement("time");
  when.textContent = time;
  const words = document.createElement("span");
  words.textContent = text;
  if (time) item.append(when);
  item.append(words);
  list.append(item);
  list.scrollTop = list.scrollHeight;
}

async function* events(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = (rest + value).split("\n\n");
    rest = lines.pop();
    for (const each of lines) if (each.startsWith("data: ")) yield JSON.parse(each.slice(6));
  }
}

function formOf(file) {
  const form = new FormData();
  form.set("file", file);
  const language = element("language").value.trim();
  if (language) form.set("language", language);
  return form;
}

async function transcribe(file) {
  line("", file.name, "name");
  tell("file-state", "At work…");
  const form = formOf(file);
  form.set("response_format", "verbose_json");
  form.set("stream", "true");
  newest = { file, segments: [] };
  const response = await ask("v1/audio/transcriptions", { method: "POST", body: form });
  for await (const event of events(response)) note(event);
}

function note(event) {
  if (event.type === "error") throw new Error(event.error.message);
  if (event.type === "transcript.text.segment") {
    segments.push(event);
    newest.segments.push(event);
    line(clock(event.start), event.text.trim());
    element("copy").disabled = element("subtitles").disabled = false;
  }
  if (event.type === "transcript.text.done") {
    const took = event.took; // without sending and decoding the file
    const length = event.usage.seconds;
    Object.assign(newest, { took, length });
    element("comparison").hidden = peers.length === 0;
    element("columns").replaceChildren();
    element("factor").textContent = (took / length).toFixed(2);
    tell("file-state", `${length.toFixed(1)} s of sound in ${took.toFixed(1)} s. ${event.warning ?? ""}`);
  }
}

async function transcribeAll(files) {
  element("comparison").hidden = true;
  segments = [];
  element("segments").replaceChildren();
  element("copy").disabled = element("subtitles").disabled = true;
  for (const file of files) {
    try {
      await transcribe(file);
    } catch (error) {
      tell("file-state", error.message, true);
      line("", error.message, "name");
    }
  }
}

element("file").addEventListener("change", ({ target }) => transcribeAll([...target.files]));
element("copy").addEventListener("click", () => {
  navigator.clipboard.writeText(segments.map((each) => each.text.trim()).join("\n"));
});
element("subtitles").addEventListener("click", () => {
  const cues = segments.map((each, i) =>
    `${i + 1}\n${clock(each.start, ",")} --> ${clock(each.end, ",")}\n${each.text.trim()}\n`);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([cues.join("\n")], { type: "text/plain" }));
  link.download = "sotto.srt";
  link.click();
  URL.revokeObjectURL(link.href);
});

for (const [name, isOver] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    element("drop").classList.toggle("over", isOver);
    if (name === "drop" && event.dataTransfer.files.length) transcribeAll([...event.dataTransfer.files]);
  });
}

// Other programs ----------------------------------------------------------------------------

let peers = [];

function showPeers(names) {
  if (names.join() === peers.join()) return;
  peers = names;
  element("peers").replaceChildren(...names.map((name) => {
    const button = document.createElement("button");
    button.textContent = `Compare with ${name}`;
    button.addEventListener("click", () => compare(name));
    return button;
  }));
}

function column(title) {
  const box = document.createElement("div");
  const heading = box.appendChild(document.createElement("h3"));
  heading.textContent = title;
  const state = box.appendChild(document.createElement("p"));
  state.className = "state";
  const list = box.appendChild(document.createElement("ol"));
  list.className = "text";
  element("columns").append(box);
  const show = (found, took, length) => {
    for (const each of found) line(clock(each.start), each.text.trim(), "", list);
    state.textContent = `${took.toFixed(1)} s, real-time factor ${(took / length).toFixed(2)}`;
  };
  return { state, show };
}

async function compare(name) {
  const { file, segments: own, took, length } = newest;
  element("columns").replaceChildren();
  column("Sotto").show(own, took, length);
  const other = column(name);
  other.state.textContent = "At work…";
  const buttons = element("peers").querySelectorAll("button");
  buttons.forEach((button) => { button.disabled = true; });
  try {
    const response = await ask(`v1/compare/${name}`, { method: "POST", body: formOf(file) });
    const told = await response.json();
    other.show(told.segments, told.seconds, told.duration);
  } catch (error) {
    other.state.textContent = error.message;
  }
  buttons.forEach((button) => { button.disabled = false; });
}

// Figures -----------------------------------------------------------------------------------

let before = null;

async function showFigures() {
  if (document.hidden) return;
  const now = await (await ask("v1/figures")).json();
  showPeers(now.peers);
  element("memory").textContent = `${(now.memory_bytes / 1e6).toFixed(0)} MB`;
  const seconds = before ? now.model_s - before.model_s : 0;
  if (seconds > 0.05) {
    element("tokens").textContent = ((now.tokens - before.tokens) / seconds).toFixed(0);
  }
  before = now;
}

async function begin() {
  try {
    const models = await (await ask("v1/models")).json();
    element("model").textContent = models.data[0].id;
    await showFigures();
    tell("live-state", "");
  } catch (error) {
    tell("live-state", error.message, true);
  }
}

begin();
setInterval(() => showFigures().catch(() => {}), FIGURES_EVERY_MS);
