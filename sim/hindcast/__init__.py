"""The hindcast: the model forecasts years that have passed, and is scored beside regressions that know as much.

A world is built from the public data as they were at the end of a year, the origin; it runs, without events, for some
years; what it says of disputes, of the tone and volume of relations, of votes and of pacts is compared with what came, and
with rivals that need no simulation. Nothing dated after the origin reaches the model or a rival. ``python -m sim hindcast``
does it; docs/validation.md shows what came out.

:mod:`.origin` what is known, :mod:`.world` and :mod:`.forecast` the model, :mod:`.regression` the rivals' means,
:mod:`.disputes`, :mod:`.relations`, :mod:`.votes`, :mod:`.pacts`, :mod:`.moments` one file a target, :mod:`.scores`
what is counted, :mod:`.study` all of it, :mod:`.page` the document, :mod:`.faces` expectations of a built-in scenario,
:mod:`.record` how each version scored, and the sentence that every output ends with.
"""
