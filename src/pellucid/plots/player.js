"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const [picture, slider, play, epoch, losses, words] =
    ["picture", "slider", "play", "epoch", "losses", "words"].map((id) => document.getElementById(id));
  const pen = picture.getContext("2d");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const [wide, tall] = data.size;
  const side = picture.width;
  const STRONGEST = 0.42, PAUSE = 180;
  const small = document.createElement("canvas");
  small.width = wide;
  small.height = tall;
  const smallPen = small.getContext("2d", { willReadFrequently: true });
  let timer = null;

  const rgb = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));

  /* The bytes of every picture, class · levels + shade, read once. */
  const codes = Promise.all(data.frames.map(async (frame) => {
    const image = new Image();
    image.src = "data:image/png;base64," + frame.picture;
    await image.decode();
    smallPen.drawImage(image, 0, 0);
    const pixels = smallPen.getImageData(0, 0, wide, tall).data;
    return Uint8Array.from({ length: wide * tall }, (_, at) => pixels[4 * at]);
  }));

  function surface(bytes, colors) {
    const [page, , ...classes] = colors.map(rgb);
    const image = smallPen.createImageData(wide, tall);
    bytes.forEach((code, at) => {
      const own = classes[Math.floor(code / data.levels)];
      const share = STRONGEST * (code % data.levels) / (data.levels - 1);
      for (let k = 0; k < 3; k++) image.data[4 * at + k] = page[k] + share * (own[k] - page[k]);
      image.data[4 * at + 3] = 255;
    });
    smallPen.putImageData(image, 0, 0);
    pen.drawImage(small, 0, 0, side, side);
  }

  /* Points of the grid are the middles of its cells. */
  function lines(frame, color) {
    pen.strokeStyle = color;
    pen.lineWidth = 4;
    pen.lineJoin = "round";
    for (const line of frame.lines) {
      pen.beginPath();
      for (let k = 0; k < line.length; k += 2) {
        pen.lineTo((line[k] / data.fine + 0.5) / wide * side, side - (line[k + 1] / data.fine + 0.5) / tall * side);
      }
      pen.stroke();
    }
  }

  const shapes = [
    (x, y) => pen.arc(x, y, 8, 0, 2 * Math.PI),
    (x, y) => pen.rect(x - 7, y - 7, 14, 14),
    (x, y) => { pen.moveTo(x, y - 9); pen.lineTo(x + 9, y + 7); pen.lineTo(x - 9, y + 7); pen.closePath(); },
    (x, y) => { pen.moveTo(x, y - 10); pen.lineTo(x + 10, y); pen.lineTo(x, y + 10); pen.lineTo(x - 10, y); pen.closePath(); },
  ];

  function points(colors) {
    const [page, , ...classes] = colors;
    data.rows.forEach((group, place) => {
      for (const [across, up, which] of group) {
        pen.beginPath();
        shapes[which]((across * (wide - 1) + 0.5) / wide * side, side - (up * (tall - 1) + 0.5) / tall * side);
        pen.fillStyle = place === 0 ? classes[which] : page;
        pen.strokeStyle = place === 0 ? page : classes[which];
        pen.lineWidth = place === 0 ? 1.5 : 3.5;
        pen.fill();
        pen.stroke();
      }
    });
  }

  async function show() {
    const at = Number(slider.value), frame = data.frames[at];
    const told = `Epoch ${frame.epoch}${frame.losses ? ": " + frame.losses : ""}`;
    epoch.textContent = frame.epoch;
    losses.textContent = frame.losses;
    words.textContent = frame.words;
    slider.setAttribute("aria-valuetext", told);
    picture.setAttribute("aria-label", `${told}. ${frame.words}`);
    const bytes = await codes;
    if (Number(slider.value) !== at) return;
    const colors = data.colors[dark.matches ? "dark" : "light"];
    surface(bytes[at], colors);
    lines(frame, colors[1]);
    points(colors);
    picture.dataset.epoch = frame.epoch;
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    play.textContent = "Play";
  }

  function step() {
    if (Number(slider.value) >= data.frames.length - 1) return stop();
    slider.value = Number(slider.value) + 1;
    show();
  }

  play.addEventListener("click", () => {
    if (timer !== null) return stop();
    if (Number(slider.value) >= data.frames.length - 1) slider.value = 0;
    play.textContent = "Pause";
    timer = setInterval(step, PAUSE);
    show();
  });
  slider.addEventListener("input", () => { stop(); show(); });
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || event.target === play) return;
    event.preventDefault();
    play.click();
  });
  dark.addEventListener("change", show);
  show();
})();
