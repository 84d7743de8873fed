"""One person at one browser: goes from screen to screen, and looks at each."""

from axe_playwright_python.sync_playwright import Axe
from tadarag_studio.words import in_language

STREAMLIT_S_OWN: dict[str, str] = {}
"""Rules of axe that streamlit's own parts break and that no page of ours can mend, each with its reason."""


class Visit:
    """A page in one language, width and colour scheme; what axe finds, and what leaves this computer, is kept."""

    def __init__(self, browser, address, shots, *, language="en", width=1280, scheme="light"):
        self.language, self.width, self.address = language, width, address
        self.name = f"{language}-{width}-{scheme}"
        self._shots = shots
        self._context = browser.new_context(
            viewport={"width": width, "height": 820 if width > 600 else 780},
            locale={"en": "en-GB", "zh": "zh-CN"}[language],
            color_scheme=scheme,
        )
        self.page = self._context.new_page()
        self.page.set_default_timeout(60_000)
        self.violations, self.outside, self.dialogs, self.clicks, self.uploads = [], [], [], 0, 0
        self.page.on("request", lambda request: self.outside.append(request.url) if is_outside(request.url) else None)
        self.page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))

    def __enter__(self):
        self.page.goto(self.address)
        self.on("documents")
        return self

    def __exit__(self, *error):
        if error[0] is not None:
            self.page.screenshot(path=self._shots / f"failed-{self.name}.png", full_page=True)
        self._context.close()

    def say(self, key, **values):
        return in_language(self.language, key, **values)

    def on(self, name):
        """Wait until a page is drawn."""
        self.page.locator(".page-head h1", has_text=self.say(name)).wait_for()
        self.rest()

    def rest(self):
        """Wait until streamlit has nothing more to draw."""
        self.page.wait_for_timeout(300)
        self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
        self.page.wait_for_timeout(400)

    def go(self, name):
        """Turn to another page by the navigation; on a phone it is opened for that."""
        if self.width < 600:
            self.page.locator('[data-testid="stExpandSidebarButton"]').click()
        self.page.get_by_role("link", name=self.say(name), exact=True).click()
        self.on(name)
        if self.width < 600 and self.page.locator('[data-testid="stSidebarCollapseButton"] button').is_visible():
            self.page.locator('[data-testid="stSidebarCollapseButton"] button').click()
            self.page.wait_for_timeout(400)

    def press(self, key, **values):
        """Press a button by its words."""
        self.clicks += 1
        self.page.get_by_role("button", name=self.say(key, **values)).first.click()

    def drop(self, *files):
        """Add files, and wait until the field is empty again: they are kept, and being read."""
        self.uploads += 1
        self.page.set_input_files('input[type="file"]', [str(file) for file in files])
        self.page.locator(f".st-key-upload-{self.uploads}").wait_for()

    def upload(self, *files):
        """Add files and wait until they are read."""
        self.drop(*files)
        for file in files:
            self.page.locator(".file", has_text=file.name).locator(".chip:not(.waiting)").wait_for(timeout=180_000)
        self.page.locator(".st-key-reading").wait_for(state="hidden")
        self.rest()

    def ask(self, question):
        """Type a question and wait for its answer."""
        self.page.get_by_test_id("stChatInputTextArea").fill(question)
        self.page.keyboard.press("Enter")
        self.page.get_by_text(self.say("feedback")).last.wait_for()
        self.rest()

    def look(self, screen):
        """Keep a picture of the screen and what axe says of it; nothing may stick out sideways."""
        self.page.screenshot(path=self._shots / f"{screen}-{self.name}.png")
        found = Axe().run(self.page).response["violations"]
        self.violations += [
            (screen, one["id"], one["nodes"][0]["html"][:200])
            for one in found
            if one["impact"] in ("serious", "critical") and one["id"] not in STREAMLIT_S_OWN
        ]
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{screen} is wider than the window"


def is_outside(url):
    """Whether a request leaves this computer."""
    return not url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:", "about:"))
