# SPDX-License-Identifier: GPL-2.0-or-later
"""Chromium without a screen, by chromedriver's protocol (WebDriver), with
nothing but Python's own library."""
import base64
import json
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request

# Nothing of these talks to anybody, and no name is ever looked up.
ARGUMENTS = """--headless --no-sandbox --disable-gpu --disable-quic
--no-first-run --disable-background-networking --disable-component-update
--disable-sync --disable-dev-shm-usage --hide-scrollbars""".split() + [
    "--host-resolver-rules=MAP * ~NOTFOUND"]


class Browser:
    """One browser with a profile of its own; a context manager."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="watcher-browser.")
        self.driver = None
        self.session = None
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def start(self):
        """Starts the driver, which says its port, and the browser."""
        self.driver = subprocess.Popen(
            ["chromedriver", "--port=0"], stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True)
        for line in self.driver.stdout:
            if "successfully on port" in line:
                self.url = "http://127.0.0.1:%d" % int(
                    line.rsplit("port", 1)[1].strip(" .\n"))
                break
        else:
            raise RuntimeError("chromedriver did not start")
        options = {"args": ARGUMENTS + ["--user-data-dir=" + self.folder]}
        answer = self.ask("POST", "/session", {"capabilities": {
            "alwaysMatch": {
                "goog:chromeOptions": options,
                "goog:loggingPrefs": {"performance": "ALL",
                                      "browser": "ALL"}}}})
        self.session = "/session/" + answer["sessionId"]
        # What the browser itself began with is forgotten.
        self.post("/url", url="about:blank")
        self.log("performance")

    def __exit__(self, *_):
        if self.session:
            try:
                self.ask("DELETE", self.session)
            except OSError:
                pass
        if self.driver:
            self.driver.terminate()
            self.driver.wait()
            self.driver.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, method, path, body=None):
        """One call of the protocol; the value of its answer."""
        request = urllib.request.Request(
            self.url + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"})
        # Never by way of a site's proxy.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise RuntimeError(error.read().decode()) from error

    def post(self, path, **body):
        """A call within the session."""
        return self.ask("POST", self.session + path, body)

    def cdp(self, command, **params):
        """A command of Chromium's own protocol."""
        return self.post("/goog/cdp/execute", cmd=command, params=params)

    def screen(self, width, scheme="light", height=900, phone=False):
        """Makes the screen that wide, its colours light or dark."""
        self.cdp("Emulation.setDeviceMetricsOverride", width=width,
                 height=height, deviceScaleFactor=1, mobile=phone)
        self.cdp("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": scheme}])

    def open(self, path):
        """Loads a file."""
        self.post("/url", url="file://" + path)

    def run(self, script, *args):
        """What a function's body returns on the page."""
        return self.post("/execute/sync", script=script, args=list(args))

    def log(self, kind):
        """What was logged since it was last asked for."""
        return self.post("/se/log", type=kind)

    def shot(self, top=0, height=None):
        """A picture of the page, or of a part of it, as PNG."""
        size = self.cdp("Page.getLayoutMetrics")["cssContentSize"]
        height = min(height or size["height"], size["height"] - top)
        return base64.b64decode(self.cdp(
            "Page.captureScreenshot", captureBeyondViewport=True,
            clip={"x": 0, "y": top, "width": size["width"],
                  "height": height, "scale": 1})["data"])

    def paper(self):
        """The page printed, as PDF."""
        return base64.b64decode(self.post(
            "/print", page={"width": 21.0, "height": 29.7},
            background=False))
