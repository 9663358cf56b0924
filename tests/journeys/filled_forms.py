"""A form as the browser shows it, and what would be sent if somebody pressed its button."""

import re
from html import unescape

from django.test import Client


def form(client: Client, path: str) -> dict[str, str]:
    """The boxes of the page's main part with what they hold."""
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    html = answer.content.decode()
    main = html[html.index("<main") : html.index("</main>")]
    said: dict[str, str] = {}
    for box in re.findall(r"<input[^>]*>", main):
        name, value = re.search(r'name="([^"]+)"', box), re.search(r'value="([^"]*)"', box)
        if name and name[1] != "csrfmiddlewaretoken" and ('type="radio"' not in box or " checked" in box) and 'type="file"' not in box:
            said[name[1]] = unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]+)".*?>(.*?)</select>', main, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        said[name] = chosen[1] if chosen else ""
    return said
