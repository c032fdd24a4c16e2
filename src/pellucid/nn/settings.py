"""Parts with knobs: read and set them by name, write them as plain values, build a part from its name.

`get_params` and `set_params` follow scikit-learn, so that such a part can be cloned and searched inside an
estimator (`optimizer__beta_2`, `optimizer__schedule__every`).
"""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

from ..errors import SpecError, nearest
from ..records import plain


class Settings:
    """Base of dataclasses whose fields are knobs. Arguments are kept as they are; `check` looks at them at
    use.

    `limits` gives the half-open interval [low, high) of a knob.
    """

    name: ClassVar[str] = ""
    limits: ClassVar[Mapping[str, tuple[float, float]]] = {}

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """All knobs by name; with `deep` also those of parts inside, as `part__knob`."""
        knobs: dict[str, Any] = {}
        for name in (f.name for f in dataclasses.fields(self)):  # type: ignore[arg-type]
            value = knobs[name] = getattr(self, name)
            if deep and isinstance(value, Settings):
                knobs |= {f"{name}__{inner}": v for inner, v in value.get_params().items()}
        return knobs

    def set_params(self, **params: Any) -> Self:
        """Change knobs by name (`part__knob` for a part inside); raises `SpecError` for an unknown name."""
        known = self.get_params(deep=False)
        inside = [name for name in params if "__" in name]
        for name in (
            *(name for name in params if "__" not in name),
            *inside,
        ):  # parts first, then their knobs
            part, _, knob = name.partition("__")
            if part not in known:
                raise SpecError(f"{type(self).__name__} has no setting {part!r}{nearest(part, known)}")
            if not knob:
                setattr(self, name, params[name])
            elif isinstance(getattr(self, part), Settings):
                getattr(self, part).set_params(**{knob: params[name]})
            else:
                raise SpecError(f"{name!r}: {part} is {getattr(self, part)!r} and has no settings of its own")
        return self

    def check(self) -> Self:
        """Raise `SpecError` where a knob lies outside its limits."""
        for name, (low, high) in self.limits.items():
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value < high:
                raise SpecError(f"{name} of {type(self).__name__} must lie in [{low:g}, {high:g}), got {value!r}")
        return self

    def to_dict(self) -> dict[str, Any]:
        """Name and knobs as plain values."""
        knobs = {k: v.to_dict() if isinstance(v, Settings) else plain(v) for k, v in self.get_params(False).items()}
        return {"name": self.name, **knobs} if self.name else knobs


def build(what: str, known: Mapping[str, Callable[..., Any]], given: str | Mapping[str, Any]) -> Any:
    """What the maker in `known` makes that `given` names: "adam", or {"name": "adam", "beta_2": 0.95}."""
    maker, settings = look_up(what, known, given)
    return maker(**settings)


def look_up(
    what: str, known: Mapping[str, Callable[..., Any]], given: str | Mapping[str, Any]
) -> tuple[Callable[..., Any], dict[str, Any]]:
    """The maker that `given` names, and its settings.

    Raises `SpecError` with the nearest right word for unknown names and settings.
    """
    if not isinstance(given, (str, Mapping)):
        raise SpecError(f"{what} must be a name, a dict with a name, or an object of that kind, got {given!r}")
    settings = {} if isinstance(given, str) else dict(given)
    name = given if isinstance(given, str) else settings.pop("name", None)
    if name not in known:
        raise SpecError(f"no {what} {name!r}{nearest(str(name), known)}")
    if not settings:
        return known[name], settings
    parameters = inspect.signature(known[name]).parameters.values()
    accepted = [p.name for p in parameters if p.default is not inspect.Parameter.empty]
    for setting in settings:
        if setting not in accepted:
            raise SpecError(f"{what} {name!r} has no setting {setting!r}{nearest(setting, accepted)}")
    return known[name], settings
