"""What the site says, in the language of the page: sentences for codes and facts, labels, and the texts of the help page.

One file for each vertical. `say` finds the sentences of all of them, because importing this package imports every file in it.
"""

from importlib import import_module
from pkgutil import iter_modules

from s2s.words.sentences import Said, say

for _file in iter_modules(__path__):
    import_module(f"{__name__}.{_file.name}")

__all__ = ["Said", "say"]
