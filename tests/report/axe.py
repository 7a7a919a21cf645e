"""Run axe-core on a page in headless Chromium: what it finds, with neither a driver nor a network.

The page is copied with axe inside it (and without the policy that forbids scripts); what axe finds
is read from the document after it has run.
"""

import html
import json
import re
import shutil
import subprocess
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def browser():
    """Return the path of a browser, or None."""
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)


def violations(page, axe, folder, size="1280,2000"):
    """Return what axe finds wrong in a page, with the places.

    Parameters
    ----------
    page
        The HTML.
    axe
        Path of axe.min.js.
    folder
        For the copy and the browser's own files.
    size
        Of the window in pixels.
    """
    script = Path(axe).read_text(encoding="utf-8")
    run = (
        "axe.run(document).then(r => {const d = document.createElement('div'); d.id = 'axe';"
        "d.textContent = JSON.stringify(r.violations.map(v => [v.id, v.help, "
        "v.nodes.map(n => n.html.slice(0, 200))])); document.body.append(d);});"
    )
    opened = re.sub(r"<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "", page)
    opened = opened.replace("<details>", "<details open>")
    copy = Path(folder) / "axe.html"
    tail = f"<script>{script}</script><script>{run}</script></body>"
    copy.write_text(opened.replace("</body>", tail), encoding="utf-8")
    dom = dump(copy, folder, size)
    found = re.search(r'<div id="axe">(.*?)</div>', dom, re.DOTALL)
    assert found is not None, "axe did not finish"
    return json.loads(html.unescape(found.group(1)))


def dump(path, folder, size="1280,2000"):
    """Return the document of a page as the browser sees it after its scripts have run."""
    command = [browser(), "--headless=new", "--no-sandbox", "--disable-gpu"]
    command += [f"--user-data-dir={folder}/browser", f"--window-size={size}"]
    command += ["--virtual-time-budget=20000", "--dump-dom", f"file://{path}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout
