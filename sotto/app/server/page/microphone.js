// Runs in the browser's audio thread: the microphone, at whatever rate it has, to 16 kHz.

const RATE = 16000;
const BLOCK = RATE / 10; // 0.1 s, as often as text can change
const CUTOFF_HZ = 7200; // what lies above half of 16 kHz would come back as another tone
const HALF_WIDTH = 24; // zero crossings of the low pass on each side: 60 dB down at 8.8 kHz

class Resampler {
  constructor(from) {
    this.step = from / RATE;
    this.band = (2 * CUTOFF_HZ) / from;
    this.reach = Math.ceil(HALF_WIDTH / this.band);
    this.held = new Float32Array(this.reach);
    this.at = this.reach; // of the next sample that is wanted, in those that are held
  }

  low_pass(distance) {
    const x = Math.PI * this.band * distance;
    const window = 0.5 + 0.5 * Math.cos((Math.PI * distance) / this.reach);
    return this.band * (x === 0 ? 1 : Math.sin(x) / x) * window;
  }

  sample(at) {
    let sum = 0;
    const last = Math.floor(at + this.reach);
    for (let i = Math.max(0, Math.ceil(at - this.reach)); i <= last; i++) {
      sum += this.held[i] * this.low_pass(i - at);
    }
    return sum;
  }

  take(block) {
    const all = new Float32Array(this.held.length + block.length);
    all.set(this.held);
    all.set(block, this.held.length);
    this.held = all;
    const out = [];
    while (this.at + this.reach < all.length - 1) {
      out.push(this.sample(this.at));
      this.at += this.step;
    }
    const gone = Math.max(0, Math.floor(this.at - this.reach));
    this.held = all.slice(gone);
    this.at -= gone;
    return out;
  }
}

class Microphone extends AudioWorkletProcessor {
  constructor() {
    super();
    this.resampler = new Resampler(sampleRate);
    this.block = new Int16Array(BLOCK);
    this.length = 0;
  }

  process(inputs) {
    const channels = inputs[0];
    if (channels.length) this.hear(channels[0]);
    return true;
  }

  hear(pcm) {
    for (const sample of this.resampler.take(pcm)) {
      this.block[this.length++] = Math.max(-32768, Math.min(32767, Math.round(sample * 32768)));
      if (this.length === BLOCK) {
        this.port.postMessage(this.block.slice());
        this.length = 0;
      }
    }
  }
}

registerProcessor("microphone", Microphone);
