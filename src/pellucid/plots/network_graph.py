"""A network drawing as a graph of the library networkx, an optional extra."""

from __future__ import annotations

from typing import Any

from ..errors import MissingExtraError
from .network_records import NetworkLayout
from .wrong_record import expect


def to_networkx(layout: NetworkLayout) -> Any:
    """A `networkx.DiGraph` of what `lay_out_network` laid out; all units with its `most_units=None`.

    Nodes carry `label`, `kind`, `layer`, `unit`, `function`, `value` and `pos` (x, y in points), edges `weight` where
    something is multiplied. Raises `MissingExtraError` without networkx. Lesson line 19.
    """
    expect(layout, NetworkLayout, "plots.lay_out_network")
    try:
        import networkx
    except ImportError:
        raise MissingExtraError(
            "a graph needs the package networkx; install it with: pip install 'pellucid[lessons]'"
        ) from None
    graph = networkx.DiGraph(title=layout.title)
    for node in layout.nodes:
        graph.add_node(
            node.name,
            label=node.label or node.name,
            kind=node.kind,
            layer=node.layer,
            unit=node.unit,
            function=node.function,
            value=node.value,
            pos=tuple(node.at),
        )
    for edge in layout.edges:
        known = {} if edge.weight is None else {"weight": edge.weight}
        graph.add_edge(edge.source, edge.target, **known)
    return graph
