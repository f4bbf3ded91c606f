"""The moving picture of the what-if lab in README.md: the lab as one file, driven in Chromium, frame by frame.

`PYTHONPATH=tests python -m helpers.moving_picture` writes notebooks/images/lab-moving.png, an animated PNG: a mark
painted, another one erased, and a contact cut. The gene is the one that the lab opens with, and it is simulated.
"""

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image

from helpers import whatif_driver as driver
from helpers.lab import browsing

OUT = Path(__file__).parents[2] / "notebooks" / "images" / "lab-moving.png"
WIDTH = 1100  # px of the window
STILL, MOVING = 1600, 120  # ms that a frame is seen: one to be read, one of a movement
HAND = """() => {
    const hand = document.createElement('div');
    const look = {position: 'fixed', width: '16px', height: '16px', borderRadius: '50%', zIndex: 9999,
        pointerEvents: 'none', background: 'rgba(0, 0, 0, 0.35)', border: '2px solid black', margin: '-10px 0 0 -10px'};
    Object.assign(hand.style, look);
    document.body.append(hand);
    addEventListener('pointermove', (e) => {
        hand.style.left = `${e.clientX}px`;
        hand.style.top = `${e.clientY}px`;
    }, true);
}"""


class Camera:
    """Takes frames of the lab in a page; `frames` are pictures and how long each is seen, in ms."""

    def __init__(self, page):
        self.page, self.frames = page, []
        box = page.locator(".cl-whatif").bounding_box()  # kept: a browser shows nothing if one frame is a pixel larger
        self.box = {name: round(value) for name, value in box.items()}

    def look(self, duration: int = MOVING) -> None:
        """Take a frame once everything that was asked is answered."""
        driver.rest(self.page)
        self.shoot(duration)

    def shoot(self, duration: int) -> None:
        """Take a frame as soon as the page has drawn what it knows."""
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        shot = self.page.screenshot(clip=self.box)
        self.frames.append((Image.open(io.BytesIO(shot)).convert("RGB"), duration))

    def stroke(self, mark: int, start: float, end: float, height: float) -> None:
        """Drag along a mark's track, between two places of the window (0 to 1), and look on the way."""
        places = self.page.evaluate(driver.PLACES)
        window = next(c for c in places["columns"] if not c["index"])
        track = places["marks"][mark]
        y = track["y"] + (1 - height) * track["h"]
        x = [window["x"] + window["w"] * (start + (end - start) * step / 8) for step in range(9)]
        self.page.mouse.move(x[0], y)
        self.look()
        self.page.mouse.down()
        for place in x[1:]:
            self.page.mouse.move(place, y, steps=4)
            self.page.wait_for_function(driver.ANSWERED)  # to this movement; the stroke goes on
            self.shoot(MOVING)
        self.page.mouse.up()
        self.look(STILL)

    def click(self, x: float, y: float) -> None:
        """Go there, press, and look at what came of it."""
        self.page.mouse.move(x, y)
        self.look(MOVING * 4)
        self.page.mouse.click(x, y)
        self.look(STILL)

    def take(self, tool: str) -> None:
        """Take a tool from the bar."""
        self.page.get_by_role("button", name=tool).click()

    def save(self, path: Path) -> None:
        """Write an animated PNG that goes round for ever; what stands still between two frames is stored once."""
        first, *rest = [picture for picture, _ in self.frames]
        durations = [duration for _, duration in self.frames]
        first.save(path, save_all=True, append_images=rest, duration=durations, loop=0, optimize=True)


def play(page) -> Camera:
    """The film: marks are counted from the top, so 5 is H3K27ac and 1 is H3K4me3."""
    driver.rest(page)
    camera = Camera(page)
    page.evaluate(HAND)
    camera.look(STILL)
    camera.stroke(5, 0.44, 0.62, 0.85)
    camera.take("Erase")
    camera.stroke(1, 0.40, 0.58, 0.5)
    camera.click(*max(page.evaluate(driver.PLACES)["arcs"]))
    return camera


def main() -> None:
    """Save the lab, play, and write the picture."""
    import chromolab as cl

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    lab = cl.WhatIf()
    with tempfile.TemporaryDirectory() as folder, browsing(chromium) as page:
        gene = lab.gene.genes.iloc[0]["gene_id"]
        path = lab.save_page(Path(folder) / "lab.html", genes=[gene], progress=False)
        page.unroute("**/*")
        page.set_viewport_size({"width": WIDTH, "height": 1000})
        page.goto(path.as_uri())
        camera = play(page)
    camera.save(OUT)
    print(f"{OUT}: {len(camera.frames)} frames, {OUT.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
